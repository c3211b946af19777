import TextCodec

/// JSON values as Python's messages speak of them.
enum PythonValue {
  /// The name of the next value's type: `int`, `float`, `str`, `bool`, `NoneType`, `list` or
  /// `dict`. The value stays unread.
  static func typeName(ofNext reader: JSONReader) throws(JSONError) -> String {
    var reader = reader
    switch try reader.peekKind() {
    case .object: return "dict"
    case .array: return "list"
    case .string: return "str"
    case .bool: return "bool"
    case .null: return "NoneType"
    case .number: return try reader.readNumber()?.form == .fraction ? "float" : "int"
    }
  }

  /// Reads a number, truth value or text, and gives it as Python's `repr` does; of a longer
  /// text the beginning.
  static func readScalar(_ reader: inout JSONReader) throws(JSONError) -> String {
    switch try reader.peekKind() {
    case .bool: return try reader.readBool() ? "True" : "False"
    case .string: return "'\(shown(try reader.readString()))'"
    default:
      let text = try reader.readRawValue()
      return shown(text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    }
  }

  /// The beginning of a text, fit to be shown.
  static func shown(_ text: some StringProtocol) -> String {
    beginning(of: text).escapingControlCharacters
  }

  /// As much of a text as a message repeats: of what a client sent, no message has more.
  static func beginning(of text: some StringProtocol) -> String {
    let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(40)))
    return start.utf8.count < text.utf8.count ? start + "…" : start
  }
}
