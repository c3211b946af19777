import TextCodec
import TreeIR

/// The JSON that LightGBM's Python package writes for pandas category columns: null, or one
/// list of values a column.
enum PandasCategories {
  /// Reads the value that comes next in `reader`; null is no list.
  static func read(_ reader: inout SourceJSONReader) throws(Fault) -> [[CategoryValue]] {
    if try reader.peekKind() == .null {
      try reader.readNull()
      return []
    }
    var dictionaries: [[CategoryValue]] = []
    do {
      try reader.enterArray()
      while try reader.nextElement() {
        var values: [CategoryValue] = []
        try reader.enterArray()
        while try reader.nextElement() {
          values.append(try readValue(&reader))
        }
        dictionaries.append(values)
      }
    } catch {
      throw error.inside("[\(dictionaries.count)]")
    }
    return dictionaries
  }

  private static func readValue(_ reader: inout SourceJSONReader) throws(Fault) -> CategoryValue {
    switch try reader.peekKind() {
    case .string: return .string(try reader.readString())
    case .bool: return .boolean(try reader.readBool())
    case .number: return try readNumber(&reader)
    case .object, .array, .null:
      throw Fault(
        .unsupported, at: reader.position,
        "a category must be a string, a number or a boolean",
        remedy: "Convert the column's categories to strings before training")
    }
  }

  /// Python writes floats with a point, an exponent or as a word, and integers without.
  private static func readNumber(
    _ reader: inout SourceJSONReader
  ) throws(Fault) -> CategoryValue {
    let offset = reader.position
    let text = try reader.readRawValue()
    var isInteger = true
    for index in 0..<text.count {
      let byte = text[index]
      isInteger = isInteger && (byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte))
    }
    if isInteger {
      var position = 0
      guard let value = DecimalParser.parseInt64(text, at: &position) else {
        throw Fault(
          .unsupported, at: offset, "the integer category does not fit 64 signed bits",
          remedy: "Convert the column's categories to strings before training")
      }
      return .integer(value)
    }
    guard let value = Double(decimalText: text), !value.isNaN else {
      throw Fault(.invalid, at: offset, "NaN cannot be a category")
    }
    return .double(value)
  }
}
