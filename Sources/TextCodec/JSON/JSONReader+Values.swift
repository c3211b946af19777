extension JSONReader {
  /// The kind of the next value, which stays unread.
  @_lifetime(self: copy self)
  public mutating func peekKind() throws(JSONError) -> JSONKind {
    try startValue()
    guard let kind = kindAtCursor else { throw unexpected("a value") }
    return kind
  }

  /// Reads a number as the nearest `Double`; one that is too large is infinite.
  @_lifetime(self: copy self)
  public mutating func readDouble() throws(JSONError) -> Double {
    try startValue()
    var end = cursor.position
    if let value = DecimalParser.parseDouble(cursor.bytes, at: &end, grammar: .json) {
      cursor.position = end
      finishValue()
      return value
    }
    return try readNonFinite()
  }

  /// Reads a number as the nearest `Float`, not by way of `Double`.
  @_lifetime(self: copy self)
  public mutating func readFloat() throws(JSONError) -> Float {
    try startValue()
    var end = cursor.position
    if let value = DecimalParser.parseFloat(cursor.bytes, at: &end, grammar: .json) {
      cursor.position = end
      finishValue()
      return value
    }
    return Float(try readNonFinite())
  }

  /// Reads a number without fraction and exponent.
  @_lifetime(self: copy self)
  public mutating func readInt64() throws(JSONError) -> Int64 {
    try startValue()
    var end = cursor.position
    let value = DecimalParser.parseInt64(cursor.bytes, at: &end, grammar: .json)
    return try finishInteger(value, end)
  }

  /// Reads a number without sign, fraction and exponent.
  @_lifetime(self: copy self)
  public mutating func readUInt64() throws(JSONError) -> UInt64 {
    try startValue()
    var end = cursor.position
    let value = DecimalParser.parseUInt64(cursor.bytes, at: &end, grammar: .json)
    return try finishInteger(value, end)
  }

  /// Reads `true` or `false`.
  @_lifetime(self: copy self)
  public mutating func readBool() throws(JSONError) -> Bool {
    try startValue()
    guard kindAtCursor == .bool else { throw wrongKind(expected: .bool) }
    let value = cursor.peek() == ascii("t")
    try consumeWord(value ? "true" : "false")
    return value
  }

  /// Reads `null`.
  @_lifetime(self: copy self)
  public mutating func readNull() throws(JSONError) {
    try startValue()
    guard kindAtCursor == .null else { throw wrongKind(expected: .null) }
    try consumeWord("null")
  }

  /// Reads a string as a new `String`.
  @_lifetime(self: copy self)
  public mutating func readString() throws(JSONError) -> String {
    try readText().makeString()
  }

  /// Reads a string without copying it.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func readText() throws(JSONError) -> JSONString {
    try startValue()
    guard cursor.peek() == ascii("\"") else { throw wrongKind(expected: .string) }
    let text = try scanString()
    finishValue()
    return text
  }

  /// Reads any value, checks it, and gives its bytes as they are written.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func readRawValue() throws(JSONError) -> Span<UInt8> {
    try startValue()
    let start = position
    try skipValue()
    return cursor.slice(start..<position)
  }

  @_lifetime(self: copy self)
  mutating func skipNumber() throws(JSONError) {
    try startValue()
    var end = cursor.position
    guard DecimalScanner.scan(cursor.bytes, at: &end, grammar: .json) != nil else {
      _ = try readNonFinite()
      return
    }
    cursor.position = end
    finishValue()
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func finishInteger<Integer>(
    _ value: Integer?, _ end: Int
  ) throws(JSONError) -> Integer {
    let next = cursor.peek(end &- cursor.position)
    if let value, next != ascii("."), next.map({ $0 | 0x20 }) != ascii("e") {
      cursor.position = end
      finishValue()
      return value
    }
    throw integerError()
  }

  @inline(never)
  private func integerError() -> JSONError {
    guard kindAtCursor == .number else { return wrongKind(expected: .number) }
    var end = cursor.position
    guard DecimalScanner.scan(cursor.bytes, at: &end, grammar: .json) != nil else {
      return JSONError(.invalidNumber, at: position)
    }
    for index in position..<end {
      let byte = cursor.bytes[index]
      if byte == ascii(".") || byte | 0x20 == ascii("e") {
        return JSONError(.notAnInteger, at: position)
      }
    }
    return JSONError(.integerOutOfRange, at: position)
  }

  /// Reads the tokens that JSON does not know, if they are allowed; what else
  /// comes here is no number at all.
  @inline(never)
  @_lifetime(self: copy self)
  private mutating func readNonFinite() throws(JSONError) -> Double {
    guard kindAtCursor == .number else { throw wrongKind(expected: .number) }
    guard options.allowsNonFinite else { throw JSONError(.invalidNumber, at: position) }
    let value: Double
    if cursor.consume("NaN") {
      value = .nan
    } else if cursor.consume("Infinity") {
      value = .infinity
    } else if cursor.consume("-Infinity") {
      value = -.infinity
    } else {
      throw JSONError(.invalidNumber, at: position)
    }
    finishValue()
    return value
  }

  @_lifetime(self: copy self)
  private mutating func consumeWord(_ word: StaticString) throws(JSONError) {
    guard cursor.consume(word) else {
      let isCutShort = cursor.remaining < word.utf8CodeUnitCount
      throw isCutShort
        ? JSONError(.unexpectedEnd, at: cursor.bytes.count)
        : unexpected("'\(word)'")
    }
    finishValue()
  }

  // MARK: Strings

  /// Checks the string whose opening quote is at the cursor, and moves past it.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  mutating func scanString() throws(JSONError) -> JSONString {
    let bytes = cursor.bytes
    let start = cursor.position &+ 1
    var index = start
    var hasEscapes = false
    while true {
      index = Self.endOfPlainText(bytes, from: index)
      guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
      let byte = bytes[unchecked: index]
      if byte == ascii("\"") { break }
      if byte == ascii("\\") {
        index = try endOfEscape(bytes, at: index)
        hasEscapes = true
      } else if byte < 0x20 {
        throw JSONError(.controlCharacter(byte), at: index)
      } else if let length = UTF8Sequence.length(
        bytes, at: index, allowsSurrogates: options.allowsLoneSurrogates)
      {
        index &+= length
      } else {
        throw JSONError(.invalidUTF8, at: index)
      }
    }
    guard index &- start <= options.maximumStringLength else {
      throw JSONError(.stringTooLong(limit: options.maximumStringLength), at: start)
    }
    cursor.position = index &+ 1
    return JSONString(rawBytes: bytes.extracting(start..<index), hasEscapes: hasEscapes)
  }

  /// The offset of the first quote, backslash, control character or byte beyond
  /// ASCII from `start` on, or the end.
  @inline(__always)
  private static func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index &+ 8 <= bytes.count {
      let word = ByteKernels.word(bytes, at: index)
      let control = (word &- ByteKernels.broadcast(0x20)) & ~word
      let special =
        ByteKernels.lowestMatch(word, ascii("\"")) | ByteKernels.lowestMatch(word, ascii("\\"))
        | ((control | word) & ByteKernels.broadcast(0x80))
      if special != 0 { return index &+ special.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < bytes.count {
      let byte = bytes[unchecked: index]
      if byte == ascii("\"") || byte == ascii("\\") || byte < 0x20 || byte >= 0x80 { break }
      index &+= 1
    }
    return index
  }

  /// The offset after the escape whose backslash is at `offset`.
  private func endOfEscape(
    _ bytes: Span<UInt8>, at offset: Int
  ) throws(JSONError) -> Int {
    guard offset + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
    if JSONEscape.character(bytes[offset + 1]) != nil { return offset + 2 }
    guard JSONEscape.unit(bytes, at: offset) != nil else {
      throw JSONError(.invalidEscape, at: offset)
    }
    if let (_, length) = JSONEscape.scalar(bytes, at: offset) { return offset + length }
    guard options.allowsLoneSurrogates else { throw JSONError(.loneSurrogate, at: offset) }
    return offset + JSONEscape.unitLength
  }
}
