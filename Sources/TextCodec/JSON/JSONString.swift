/// A string of a JSON text, borrowed from it. It was checked when it was read.
public struct JSONString: ~Escapable {
  /// The bytes between the quotes as they are written; the content itself if
  /// ``hasEscapes`` is false.
  public let rawBytes: Span<UInt8>
  /// Whether any backslash is among ``rawBytes``.
  public let hasEscapes: Bool

  @_lifetime(copy rawBytes)
  init(rawBytes: Span<UInt8>, hasEscapes: Bool) {
    self.rawBytes = rawBytes
    self.hasEscapes = hasEscapes
  }

  /// Whether the content is `text`.
  public func equals(_ text: StaticString) -> Bool {
    guard hasEscapes else { return rawBytes.equals(text) }
    var content: [UInt8] = []
    append(to: &content)
    return content.span.equals(text)
  }

  /// Whether the content is `text`, byte by byte.
  public func equals(_ text: Span<UInt8>) -> Bool {
    guard hasEscapes else { return rawBytes.equals(text) }
    var content: [UInt8] = []
    append(to: &content)
    return content.span.equals(text)
  }

  /// Lets a key be matched by `switch`.
  public static func ~= (text: StaticString, string: borrowing JSONString) -> Bool {
    string.equals(text)
  }

  /// The content as a new `String`.
  public func makeString() -> String {
    guard hasEscapes else {
      return rawBytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
    var content: [UInt8] = []
    append(to: &content)
    return String(decoding: content, as: UTF8.self)
  }

  /// Appends the content in UTF-8.
  public func append(to content: inout [UInt8]) {
    rawBytes.withUnsafeBufferPointer { raw in
      guard hasEscapes else { return content.append(contentsOf: raw) }
      var index = 0
      while index < raw.count {
        let byte = raw[index]
        guard byte == ascii("\\") else {
          content.append(byte)
          index += 1
          continue
        }
        let escape = raw[index + 1]
        guard escape == ascii("u") else {
          content.append(JSONEscape.character(escape) ?? escape)
          index += 2
          continue
        }
        if let (scalar, length) = JSONEscape.scalar(rawBytes, at: index) {
          content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
          index += length
        } else {
          // The reader lets nothing else pass than one half of a pair.
          let unit = JSONEscape.unit(rawBytes, at: index) ?? 0xFFFD
          content.append(0xE0 | UInt8(unit >> 12))
          content.append(0x80 | UInt8(unit >> 6 & 0x3F))
          content.append(0x80 | UInt8(unit & 0x3F))
          index += JSONEscape.unitLength
        }
      }
    }
  }
}

/// The escapes of JSON strings.
enum JSONEscape {
  /// Bytes of `\uXXXX`.
  static let unitLength = 6

  /// The character that a backslash and `letter` stand for; nil for `u` and for
  /// what is no escape.
  static func character(_ letter: UInt8) -> UInt8? {
    switch letter {
    case ascii("\""), ascii("\\"), ascii("/"): letter
    case ascii("b"): 0x08
    case ascii("f"): 0x0C
    case ascii("n"): 0x0A
    case ascii("r"): 0x0D
    case ascii("t"): 0x09
    default: nil
    }
  }

  /// The character of the `\uXXXX`, or the pair of them, at `offset`, and how many
  /// bytes it takes; nil for a surrogate without its other half. Where four digits
  /// are missing the answer is nil too: ``unit(_:at:)`` tells the two apart.
  static func scalar(_ bytes: Span<UInt8>, at offset: Int) -> (Unicode.Scalar, length: Int)? {
    guard let first = unit(bytes, at: offset) else { return nil }
    if let scalar = Unicode.Scalar(first) { return (scalar, unitLength) }
    guard UTF16.isLeadSurrogate(first), let second = unit(bytes, at: offset + unitLength),
      UTF16.isTrailSurrogate(second)
    else { return nil }
    let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    return Unicode.Scalar(value).map { ($0, 2 * unitLength) }
  }

  /// The value of the `\uXXXX` at `offset`, or nil if there is none.
  static func unit(_ bytes: Span<UInt8>, at offset: Int) -> UInt16? {
    guard offset + unitLength <= bytes.count, bytes[offset] == ascii("\\"),
      bytes[offset + 1] == ascii("u")
    else { return nil }
    var value: UInt16 = 0
    for index in offset + 2..<offset + unitLength {
      guard let digit = hexadecimalValue(bytes[index]) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt16? {
    switch byte {
    case ascii("0")...ascii("9"): UInt16(byte - ascii("0"))
    case ascii("a")...ascii("f"): UInt16(byte - ascii("a") + 10)
    case ascii("A")...ascii("F"): UInt16(byte - ascii("A") + 10)
    default: nil
    }
  }
}
