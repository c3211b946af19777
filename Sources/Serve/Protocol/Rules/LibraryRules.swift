import TreeIR

/// What a library's Python package makes of the containers that MLflow hands it: whether it
/// takes them, and which numbers it sees.
///
/// What is pandas' and NumPy's doing is here; what is the library's own is in an extension for
/// each. Models of libraries that have none go by LightGBM's rules.
struct LibraryRules: Sendable {
  /// The library, as messages call it.
  let library: String
  /// Whether frames need columns of pandas' type `category`, which no body can make.
  var needsCategoryColumns = false
  /// Whether the names of a frame are looked at, and must be ones that the library allows.
  var checksNames = false
  /// Whether the rows must have the names of the model's columns, which arrays have not.
  var needsNames = false
  /// How it makes names of labels that are no text.
  var labels = ColumnLabels.Style.joined
  /// Whether rows may lack columns at their end, which then are missing.
  var takesNarrowRows = false
  /// Whether a frame may have no rows; then there are no predictions.
  var takesEmptyFrames = false
  /// Whether a number may be infinite, once it is rounded to `Float`.
  var takesInfinity = true
  /// Whether a frame's column of integers is rounded straight to `Float`, not by way of
  /// `Double`.
  var roundsIntegerColumns = false
  /// Whether a number in a frame's column of categories is a code, as it is in arrays.
  var framesHoldCodes = false
  /// Whether an array of nothing but numbers and text is read as numbers.
  var takesArraysOfText = true
  /// Whether the library reads cell by cell what pandas and NumPy leave as Python objects: text
  /// that is a number, null, truth values, and categories.
  var readsObjects = false
  /// Whether a table of CSV may have no rows, too.
  var takesEmptyTables = false
  /// Whether the label of a row is a list of one.
  var listsLabels = false
  /// Whether columns have rules for cells of any type, in which neither pandas nor NumPy has a say.
  var readsFields = false

  init(library: String) {
    self.library = library
  }

  init(_ model: TreeModel) {
    if Self.hasFields(model) {
      self = .pmml
      return
    }
    switch model.provenance.library {
    case "XGBoost": self = .xgboost(model)
    case "CatBoost": self = .catboost(model)
    default: self = .lightgbm(model)
    }
  }

  /// Whether a pandas column made of such cells holds numbers. If it does not, its type is
  /// `object` or `str`, which the libraries refuse.
  ///
  /// Source: `maybe_convert_objects` of pandas. Null alone stays `None`; among numbers it is
  /// NaN; truth values stay such only among themselves.
  func takesFrameColumn(_ kinds: Frame.Kinds) -> Bool {
    if !kinds.isDisjoint(with: [.text, .nested, .hugeInteger, .unusable]) { return false }
    if kinds.contains([.unsignedInteger, .negativeInteger]) { return false }
    return kinds.contains(.boolean) ? kinds == .boolean : kinds != .null
  }

  /// Why a pandas column that holds no numbers does not, in words about its cells.
  func reason(against kinds: Frame.Kinds) -> String {
    if kinds == .null {
      return "there is nothing but null; a number that is missing is NaN"
    }
    if kinds.contains(.boolean) {
      return "true and false stand together with something else"
    }
    return "an integer is too large, or large ones stand together with negative ones"
  }

  /// Whether a pandas column of numbers is one of integers of which `Double` may not hold all.
  func isWideIntegerColumn(_ kinds: Frame.Kinds) -> Bool {
    let integers: Frame.Kinds = [.integer, .wideInteger, .unsignedInteger, .negativeInteger]
    return kinds.isSubset(of: integers)
      && !kinds.isDisjoint(with: [.wideInteger, .unsignedInteger]) && takesFrameColumn(kinds)
  }

  /// How a NumPy array whose cells are `kinds` becomes numbers.
  ///
  /// Source: NumPy's promotion of types. The libraries take arrays of `float64` as they are and
  /// convert all others to `float32`.
  func conversion(ofArray kinds: Frame.Kinds) -> ArrayConversion {
    let isObject = !kinds.isDisjoint(with: [.null, .nested, .hugeInteger])
    if !kinds.isDisjoint(with: [.nested, .unusable]) { return .refused }
    if isObject { return .roundsToFloat }
    if kinds.contains(.text) {
      return kinds.contains(.boolean) || !takesArraysOfText ? .refused : .roundsToFloat
    }
    let isFraction =
      kinds.contains(.fraction) || kinds.contains([.unsignedInteger, .integer])
    if isFraction { return .none }
    return kinds.isDisjoint(with: [.wideInteger, .unsignedInteger])
      ? .roundsToFloat : .roundsIntegersToFloat
  }

  /// Why an array whose cells are all numbers, or text that is one, is refused.
  var reasonAgainstArray: String {
    takesArraysOfText
      ? "The rows have both text and true or false."
      : "\(library) takes no text in an array; write numbers without quotation marks."
  }

  enum ArrayConversion {
    case none
    /// Each number is rounded to the nearest `Float`.
    case roundsToFloat
    /// Each integer is rounded to the nearest `Float`, not by way of `Double`.
    case roundsIntegersToFloat
    case refused
  }
}
