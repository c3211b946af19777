import TextCodec
import TreeIR

/// Reads `cats`: for each column the categories in the order of their codes, as XGBoost keeps
/// them from 3.1 on where a model was trained on a data frame.
enum XGBoostCategories {
  /// The numbers by which XGBoost tells its arrays of integers apart. In UBJSON both kinds of
  /// 16 and of 32 bits have the same type, so that large unsigned ones seem negative.
  ///
  /// Source: `Value::ValueKind` of `include/xgboost/json.h`.
  private enum IntegerType: Int {
    case int8 = 9
    case uint8 = 10
    case int16 = 11
    case uint16 = 12
    case int32 = 13
    case uint32 = 14
    case int64 = 15

    /// The category that `stored` is, or nil if it can be none of this type.
    func value(_ stored: Int64) -> Int64? {
      switch self {
      case .int8: Int8(exactly: stored).map(Int64.init)
      case .uint8: Self.unsigned(stored, as: UInt8.self)
      case .int16: Int16(exactly: stored).map(Int64.init)
      case .uint16: Self.unsigned(stored, as: UInt16.self)
      case .int32: Int32(exactly: stored).map(Int64.init)
      case .uint32: Self.unsigned(stored, as: UInt32.self)
      case .int64: stored
      }
    }

    private static func unsigned<Integer: FixedWidthInteger & UnsignedInteger>(
      _ stored: Int64, as type: Integer.Type
    ) -> Int64? {
      guard stored <= Integer.max, stored >= -(Int64(Integer.max) / 2 + 1) else { return nil }
      return Int64(Integer(truncatingIfNeeded: stored))
    }
  }

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
    var type = IntegerType.int64
    let keys = try document.readMembers(requiring: [.values]) {
      (key: XGBoostDictionaryKey, document: inout Document) throws(Fault) in
      switch key {
      case .offsets: try document.readIntegers(into: &offsets)
      case .type: type = try readType(&document)
      case .values: try document.readIntegers(into: &values)
      }
    }
    guard keys.contains(.offsets) else { return try integers(values, type, at: start) }
    return try texts(offsets, values, at: start)
  }

  private static func readType<Document: DocumentReader & ~Escapable>(
    _ document: inout Document
  ) throws(Fault) -> IntegerType {
    let offset = document.position
    let number = try document.readInteger()
    guard let type = IntegerType(rawValue: number) else {
      throw Fault(
        .unsupported, at: offset,
        "categories of type \(number); signed integers (9, 11, 13, 15) and unsigned ones of up "
          + "to 32 bits (10, 12, 14) are known", remedy: Remedy.newerTreec)
    }
    return type
  }

  private static func integers(
    _ values: [Int64], _ type: IntegerType, at start: Int
  ) throws(Fault) -> [CategoryValue] {
    var categories: [CategoryValue] = []
    for stored in values {
      guard let value = type.value(stored) else {
        throw Fault(
          .invalid, at: start, key: "values",
          "the category \(stored) is no integer of type \(type.rawValue)")
      }
      categories.append(.integer(value))
    }
    return categories
  }

  private static func texts(
    _ offsets: [Int], _ values: [Int64], at start: Int
  ) throws(Fault) -> [CategoryValue] {
    let bytes = values.map { UInt8(truncatingIfNeeded: $0) }
    guard values.allSatisfy({ (-128...255).contains($0) }) else {
      throw Fault(.invalid, at: start, key: "values", "an element is no byte")
    }
    guard offsets.first ?? 0 == 0, offsets.last ?? 0 == bytes.count else {
      throw Fault(
        .invalid, at: start, key: "offsets",
        "the categories should be all of the \(bytes.count) bytes")
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
          .invalid, at: start, key: "values",
          "category \(texts.count) is not UTF-8; XGBoost 3.1 to 3.3 save names that are not "
            + "ASCII wrongly when they come from pandas",
          remedy: "Train with XGBoost 3.4 or later, or name the categories in ASCII")
      }
      texts.append(.string(text))
    }
    return texts
  }
}
