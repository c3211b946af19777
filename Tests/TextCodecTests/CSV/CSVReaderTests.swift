import TestSupport
import Testing

@testable import TextCodec

/// All records of a text that comes in pieces of the given sizes, in turn.
func csvRecords(
  _ source: [UInt8], options: CSVReaderOptions = CSVReaderOptions(), pieces: [Int] = [1 << 20]
) throws(CSVError) -> [[CSVValue]] {
  var reader = try CSVReader(options: options)
  var records: [[CSVValue]] = []
  var offset = 0
  var turn = 0
  while true {
    switch try reader.next() {
    case .record:
      records.append(
        (0..<reader.fieldCount).map { index in
          let field = reader.field(at: index)
          return CSVValue(field.makeString(), isQuoted: field.isQuoted)
        })
    case .needsInput:
      if offset == source.count {
        reader.finish()
      } else {
        let end = min(source.count, offset + pieces[turn % pieces.count])
        reader.append(source.span.extracting(offset..<end))
        offset = end
        turn += 1
      }
    case .end:
      return records
    }
  }
}

/// What a field was read as.
struct CSVValue: Equatable, CustomStringConvertible {
  var text: String
  var isQuoted: Bool

  init(_ text: String, isQuoted: Bool = false) {
    self.text = text
    self.isQuoted = isQuoted
  }

  var description: String { isQuoted ? "\"\(text)\"" : text }
}

@Suite("Reading CSV")
struct CSVReaderTests {
  private func error(
    _ source: String, options: CSVReaderOptions = CSVReaderOptions(), pieces: [Int] = [1 << 20]
  ) -> CSVError? {
    do throws(CSVError) {
      _ = try csvRecords(bytes(source), options: options, pieces: pieces)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "Texts and their records, in whole and byte by byte",
    arguments: [
      ("", []), ("a", [["a"]]), ("a\n", [["a"]]), ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
      ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a\rb\r", [["a"], ["b"]]),
      ("a,b\nc,d", [["a", "b"], ["c", "d"]]), (",", [["", ""]]), ("a,", [["a", ""]]),
      (",\n,,\n", [["", ""], ["", "", ""]]), ("a\n\n\nb\n\n", [["a"], ["b"]]),
      ("\n\r\n\r\ra", [["a"]]), ("a\r\n\r\nb", [["a"], ["b"]]), ("\n", []), ("\r\n", []),
      (" \na", [[" "], ["a"]]), ("a b, c ", [["a b", " c "]]),
      ("a\"b,\"\"\n", [["a\"b", "''"]]), (" \"a\"", [[" \"a\""]]),
      ("'a'", [["'a'"]]), ("'a,b'", [["'a,b'"]]), ("'a\nb',c", [["'a\nb'", "c"]]),
      ("'a\r\nb'\r\nc", [["'a\r\nb'"], ["c"]]), ("''", [["''"]]), ("''\n", [["''"]]),
      ("'','',''", [["''", "''", "''"]]), ("'a''b'", [["'a\"b'"]]), ("''''", [["'\"'"]]),
      ("'''''',x", [["'\"\"'", "x"]]), ("'a''',b", [["'a\"'", "b"]]), ("a,''", [["a", "''"]]),
      ("'a'\n'b'\n", [["'a'"], ["'b'"]]), ("\u{FEFF}a,b\n", [["a", "b"]]),
      ("\u{FEFF}'a',b", [["'a'", "b"]]), ("\u{FEFF}", []),
      ("a\n\u{FEFF}b", [["a"], ["\u{FEFF}b"]]),
      ("0123456789abcdef,0123456,01234567\n", [["0123456789abcdef", "0123456", "01234567"]]),
      ("é,€,𝄞\u{0}", [["é", "€", "𝄞\u{0}"]]),
    ] as [(String, [[String]])])
  func table(_ shown: String, _ records: [[String]]) throws {
    // Quotes are shown as apostrophes, around expected fields that were quoted.
    let source = bytes(shown.contains("'") ? shown.replacing("'", with: "\"") : shown)
    let wanted = records.map { record in
      record.map { field in
        field.count >= 2 && field.hasPrefix("'")
          ? CSVValue(String(field.dropFirst().dropLast()), isQuoted: true) : CSVValue(field)
      }
    }
    #expect(try csvRecords(source) == wanted)
    #expect(try csvRecords(source, pieces: [1]) == wanted)
    #expect(try csvRecords(source, pieces: [2, 3]) == wanted)
  }

  @Test("Blank lines can be records of one empty field")
  func blankLines() throws {
    let options = CSVReaderOptions(skipsBlankLines: false)
    let wanted = [[CSVValue("")], [CSVValue("a")], [CSVValue("")], [CSVValue("")]]
    for pieces in [[1], [100]] {
      #expect(try csvRecords(bytes("\na\n\n\n"), options: options, pieces: pieces) == wanted)
      #expect(
        try csvRecords(bytes("\r\na\r\n\r\n\r\n"), options: options, pieces: pieces) == wanted)
    }
  }

  @Test("The delimiter can be another byte, but none of what numbers are written with")
  func delimiter() throws {
    let options = CSVReaderOptions(delimiter: 0x09)
    let wanted = [[CSVValue("a,b"), CSVValue("c\td", isQuoted: true)]]
    #expect(try csvRecords(bytes("a,b\t\"c\td\"\n"), options: options) == wanted)
    for byte in Array("\"\n\r+-.09azAZ".utf8) + [0x80, 0xFF] {
      #expect(
        error("", options: CSVReaderOptions(delimiter: byte))?.kind == .invalidDelimiter(byte))
    }
  }

  @Test("Records know their number and the line they begin in", arguments: [1, 2, 1000])
  func numbering(_ piece: Int) throws {
    let source = bytes("h\n\n\"a\nb\r\nc\"\n\r\nd\r\"e\"\n")
    var reader = try CSVReader()
    var seen: [[Int]] = []
    var offset = 0
    reading: while true {
      switch try reader.next() {
      case .record: seen.append([reader.recordNumber, reader.lineNumber])
      case .needsInput:
        let end = min(offset + piece, source.count)
        if offset == end { reader.finish() }
        reader.append(source.span.extracting(offset..<end))
        offset = end
      case .end: break reading
      }
    }
    #expect(seen == [[1, 1], [2, 3], [3, 7], [4, 8]])
    #expect(reader.fieldCount == 0)
  }

  @Test("Faults have their kind and place", arguments: [1, 3, 1000])
  func faults(_ piece: Int) {
    func fault(_ source: String) -> CSVError? { error(source, pieces: [piece]) }
    func place(
      _ kind: CSVError.Kind, _ record: Int, _ line: Int, _ column: Int
    ) -> CSVError {
      CSVError(kind, record: record, location: TextLocation(line: line, column: column))
    }
    #expect(fault("a\nb,\"c\nd") == place(.unterminatedQuote, 2, 2, 3))
    #expect(fault("\"") == place(.unterminatedQuote, 1, 1, 1))
    #expect(fault("\"a\n\"\"") == place(.unterminatedQuote, 1, 1, 1))
    #expect(fault("\"a\"b") == place(.textAfterQuote, 1, 1, 4))
    #expect(fault("\n\n\"a\nbc\" ,d") == place(.textAfterQuote, 1, 4, 4))
    #expect(fault("\"a\nb\",\"c\nd\",e,\"f\"g") == place(.textAfterQuote, 1, 3, 9))
    #expect(fault("x\"\n\"y\"\"z\"\n") == nil)
  }

  @Test("Records and fields are limited", arguments: [1, 1000])
  func limits(_ piece: Int) {
    let short = CSVReaderOptions(maximumRecordLength: 5)
    #expect(error("abcde\nab,cd\n", options: short, pieces: [piece]) == nil)
    let tooLong = CSVError(
      .recordTooLong(limit: 5), record: 2, location: TextLocation(line: 2, column: 1))
    #expect(error("a\nabcdef\n", options: short, pieces: [piece]) == tooLong)
    #expect(error("a\nabcdef", options: short, pieces: [piece]) == tooLong)
    #expect(error("a\n\"a\n\n\n\n\n", options: short, pieces: [piece]) == tooLong)
    let narrow = CSVReaderOptions(maximumFieldCount: 2)
    #expect(error("a,b\nc,d", options: narrow, pieces: [piece]) == nil)
    let tooMany = CSVError(
      .tooManyFields(limit: 2), record: 2, location: TextLocation(line: 2, column: 6))
    #expect(error("a,b\nc,d,e\n", options: narrow, pieces: [piece]) == tooMany)
  }

  @Test("Memory is bounded by a record, however long the text")
  func boundedMemory() throws {
    // An endless field is given up as soon as it is beyond the limit.
    var reader = try CSVReader(options: CSVReaderOptions(maximumRecordLength: 100_000))
    let piece = [UInt8](repeating: 0x61, count: 1000)
    var given = 0
    #expect(throws: CSVError.self) {
      while given < 1_000_000 {
        guard try reader.next() == .needsInput else { return }
        reader.append(piece.span)
        given += piece.count
      }
    }
    #expect(given == 101_000)
  }

  @Test("Messages tell what and where")
  func messages() {
    #expect(
      error("a\n\"b")?.description
        == "a quoted field has no closing quote at line 2, column 1 (record 2)")
  }

  @Test("Any bytes in any pieces give the same as in whole, and never a trap")
  func randomBytes() {
    var generator = SeededGenerator(seed: 41)
    let alphabet = bytes("ab,,\"\"\n\r\u{FEFF}")
    for _ in 0..<200_000 {
      let count = Int.random(in: 0...20, using: &generator)
      let source = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      let pieces = (0..<3).map { _ in Int.random(in: 1...7, using: &generator) }
      let options = CSVReaderOptions(skipsBlankLines: Bool.random(using: &generator))
      func outcome(_ pieces: [Int]) -> Result<[[CSVValue]], CSVError> {
        do throws(CSVError) {
          return .success(try csvRecords(source, options: options, pieces: pieces))
        } catch {
          return .failure(error)
        }
      }
      guard outcome(pieces) == outcome([100]) else {
        Issue.record("\(source) in pieces of \(pieces)")
        return
      }
    }
  }
}
