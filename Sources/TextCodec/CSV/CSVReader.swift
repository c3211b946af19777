/// Splits CSV text (RFC 4180) that comes in pieces into records and fields, in
/// memory bounded by the longest record and the longest piece.
///
/// ```swift
/// var reader = try CSVReader()
/// reading: while true {
///   switch try reader.next() {
///   case .record: use(reader.field(at: 0).bytes, reader.lineNumber)
///   case .needsInput: if let piece = more() { reader.append(piece.span) } else { reader.finish() }
///   case .end: break reading
///   }
/// }
/// ```
///
/// Records end with `\n`, `\r\n` or `\r`; the last one need not. A byte order mark
/// at the start is passed over. A quote within an unquoted field is a character like
/// any other, as for pandas. The bytes of fields are not checked to be UTF-8.
/// Records may differ in their number of fields: that is for the caller to judge.
/// After an error the reader must not be used on.
public struct CSVReader: ~Copyable, Sendable {
  /// What ``next()`` came to.
  public enum Step: Sendable {
    /// A record, whose fields can be read until the next call that changes the reader.
    case record
    /// The end of the input so far: ``append(_:)`` or ``finish()`` must come next.
    case needsInput
    /// The end of the text.
    case end
  }

  /// The number of the current record, from 1; blank lines do not count.
  public private(set) var recordNumber = 0
  /// The line in which the current record begins, from 1.
  public private(set) var lineNumber = 1

  private let options: CSVReaderOptions

  /// Input from the start of the current or next record on.
  private var buffer: [UInt8] = []
  /// Where that record begins in the buffer.
  private var recordStart = 0
  /// The first byte that was not looked at yet.
  private var scanned = 0
  private var isFinished = false
  private var state = State.textStart

  /// Whether `fields` are those of a complete record.
  private var hasRecord = false
  private var fields: [Field] = []
  private var fieldStart = 0
  private var hasDoubledQuotes = false

  /// The line that `scanned` is in (that of the opening quote within a quoted
  /// field), and where it begins in the buffer: negative if that is gone.
  private var line = 1
  private var lineStart = 0
  /// Whether the last line ended with `\r`, so that a `\n` next is part of its end.
  private var isAfterReturn = false

  /// Relative to the record's start, so that moving the record does not concern it.
  private struct Field {
    var start: Int
    var end: Int
    var isQuoted: Bool
  }

  /// What comes at `scanned`.
  private enum State {
    /// The start of the text.
    case textStart
    /// The start of a line that no record has begun in.
    case lineStart
    /// The start of a field.
    case fieldStart
    /// More of a field without quotes, or its end.
    case unquoted
    /// More of a field with quotes.
    case quoted
    /// What follows a quote in a field with quotes: a second one, or the field's end.
    case afterQuote
  }

  /// A reader without input yet. Throws ``CSVError/Kind/invalidDelimiter(_:)``.
  public init(options: CSVReaderOptions = CSVReaderOptions()) throws(CSVError) {
    try CSVDelimiter.check(options.delimiter)
    self.options = options
  }

  // MARK: Input

  /// Adds the next piece of the text. Pieces of 64 KiB to 1 MiB are best. The
  /// current record's fields are no longer there afterwards.
  public mutating func append(_ piece: Span<UInt8>) {
    dropRecord()
    if recordStart > 0 {
      buffer.removeSubrange(0..<recordStart)
      scanned -= recordStart
      lineStart -= recordStart
      recordStart = 0
    }
    piece.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
  }

  /// Says that no more input comes.
  public mutating func finish() {
    isFinished = true
  }

  // MARK: The current record

  /// The number of fields of the current record.
  public var fieldCount: Int {
    hasRecord ? fields.count : 0
  }

  /// The field at `index`, which must be less than ``fieldCount``.
  @_lifetime(borrow self)
  public func field(at index: Int) -> CSVField {
    precondition(index >= 0 && index < fieldCount, "field index out of range")
    let field = fields[index]
    return CSVField(
      bytes: buffer.span.extracting(recordStart + field.start..<recordStart + field.end),
      isQuoted: field.isQuoted)
  }

  /// Lets go of a complete record.
  private mutating func dropRecord() {
    guard hasRecord else { return }
    hasRecord = false
    fields.removeAll(keepingCapacity: true)
    recordStart = scanned
  }

  // MARK: Splitting

  /// Moves to the next record.
  public mutating func next() throws(CSVError) -> Step {
    dropRecord()
    if state == .textStart {
      guard skipByteOrderMark() else { return .needsInput }
      state = .lineStart
    }
    if state == .lineStart {
      guard skipToRecord() else { return isFinished ? .end : .needsInput }
      recordNumber += 1
      lineNumber = line
      state = .fieldStart
    }
    while scanned < buffer.count {
      switch state {
      case .textStart, .lineStart, .fieldStart:
        beginField()
      case .unquoted:
        try splitUnquoted()
      case .quoted:
        skipQuoted()
      case .afterQuote:
        try continueAfterQuote()
      }
      if hasRecord { return .record }
    }
    return try endOfInput()
  }

  /// Returns false if it takes more input to tell whether there is one.
  private mutating func skipByteOrderMark() -> Bool {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if buffer.starts(with: mark) {
      scanned = mark.count
      lineStart = mark.count
      return true
    }
    return isFinished || !mark.starts(with: buffer)
  }

  /// Skips what is left of a line end, and blank lines if they are to be skipped.
  /// Returns whether there is a record.
  private mutating func skipToRecord() -> Bool {
    while scanned < buffer.count {
      let byte = buffer[scanned]
      if isAfterReturn && byte == ascii("\n") {
        isAfterReturn = false
        scanned += 1
        lineStart = scanned
      } else if options.skipsBlankLines && (byte == ascii("\n") || byte == ascii("\r")) {
        endLine()
      } else {
        isAfterReturn = false
        recordStart = scanned
        return true
      }
    }
    recordStart = scanned
    return false
  }

  /// Moves past the line end at `scanned`.
  private mutating func endLine() {
    isAfterReturn = buffer[scanned] == ascii("\r")
    scanned += 1
    line += 1
    lineStart = scanned
  }

  private mutating func beginField() {
    if buffer[scanned] == ascii("\"") {
      scanned += 1
      hasDoubledQuotes = false
      state = .quoted
    } else {
      state = .unquoted
    }
    fieldStart = scanned - recordStart
  }

  /// Ends fields until one with quotes, the end of the record or of the input.
  private mutating func splitUnquoted() throws(CSVError) {
    let delimiter = options.delimiter
    let pattern = ByteKernels.broadcast(delimiter)
    var index = scanned
    var start = recordStart &+ fieldStart
    while true {
      index = CSVCursor.endOfUnquoted(buffer.span, from: index, delimiter, pattern)
      guard index < buffer.count else {
        fieldStart = start &- recordStart
        scanned = index
        return
      }
      scanned = index
      try appendField(start, index, isQuoted: false)
      guard buffer[index] == delimiter else { return try endRecord() }
      index &+= 1
      start = index
      guard index < buffer.count, buffer[index] != ascii("\"") else {
        scanned = index
        state = .fieldStart
        return
      }
    }
  }

  private mutating func skipQuoted() {
    guard
      let quote = ByteKernels.firstOffset(of: ascii("\""), in: buffer.span, from: scanned)
    else {
      scanned = buffer.count
      return
    }
    scanned = quote + 1
    state = .afterQuote
  }

  private mutating func continueAfterQuote() throws(CSVError) {
    switch buffer[scanned] {
    case ascii("\""):
      hasDoubledQuotes = true
      scanned += 1
      state = .quoted
    case options.delimiter:
      try appendQuotedField()
      scanned += 1
      state = .fieldStart
    case ascii("\n"), ascii("\r"):
      try appendQuotedField()
      try endRecord()
    default:
      throw CSVError(.textAfterQuote, record: recordNumber, location: locationInQuoted(scanned))
    }
  }

  /// Ends the field whose closing quote is before `scanned`.
  private mutating func appendQuotedField() throws(CSVError) {
    let start = recordStart + fieldStart
    let end = scanned - 1
    let place = locationInQuoted(scanned)
    line = place.line
    lineStart = scanned - (place.column - 1)
    try appendField(start, hasDoubledQuotes ? halveQuotes(start, end) : end, isQuoted: true)
  }

  /// Makes doubled quotes single, in place, and returns the new end.
  private mutating func halveQuotes(_ start: Int, _ end: Int) -> Int {
    var target = start
    var source = start
    while source < end {
      let byte = buffer[source]
      buffer[target] = byte
      target += 1
      // Quotes within the field come in pairs only.
      source += byte == ascii("\"") ? 2 : 1
    }
    return target
  }

  @inline(__always)
  private mutating func appendField(
    _ start: Int, _ end: Int, isQuoted: Bool
  ) throws(CSVError) {
    guard fields.count < options.maximumFieldCount else {
      throw CSVError(
        .tooManyFields(limit: options.maximumFieldCount), record: recordNumber,
        location: TextLocation(line: line, column: scanned - lineStart + 1))
    }
    fields.append(Field(start: start &- recordStart, end: end &- recordStart, isQuoted: isQuoted))
  }

  /// Ends the record at the line end at `scanned`.
  private mutating func endRecord() throws(CSVError) {
    try checkLength()
    endLine()
    completeRecord()
  }

  private mutating func completeRecord() {
    state = .lineStart
    hasRecord = true
  }

  private func checkLength() throws(CSVError) {
    guard scanned - recordStart <= options.maximumRecordLength else {
      throw CSVError(
        .recordTooLong(limit: options.maximumRecordLength), record: recordNumber,
        location: TextLocation(line: lineNumber, column: 1))
    }
  }

  /// Asks for more input within a record, or ends the text's last one.
  private mutating func endOfInput() throws(CSVError) -> Step {
    try checkLength()
    guard isFinished else { return .needsInput }
    switch state {
    case .quoted:
      let quote = recordStart + fieldStart - 1
      throw CSVError(
        .unterminatedQuote, record: recordNumber,
        location: TextLocation(line: line, column: quote - lineStart + 1))
    case .afterQuote:
      try appendQuotedField()
    case .unquoted:
      try appendField(recordStart + fieldStart, scanned, isQuoted: false)
    case .textStart, .lineStart, .fieldStart:
      try appendField(scanned, scanned, isQuoted: false)
    }
    completeRecord()
    return .record
  }

  /// Line and column of a byte in or after the current quoted field.
  private func locationInQuoted(_ offset: Int) -> TextLocation {
    var line = line
    var start = lineStart
    let contentStart = recordStart + fieldStart
    let content = buffer.span.extracting(contentStart..<offset)
    var index = 0
    while let newline = ByteKernels.firstOffset(of: ascii("\n"), in: content, from: index) {
      line += 1
      index = newline + 1
      start = contentStart + index
    }
    return TextLocation(line: line, column: offset - start + 1)
  }
}
