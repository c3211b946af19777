/// Reads records of CSV text that lies in memory as a whole, in place and without a list of their
/// fields: for many records of mostly numbers.
///
/// ```swift
/// var cursor = CSVCursor(text, isStart: true)
/// while cursor.beginRecord() {
///   let field = cursor.readNumbers(places, from: 0, into: &rows, at: 0)
///   guard field == places.count, cursor.endRecord() else { … }
/// }
/// ```
///
/// Records and fields are those that ``CSVReader`` finds, and a blank line is a record of one empty
/// field. The cursor does not say what is wrong with a text: where it cannot go on, a `CSVReader`
/// that begins at ``recordStart`` can.
public struct CSVCursor: ~Escapable {
  /// What ``readNumbers(_:from:into:at:)`` is to do with a field.
  public enum Place {
    /// To pass over it.
    public static let skipped: Int32 = -1
    /// To stop before it: it is none of its business.
    public static let other: Int32 = -2
  }

  private let text: Span<UInt8>
  private let delimiter: UInt8

  /// The offset of the next byte: the start of a field, or what follows the last one.
  public private(set) var position: Int
  /// The offset of the current record.
  public private(set) var recordStart: Int
  /// How many records came before the current one.
  public private(set) var recordCount = -1
  /// How many lines ended before the position.
  public private(set) var lineCount = 0

  /// A cursor before the first record of a text.
  ///
  /// - Parameters:
  ///   - text: Begins with a record.
  ///   - isStart: Whether nothing came before, so that a byte order mark is passed over.
  ///   - delimiter: The ASCII character between fields.
  @_lifetime(copy text)
  public init(_ text: Span<UInt8>, isStart: Bool, delimiter: UInt8 = 0x2C) {
    self.text = text
    self.delimiter = delimiter
    position =
      isStart && text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
    recordStart = position
  }

  /// Moves to the record that begins at the position, if there is one.
  @_lifetime(self: copy self)
  public mutating func beginRecord() -> Bool {
    recordStart = position
    recordCount &+= 1
    return position < text.count
  }

  /// Whether the record at whose start the cursor stands is a line without any byte.
  public var isAtBlankLine: Bool { isLineEnd(position) }

  /// Moves past the end of the record.
  ///
  /// - Returns: false, and no move, where more of the record comes.
  @_lifetime(self: copy self)
  public mutating func endRecord() -> Bool {
    guard position < text.count else { return true }
    let byte = text[unchecked: position]
    if byte == ascii("\r") {
      position &+= 1
      if position < text.count, text[unchecked: position] == ascii("\n") { position &+= 1 }
    } else if byte == ascii("\n") {
      position &+= 1
    } else {
      return false
    }
    lineCount &+= 1
    return true
  }

  // MARK: Fields

  /// Reads fields as long as they are numbers without blanks, or empty.
  ///
  /// - Parameters:
  ///   - places: What to do with each field of a record: its position in the row, or a ``Place``.
  ///   - first: The number of the field at which the cursor stands.
  ///   - rows: Receives numbers. An empty field leaves its place as it was.
  ///   - start: Where the row begins in `rows`.
  /// - Returns: The number of the field at which the cursor stands, which ``nextField(isLast:)`` can
  ///   read; that of all fields when nothing but the end of the record follows.
  @_lifetime(self: copy self)
  public mutating func readNumbers(
    _ places: Span<Int32>, from first: Int, into rows: inout MutableSpan<Double>, at start: Int
  ) -> Int {
    let bytes = text
    let pattern = ByteKernels.broadcast(delimiter)
    var field = first
    var index = position
    while field < places.count {
      let fieldStart = index
      let place = places[unchecked: field]
      if place >= 0 {
        if let decimal = DecimalScanner.scan(bytes, at: &index, grammar: .plain) {
          let magnitude: Double = DecimalRounding.magnitude(decimal, bytes)
          rows[start &+ Int(place)] = decimal.isNegative ? -magnitude : magnitude
        }
      } else {
        let isQuoted = fieldStart < bytes.count && bytes[unchecked: fieldStart] == ascii("\"")
        guard place == Place.skipped, !isQuoted else { break }
        index = Self.endOfUnquoted(bytes, from: fieldStart, delimiter, pattern)
      }
      guard let next = endOfField(index, isLast: field &+ 1 == places.count) else {
        index = fieldStart
        break
      }
      index = next
      field &+= 1
    }
    position = index
    return field
  }

  /// Reads the next field.
  ///
  /// - Parameter isLast: Whether it is to be the last one of the record.
  /// - Returns: nil, and no move, where it is not, or where its quotes are in disorder.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func nextField(isLast: Bool) -> CSVCursorField? {
    let bytes = text
    let start = position
    guard start < bytes.count, bytes[unchecked: start] == ascii("\"") else {
      let end = Self.endOfUnquoted(
        bytes, from: start, delimiter, ByteKernels.broadcast(delimiter))
      guard let next = endOfField(end, isLast: isLast) else { return nil }
      position = next
      return CSVCursorField(rawBytes: bytes.extracting(start..<end), hasDoubledQuotes: false)
    }
    var hasDoubledQuotes = false
    var end = start &+ 1
    while true {
      guard let quote = ByteKernels.firstOffset(of: ascii("\""), in: bytes, from: end) else {
        return nil
      }
      end = quote
      guard quote &+ 1 < bytes.count, bytes[unchecked: quote &+ 1] == ascii("\"") else { break }
      hasDoubledQuotes = true
      end = quote &+ 2
    }
    guard let next = endOfField(end &+ 1, isLast: isLast) else { return nil }
    position = next
    let content = bytes.extracting(start &+ 1..<end)
    var index = 0
    while let newline = ByteKernels.firstOffset(of: ascii("\n"), in: content, from: index) {
      lineCount &+= 1
      index = newline &+ 1
    }
    return CSVCursorField(rawBytes: content, hasDoubledQuotes: hasDoubledQuotes)
  }

  /// Where the next field begins, or the record ends, if a field ends at `index`.
  @inline(__always)
  private func endOfField(_ index: Int, isLast: Bool) -> Int? {
    if isLast { return index == text.count || isLineEnd(index) ? index : nil }
    return index < text.count && text[unchecked: index] == delimiter ? index &+ 1 : nil
  }

  @inline(__always)
  private func isLineEnd(_ index: Int) -> Bool {
    guard index < text.count else { return false }
    return text[unchecked: index] == ascii("\n") || text[unchecked: index] == ascii("\r")
  }

  /// The offset of the first delimiter or line end from `start` on, or the end.
  @inline(__always)
  static func endOfUnquoted(
    _ bytes: Span<UInt8>, from start: Int, _ delimiter: UInt8, _ pattern: UInt64
  ) -> Int {
    var index = start
    while index &+ 8 <= bytes.count {
      let word = ByteKernels.word(bytes, at: index)
      let hits =
        ByteKernels.lowestMatch(word, broadcast: pattern)
        | ByteKernels.lowestMatch(word, ascii("\n")) | ByteKernels.lowestMatch(word, ascii("\r"))
      if hits != 0 { return index &+ hits.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < bytes.count {
      let byte = bytes[unchecked: index]
      if byte == delimiter || byte == ascii("\n") || byte == ascii("\r") { break }
      index &+= 1
    }
    return index
  }
}

/// A field that ``CSVCursor`` has read, borrowed from its text.
public struct CSVCursorField: ~Escapable {
  /// The bytes between the quotes, if there are any: the content itself, unless
  /// ``hasDoubledQuotes``.
  public let rawBytes: Span<UInt8>
  /// Whether quotes in the content are written twice.
  public let hasDoubledQuotes: Bool

  @_lifetime(copy rawBytes)
  init(rawBytes: Span<UInt8>, hasDoubledQuotes: Bool) {
    self.rawBytes = rawBytes
    self.hasDoubledQuotes = hasDoubledQuotes
  }

  /// Appends the content.
  public func append(to content: inout [UInt8]) {
    var index = 0
    while index < rawBytes.count {
      let byte = rawBytes[index]
      content.append(byte)
      // Quotes within the field come in pairs only.
      index += hasDoubledQuotes && byte == ascii("\"") ? 2 : 1
    }
  }
}
