/// What the value that begins at a place in a JSON text is.
public enum JSONKind: String, Sendable {
  case object, array, string, number, bool, null
}

/// Why a JSON text was refused, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    /// The text ends within a value.
    case unexpectedEnd
    /// The byte at the offset cannot stand there.
    case unexpectedByte(UInt8, expected: String)
    /// A value of another kind than the one that was asked for.
    case wrongKind(JSONKind, expected: JSONKind)
    /// What begins like a number is none, such as `01` or `1.`.
    case invalidNumber
    /// The number has a fraction or an exponent where an integer was asked for.
    case notAnInteger
    /// The integer does not fit the type that was asked for.
    case integerOutOfRange
    /// A backslash in a string is not followed by one of JSON's escapes.
    case invalidEscape
    /// A `\u` escape is one half of a surrogate pair without the other.
    case loneSurrogate
    /// A byte below 0x20 in a string that should have been escaped.
    case controlCharacter(UInt8)
    /// A string is not well-formed UTF-8.
    case invalidUTF8
    /// A string is longer than the limit, in bytes.
    case stringTooLong(limit: Int)
    /// More containers are open than the limit.
    case tooDeep(limit: Int)
    /// The text goes on after its value.
    case trailingBytes
    /// The reader was asked for something that its state has none of, such as a value
    /// before ``JSONReader/nextElement()``: a fault of the program, not of the text.
    case callOutOfOrder
  }

  public let kind: Kind
  /// The offset of the offending byte from the start of the text.
  public let offset: Int

  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// Line and column of the error, given the text that was read.
  public func location(in text: Span<UInt8>) -> TextLocation {
    TextLocation(of: offset, in: text)
  }

  public var description: String { "\(message) at byte \(offset)" }

  /// What is wrong, without the place.
  public var message: String {
    switch kind {
    case .unexpectedEnd:
      "the JSON text ends too early"
    case .unexpectedByte(let byte, let expected):
      "expected \(expected), found \(Self.shown(byte))"
    case .wrongKind(let found, let expected):
      "expected a value of kind \(expected.rawValue), found \(found.rawValue)"
    case .invalidNumber:
      "not a JSON number"
    case .notAnInteger:
      "expected an integer, found a number with a fraction or an exponent"
    case .integerOutOfRange:
      "the integer is out of range"
    case .invalidEscape:
      "a backslash must be followed by one of \"\\/bfnrt or u and four hexadecimal digits"
    case .loneSurrogate:
      "a surrogate in a string has no other half"
    case .controlCharacter(let byte):
      "the control character \(Self.shown(byte)) in a string must be escaped"
    case .invalidUTF8:
      "a string is not UTF-8"
    case .stringTooLong(let limit):
      "a string is longer than the limit of \(limit) bytes"
    case .tooDeep(let limit):
      "objects and arrays are nested deeper than the limit of \(limit)"
    case .trailingBytes:
      "expected the end of the text"
    case .callOutOfOrder:
      "the reader was called out of order"
    }
  }

  private static func shown(_ byte: UInt8) -> String {
    if (0x21...0x7E).contains(byte) { return "'\(Unicode.Scalar(byte))'" }
    let digits = String(byte, radix: 16, uppercase: true)
    return "byte 0x\(digits.count == 1 ? "0" : "")\(digits)"
  }
}
