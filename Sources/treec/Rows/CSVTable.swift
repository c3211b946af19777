import TextCodec

/// The records of a CSV file or of standard input, one after the other, with its header.
struct CSVTable: ~Copyable {
  /// The fields of the first record, which is the header if there is one; empty in an empty
  /// file.
  let firstRecord: [String]
  private var input: InputStream
  private var reader: CSVReader
  /// A first record that was read to count its fields and is still to be handed out.
  private var holdsFirst: Bool
  /// Fields that every record must have; nil before the first.
  private var width: Int?

  /// Opens `path`, nil or `-` being standard input, and reads its header, if it has one.
  init(_ path: String?, hasHeader: Bool) throws {
    var input = try InputStream(path)
    var reader = try CSVReader(options: CSVReaderOptions(skipsBlankLines: false))
    let found = try Self.advance(&reader, &input, width: nil)
    guard found || !hasHeader else {
      throw Failure("\(input.name): the file is empty; it needs a header line")
    }
    var fields: [String] = []
    for field in 0..<reader.fieldCount { fields.append(reader.field(at: field).makeString()) }
    firstRecord = fields
    holdsFirst = found && !hasHeader
    width = found ? reader.fieldCount : nil
    self.input = input
    self.reader = reader
  }

  /// For messages.
  var name: String { input.name }
  /// The line in which the current record begins.
  var line: Int { reader.lineNumber }
  var bytesRead: Int { input.bytesRead }
  var size: Int? { input.size }

  /// Moves to the next record.
  ///
  /// - Returns: false at the end.
  mutating func next() throws -> Bool {
    if holdsFirst {
      holdsFirst = false
      return true
    }
    guard try Self.advance(&reader, &input, width: width) else { return false }
    guard reader.fieldCount == width else {
      throw Failure(
        "\(name), line \(line): \(reader.fieldCount) fields where \(width ?? 0) are expected")
    }
    return true
  }

  /// A field of the current record.
  @_lifetime(borrow self)
  func field(_ index: Int) -> CSVField {
    reader.field(at: index)
  }

  /// Moves to the next record. Blank lines are passed over; in a file of one column, where a
  /// blank line might be a missing value, they are refused.
  private static func advance(
    _ reader: inout CSVReader, _ input: inout InputStream, width: Int?
  ) throws -> Bool {
    do {
      while true {
        switch try reader.next() {
        case .record:
          let first = reader.field(at: 0)
          guard reader.fieldCount == 1, first.bytes.isEmpty, !first.isQuoted else { return true }
          guard width != 1 else {
            throw Failure(
              "\(input.name), line \(reader.lineNumber): the line is blank; remove it, or "
                + "write \"\" if it stands for a missing value")
          }
        case .end: return false
        case .needsInput:
          let hasMore = try input.next { reader.append($0) }
          if !hasMore { reader.finish() }
        }
      }
    } catch let error as CSVError {
      throw Failure("\(input.name): \(error)")
    }
  }
}
