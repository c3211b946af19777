import TextCodec
import TreeIR

/// What a model says of its classes: `class_params`, or `multiclass_params` in old files.
struct CatBoostClasses {
  private enum Key: Int, FileKey {
    case labelType
    case names
    case positions
    case count

    var text: StaticString {
      switch self {
      case .labelType: "class_label_type"
      case .names: "class_names"
      case .positions: "class_to_label"
      case .count: "classes_count"
      }
    }
  }

  private var names: [CategoryValue] = []
  /// For each score, the class that it is of.
  private var positions: [Double] = []
  private var declaredCount = 0
  var place = SourcePlace()

  /// Reads the object that is the next value; other keys are skipped.
  @_lifetime(json: copy json)
  static func read(_ json: inout SourceJSONReader) throws(Fault) -> CatBoostClasses {
    var classes = CatBoostClasses()
    var type = ""
    try json.enterObject()
    while let name = try json.nextKey() {
      switch Key.matching(name.rawBytes, after: nil) {
      case .labelType: type = try json.readString()
      case .names: classes.names = try readLabels(&json)
      case .positions: try json.readDoubles(into: &classes.positions)
      case .count: classes.declaredCount = try json.readInt()
      case nil: try json.skipValue()
      }
    }
    if type == "Float" {
      // JSON writes a whole number as such, whatever its type.
      classes.names = classes.names.map {
        if case .integer(let number) = $0 { .double(Double(number)) } else { $0 }
      }
    }
    return classes
  }

  @_lifetime(json: copy json)
  private static func readLabels(
    _ json: inout SourceJSONReader
  ) throws(Fault) -> [CategoryValue] {
    var labels: [CategoryValue] = []
    try json.enterArray()
    while try json.nextElement() {
      let offset = json.position
      switch try json.peekKind() {
      case .string: labels.append(.string(try json.readString()))
      case .bool: labels.append(.boolean(try json.readBool()))
      default:
        let text = try json.readRawValue()
        var end = 0
        if let whole = DecimalParser.parseInt64(text, at: &end), end == text.count {
          labels.append(.integer(whole))
        } else if let number = Double(decimalText: text) {
          labels.append(.double(number))
        } else {
          throw Fault(
            .malformed, at: offset, key: Key.names.name,
            "\(quoted(text)) should be a class: text, a number, true or false")
        }
      }
    }
    return labels
  }

  /// Whether there is one class only.
  var isSingle: Bool { names.count == 1 }

  /// Where the scores of a model of several classes stand among all classes: those that training
  /// has not met have no score. Nil where every class has one.
  ///
  /// Source: `MakeExternalApprox` in CatBoost's `libs/eval_result/eval_helpers.cpp`.
  func positions(scoreCount: Int, limits: Limits) throws(Fault) -> [Int?]? {
    let count = max(declaredCount, names.count)
    let isPermuted =
      count == scoreCount && !names.isEmpty && !positions.isEmpty
      && positions != (0..<scoreCount).map(Double.init)
    guard count > scoreCount || isPermuted else { return nil }
    guard count <= limits.outputs, positions.count == scoreCount else {
      throw place.fault(
        .invalid,
        "\(count) classes, and \(positions.count) elements of class_to_label for "
          + "\(scoreCount) scores")
    }
    var scores = [Int?](repeating: nil, count: count)
    for (score, position) in positions.enumerated() {
      guard let position = Int(exactly: position), scores.indices.contains(position),
        scores[position] == nil
      else {
        throw place.fault(
          .invalid,
          "class_to_label has \(position), which is none of \(count) classes or twice there")
      }
      scores[position] = score
    }
    return scores
  }

  /// The labels of `count` classes.
  ///
  /// Source: `GetModelClassLabels` in CatBoost's `libs/model/model.cpp`.
  func labels(count: Int) throws(Fault) -> [CategoryValue] {
    if names.isEmpty {
      let numbers =
        declaredCount > 0 || positions.isEmpty ? (0..<count).map(Double.init) : positions
      guard numbers.count == count, let labels = Self.integers(numbers) else {
        throw place.fault(.invalid, "class_to_label has not \(count) whole numbers")
      }
      return labels
    }
    guard names.count == count else {
      throw place.fault(.invalid, "\(names.count) class_names for \(count) classes")
    }
    return names
  }

  private static func integers(_ numbers: [Double]) -> [CategoryValue]? {
    let labels = numbers.compactMap { Int64(exactly: $0.rounded(.towardZero)) }
    return labels.count == numbers.count ? labels.map { .integer($0) } : nil
  }
}
