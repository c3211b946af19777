import TextCodec

/// Numbers in text as Python's `float` reads them, which is how NumPy makes numbers of text.
enum PythonFloat {
  /// The number that all of `text` is: blanks around it and single underscores between digits
  /// are allowed, so are the decimal digits of all scripts.
  static func parse(_ text: String) -> Double? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars { bytes.append(ascii(scalar)) }
    var range = bytes[...]
    while range.first == blank { range.removeFirst() }
    while range.last == blank { range.removeLast() }
    guard let digits = withoutUnderscores(range), digits.first != blank else { return nil }
    return Double(decimalText: digits.span)
  }

  private static let blank = UInt8(ascii: " ")

  /// The scalar as Python's `float` sees it; 0 where it cannot be part of a number.
  private static func ascii(_ scalar: Unicode.Scalar) -> UInt8 {
    if scalar.properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(scalar) { return blank }
    if scalar.isASCII { return UInt8(ascii: scalar) }
    guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue
    else { return 0 }
    return 0x30 + UInt8(value)
  }

  private static func withoutUnderscores(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var digits: [UInt8] = []
    for index in text.indices {
      guard text[index] == UInt8(ascii: "_") else {
        digits.append(text[index])
        continue
      }
      guard index > text.startIndex, index + 1 < text.endIndex, isDigit(text[index - 1]),
        isDigit(text[index + 1])
      else { return nil }
    }
    return digits
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
