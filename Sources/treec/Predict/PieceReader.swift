import TextCodec

/// Cuts an input into pieces of whole records.
struct PieceReader: ~Copyable {
  /// The longest record, in bytes.
  static let longestRecord = CSVReaderOptions().maximumRecordLength
  /// Bytes of a piece, unless a record is longer.
  static let pieceSize = 1 << 20
  /// Bytes that tell the format of what does not begin with blanks.
  private static let beginning = 16

  let format: RowFormat
  private var input: InputStream
  private let pieceSize: Int
  private var cutter: RecordCutter
  /// What follows the last piece and has been read already.
  private var rest: [UInt8]
  private var isAtEnd = false
  /// Whether the last piece has been cut.
  private var isFinished = false
  private var isStart = true
  /// What ended the input before its time.
  private var failure: Failure?

  /// Begins to read.
  ///
  /// - Parameter format: nil to tell it by the content.
  init(
    _ input: consuming InputStream, format: RowFormat?, pieceSize: Int = Self.pieceSize
  ) throws(Failure) {
    self.pieceSize = pieceSize
    var first = [UInt8](repeating: 0, count: max(pieceSize, Self.beginning))
    var count = 0
    var isAtEnd = false
    var failure: Failure?
    while count < first.count, !isAtEnd, failure == nil {
      do throws(Failure) {
        let read = try input.read(into: &first, count..<first.count)
        count += read
        isAtEnd = read == 0
      } catch {
        failure = error
      }
    }
    first.removeLast(first.count - count)
    if let failure, first.isEmpty { throw failure }
    let format = format ?? RowFormat(of: first.span)
    self.format = format
    self.input = input
    self.isAtEnd = isAtEnd
    self.failure = failure
    rest = first
    cutter = RecordCutter(format == .csv ? .csv() : .lines)
  }

  var name: String { input.name }
  var size: Int? { input.size }

  /// Fills `piece` with the next records.
  ///
  /// - Returns: false at the end.
  /// - Throws: ``Failure`` when the input cannot be read on; the records before were in pieces.
  mutating func fill(_ piece: Piece) throws(Failure) -> Bool {
    guard !isFinished else {
      if let failure { throw failure }
      return false
    }
    piece.isStart = isStart
    isStart = false
    var room = max(pieceSize, rest.count)
    if piece.bytes.count < room { piece.bytes = [UInt8](repeating: 0, count: room) }
    var count = rest.count
    piece.bytes.replaceSubrange(0..<count, with: rest)
    while true {
      readOn(into: &piece.bytes, &count, upTo: room)
      piece.bytesRead = input.bytesRead
      if isAtEnd {
        piece.count = count
        isFinished = true
        return count > 0
      }
      let end = lastEnd(in: piece.bytes, count)
      if let failure {
        piece.count = end
        isFinished = true
        guard end > 0 else { throw failure }
        return true
      }
      // The first piece holds a record in any case: the header may be in it.
      if end > 0, !piece.isStart || hasRecord(piece.bytes, end) || count > Self.longestRecord {
        rest.removeAll(keepingCapacity: true)
        rest.append(contentsOf: piece.bytes[end..<count])
        cutter.cut()
        piece.count = end
        return true
      }
      if count > Self.longestRecord {
        // Whoever decodes it says so.
        piece.count = count
        isFinished = true
        return true
      }
      room = min(2 * room, Self.longestRecord + 1)
      let missing = max(0, room - piece.bytes.count)
      piece.bytes.append(contentsOf: repeatElement(0, count: missing))
    }
  }

  /// Whether there is anything but blank lines.
  private func hasRecord(_ bytes: [UInt8], _ end: Int) -> Bool {
    bytes[..<end].contains { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
  }

  private mutating func lastEnd(in bytes: [UInt8], _ count: Int) -> Int {
    cutter.lastEnd(in: bytes.span.extracting(0..<count))
  }

  /// Reads until there are `end` bytes or the input ends.
  private mutating func readOn(into bytes: inout [UInt8], _ count: inout Int, upTo end: Int) {
    while count < end, !isAtEnd, failure == nil {
      do throws(Failure) {
        let read = try input.read(into: &bytes, count..<end)
        count += read
        isAtEnd = read == 0
      } catch {
        failure = error
      }
    }
  }
}
