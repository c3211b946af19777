import TextCodec
import TreeIR

/// Reads `cats`: for each column the categories in the order of their codes, as XGBoost keeps
/// them from 3.1 on where a model was trained on a data frame.
enum XGBoostCategories {
  /// The numbers by which XGBoost tells arrays of integers apart; arrays of fractions, which it
  /// has numbers for too, it refuses to train on.
  ///
  /// Source: `Value::ValueKind` of `include/xgboost/json.h`.
  private static let integerTypes = 8...16

  /// One list a column, empty where it has no categories.
  static func read<Document: DocumentReader & ~Escapable>(
    _ document: inout Document
  ) throws(Fault) -> [[CategoryValue]] {
    var dictionaries: [[CategoryValue]] = []
    try document.readMembers {
      (key: XGBoostCategoriesKey, document: inout Document) throws(Fault) in
      guard key == .dictionaries else {
        try document.skipValue()
        return
      }
      try document.enterArray()
      while try document.nextElement() {
        do throws(Fault) {
          dictionaries.append(try readDictionary(&document))
        } catch {
          throw error.inside("[\(dictionaries.count)]")
        }
      }
    }
    return dictionaries
  }

  /// `{"offsets": [0, 1, 3], "values": [65, 66, 67]}` for A and BC, whose bytes may be signed,
  /// or `{"type": 14, "values": [3, 5]}` for integers.
  private static func readDictionary<Document: DocumentReader & ~Escapable>(
    _ document: inout Document
  ) throws(Fault) -> [CategoryValue] {
    let start = document.position
    var offsets: [Int] = []
    var values: [Int64] = []
    let keys = try document.readMembers {
      (key: XGBoostDictionaryKey, document: inout Document) throws(Fault) in
      switch key {
      case .offsets: try document.readIntegers(into: &offsets)
      case .type: _ = try document.readInteger()
      case .values: try document.readIntegers(into: &values)
      }
    }
    try keys.require(.values, at: start)
    guard keys.contains(.offsets) else { return values.map { .integer($0) } }
    return try texts(offsets, values, at: start)
  }

  private static func texts(
    _ offsets: [Int], _ values: [Int64], at start: Int
  ) throws(Fault) -> [CategoryValue] {
    let bytes = values.map { UInt8(truncatingIfNeeded: $0) }
    guard values.allSatisfy({ (-128...255).contains($0) }) else {
      throw Fault(.invalid, at: start, key: "values", "an element is no byte")
    }
    var texts: [CategoryValue] = []
    for (begin, end) in zip(offsets, offsets.dropFirst()) {
      guard begin >= 0, begin <= end, end <= bytes.count else {
        throw Fault(
          .invalid, at: start, key: "offsets",
          "category \(texts.count) is bytes \(begin) to \(end) of \(bytes.count)")
      }
      guard let text = String(validating: bytes[begin..<end], as: UTF8.self) else {
        throw Fault(
          .invalid, at: start, key: "values", "category \(texts.count) is not UTF-8")
      }
      texts.append(.string(text))
    }
    return texts
  }
}
