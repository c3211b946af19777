import TextCodec

/// Splits text into records and fields as the C parser of pandas 3.1 does.
///
/// `CSVReader` of TextCodec is not that parser: it reads RFC 4180 and refuses what pandas
/// reads in its own way. Here, text after a closing quote continues the field, with further
/// quotes as they are; lines of blanks and tabs are blank lines; and after a blank line that
/// ends with `\r`, a comma at the start of the next one is lost.
///
/// Not so here: pandas reads 262,144 characters at once, and where such a piece ends among the
/// blanks that a line begins with, the blanks before its end are lost.
struct PandasTokenizer: ~Escapable {
  /// Where the content of a field lies.
  struct Field {
    var range: Range<Int>
    /// In ``copy``, because its quotes had to be taken out; else in ``text``.
    var isCopied = false
  }

  let text: Span<UInt8>
  /// The start of the next field, or what comes between records.
  private(set) var position: Int
  /// The current record has a field that was not read yet.
  private(set) var hasField = false
  /// Lines so far as pandas counts them: records and blank lines.
  private(set) var lineCount = 0
  /// After the last line end outside quotes.
  private var lineStart: Int
  /// The content of the last field with doubled quotes or with text after a quote.
  private var copy: [UInt8] = []

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) {
    self.text = text
    position = text.hasPrefix("\u{FEFF}") ? 3 : 0
    lineStart = position
  }

  // MARK: Records

  /// Moves past blank lines to the next record, which then has a field; false at the end.
  @_lifetime(self: copy self)
  mutating func nextRecord() -> Bool {
    while position < text.count {
      switch text[unchecked: position] {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        skipBlankLine()
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        guard let end = endOfBlanks() else {
          position = text.count
          return false
        }
        if text[end] == UInt8(ascii: "\n") || text[end] == UInt8(ascii: "\r") {
          position = end
          continue
        }
        // pandas goes back to the line end, so here a comma that was lost is found again.
        position = lineStart
        hasField = true
        return true
      default:
        hasField = true
        return true
      }
    }
    return false
  }

  @_lifetime(self: copy self)
  private mutating func skipBlankLine() {
    let isReturn = text[position] == UInt8(ascii: "\r")
    position += 1
    lineStart = position
    lineCount += 1
    guard isReturn, position < text.count else { return }
    if text[position] == UInt8(ascii: "\n") {
      position += 1
      lineStart = position
    } else if text[position] == UInt8(ascii: ",") {
      position += 1
    }
  }

  /// The first byte from ``position`` on that is neither blank nor tab.
  private func endOfBlanks() -> Int? {
    (position..<text.count).first {
      text[unchecked: $0] != UInt8(ascii: " ") && text[unchecked: $0] != UInt8(ascii: "\t")
    }
  }

  // MARK: Fields

  /// Whether a field without quotes can end before `offset`.
  @inline(__always)
  func isFieldEnd(_ offset: Int) -> Bool {
    guard offset < text.count else { return true }
    let byte = text[unchecked: offset]
    return byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Takes the field that ends before `end`, where ``isFieldEnd(_:)`` holds.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func endField(_ end: Int) {
    position = end &+ 1
    guard end < text.count, text[unchecked: end] == UInt8(ascii: ",") else {
      return endRecord(end)
    }
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func endRecord(_ end: Int) {
    hasField = false
    lineCount &+= 1
    guard end < text.count else {
      position = text.count
      return
    }
    if text[unchecked: end] == UInt8(ascii: "\r"), position < text.count,
      text[unchecked: position] == UInt8(ascii: "\n")
    {
      position &+= 1
    }
    lineStart = position
  }

  /// Reads the next field; nil if the text ends within its quotes.
  @_lifetime(self: copy self)
  mutating func nextField() -> Field? {
    let start = position
    if start < text.count, text[unchecked: start] == UInt8(ascii: "\"") { return nextQuoted() }
    let end = endOfUnquoted(start)
    endField(end)
    return Field(range: start..<end)
  }

  private func endOfUnquoted(_ start: Int) -> Int {
    var end = start
    while !isFieldEnd(end) { end &+= 1 }
    return end
  }

  @_lifetime(self: copy self)
  private mutating func nextQuoted() -> Field? {
    var cursor = ByteCursor(text)
    cursor.position = position + 1
    var start = cursor.position
    copy.removeAll(keepingCapacity: true)
    while let quote = cursor.firstOffset(of: UInt8(ascii: "\"")) {
      let next = quote + 1
      if next < text.count, text[next] == UInt8(ascii: "\"") {
        append(start..<next)
        start = next + 1
        cursor.position = start
        continue
      }
      if isFieldEnd(next) {
        endField(next)
        if copy.isEmpty { return Field(range: start..<quote) }
        append(start..<quote)
      } else {
        append(start..<quote)
        let end = endOfUnquoted(next)
        append(next..<end)
        endField(end)
      }
      return Field(range: 0..<copy.count, isCopied: true)
    }
    return nil
  }

  @_lifetime(self: copy self)
  private mutating func append(_ range: Range<Int>) {
    text.extracting(range).withUnsafeBufferPointer { copy.append(contentsOf: $0) }
  }

  /// The content of the last field read.
  @_lifetime(borrow self)
  func bytes(of field: Field) -> Span<UInt8> {
    field.isCopied ? copy.span.extracting(field.range) : text.extracting(field.range)
  }
}
