/// Dialect and limits of ``CSVReader``.
public struct CSVReaderOptions: Equatable, Sendable {
  /// The byte between fields: an ASCII character other than a quote, a line end, and
  /// what numbers are written with (letters, digits, `+`, `-`, `.`).
  public var delimiter: UInt8
  /// Whether lines without any byte are passed over, as pandas does by default. If
  /// not, each is a record of one empty field. A line of blanks is never blank here.
  public var skipsBlankLines: Bool
  /// The longest record, in bytes with quotes and delimiters.
  public var maximumRecordLength: Int
  public var maximumFieldCount: Int

  public init(
    delimiter: UInt8 = 0x2C, skipsBlankLines: Bool = true,
    maximumRecordLength: Int = 1 << 24, maximumFieldCount: Int = 1 << 20
  ) {
    self.delimiter = delimiter
    self.skipsBlankLines = skipsBlankLines
    self.maximumRecordLength = maximumRecordLength
    self.maximumFieldCount = maximumFieldCount
  }
}

/// A field of a record, borrowed from the reader.
public struct CSVField: ~Escapable {
  /// The content, without the enclosing quotes and with doubled quotes made single.
  public let bytes: Span<UInt8>
  /// Whether the field was in quotes.
  public let isQuoted: Bool

  @_lifetime(copy bytes)
  init(bytes: Span<UInt8>, isQuoted: Bool) {
    self.bytes = bytes
    self.isQuoted = isQuoted
  }

  /// The content as a `String`; what is not UTF-8 is replaced.
  public func makeString() -> String {
    bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}

/// Which bytes can stand between fields.
enum CSVDelimiter {
  /// Throws for what could be part of a number, a quote or a line end.
  static func check(_ delimiter: UInt8) throws(CSVError) {
    switch delimiter {
    case ascii("\""), ascii("\n"), ascii("\r"), ascii("+"), ascii("-"), ascii("."),
      ascii("0")...ascii("9"), ascii("a")...ascii("z"), ascii("A")...ascii("Z"), 0x80...:
      throw CSVError(
        .invalidDelimiter(delimiter), record: 0, location: TextLocation(line: 1, column: 1))
    default:
      return
    }
  }
}
