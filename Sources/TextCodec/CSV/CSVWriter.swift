/// Writes CSV text (RFC 4180) field by field, with quotes only where they are needed.
/// Records end with `\n`. The same calls give the same bytes.
public struct CSVWriter: Sendable {
  /// The text so far.
  public private(set) var bytes: [UInt8] = []

  private let delimiter: UInt8
  private var fieldCount = 0
  private var recordStart = 0
  private var isFirstRecord = true

  /// A writer that puts `delimiter` between fields. Throws
  /// ``CSVError/Kind/invalidDelimiter(_:)``.
  public init(delimiter: UInt8 = 0x2C) throws(CSVError) {
    try CSVDelimiter.check(delimiter)
    self.delimiter = delimiter
  }

  /// Gives the complete records so far away: for writing out a long text piece by
  /// piece.
  public mutating func takeBytes() -> [UInt8] {
    let rest = Array(bytes[recordStart...])
    bytes.removeLast(rest.count)
    let taken = bytes
    bytes = rest
    recordStart = 0
    return taken
  }

  /// Adds a field with the bytes of `content`.
  public mutating func append(_ content: Span<UInt8>) {
    content.withUnsafeBufferPointer { appendField($0) }
  }

  /// Adds a field with the UTF-8 of `content`.
  public mutating func append(_ content: String) {
    var content = content
    content.withUTF8 { appendField($0) }
  }

  /// Adds a field with the shortest text of `value`.
  public mutating func append(_ value: Double) {
    beginField()
    DecimalPrinter.append(value, to: &bytes)
  }

  /// Adds a field with the shortest text of `value` for a `Float`.
  public mutating func append(_ value: Float) {
    beginField()
    DecimalPrinter.append(value, to: &bytes)
  }

  /// Adds a field with the digits of `value`.
  public mutating func append(_ value: Int64) {
    beginField()
    DecimalPrinter.append(value, to: &bytes)
  }

  /// Ends the record. One without fields is a blank line, which readers skip.
  public mutating func endRecord() {
    // One empty field alone would be a blank line too.
    if fieldCount == 1 && bytes.count == recordStart {
      bytes.append(ascii("\""))
      bytes.append(ascii("\""))
    }
    bytes.append(ascii("\n"))
    recordStart = bytes.count
    fieldCount = 0
    isFirstRecord = false
  }

  private mutating func beginField() {
    if fieldCount > 0 { bytes.append(delimiter) }
    fieldCount += 1
  }

  private mutating func appendField(_ content: UnsafeBufferPointer<UInt8>) {
    // At the start of a text a byte order mark would be taken for none of it.
    let resemblesMark = isFirstRecord && fieldCount == 0 && content.first == 0xEF
    beginField()
    let needsQuotes =
      resemblesMark
      || content.contains {
        $0 == delimiter || $0 == ascii("\"") || $0 == ascii("\n") || $0 == ascii("\r")
      }
    guard needsQuotes else { return bytes.append(contentsOf: content) }
    bytes.append(ascii("\""))
    for byte in content {
      if byte == ascii("\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(ascii("\""))
  }
}
