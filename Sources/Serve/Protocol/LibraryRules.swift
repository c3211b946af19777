import TreeIR

/// What a library's Python package makes of the containers that MLflow hands it: whether it
/// takes them, and which numbers it sees.
///
/// The rules are those of LightGBM's `Booster.predict`. Models of other libraries go by the
/// same rules until theirs are written down here, but for the dictionaries of pandas, which
/// are LightGBM's own.
struct LibraryRules: Sendable {
  /// Whether frames need columns of pandas' type `category`, which no body can make: so it
  /// is where the model was trained on such columns.
  let needsCategoryColumns: Bool

  init(_ model: TreeModel) {
    needsCategoryColumns =
      model.provenance.library == "LightGBM"
      && model.input.columns.contains { column in
        if case .dictionary = column.kind { true } else { false }
      }
  }

  /// Whether a pandas column made of such cells holds numbers. If it does not, its type is
  /// `object` or `str`, which LightGBM refuses.
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

  /// How a NumPy array whose cells are `kinds` becomes numbers.
  ///
  /// Source: NumPy's promotion of types. LightGBM takes arrays of `float64` as they are and
  /// converts all others to `float32`.
  func conversion(ofArray kinds: Frame.Kinds) -> ArrayConversion {
    let isObject = !kinds.isDisjoint(with: [.null, .nested, .hugeInteger])
    if !kinds.isDisjoint(with: [.nested, .unusable]) { return .refused }
    if isObject { return .roundsToFloat }
    if kinds.contains(.text) {
      return kinds.contains(.boolean) ? .refused : .roundsToFloat
    }
    let isFraction =
      kinds.contains(.fraction) || kinds.contains([.unsignedInteger, .integer])
    if isFraction { return .none }
    return kinds.isDisjoint(with: [.wideInteger, .unsignedInteger])
      ? .roundsToFloat : .roundsIntegersToFloat
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
