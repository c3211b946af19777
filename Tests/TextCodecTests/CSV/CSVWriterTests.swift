import TestSupport
import Testing

@testable import TextCodec

@Suite("Writing CSV")
struct CSVWriterTests {
  @Test("Only fields that need quotes have them")
  func quoting() throws {
    var writer = try CSVWriter()
    for field in ["a", "", "b,c", "d\"e", "f\ng", "h\ri", " j ", "é"] { writer.append(field) }
    writer.endRecord()
    #expect(text(writer.bytes) == "a,,\"b,c\",\"d\"\"e\",\"f\ng\",\"h\ri\", j ,é\n")
  }

  @Test("Numbers have their shortest text")
  func numbers() throws {
    var writer = try CSVWriter(delimiter: 0x3B)
    writer.append(0.1)
    writer.append(Float(0.1))
    writer.append(Int64(-5))
    writer.append(Double.nan)
    writer.endRecord()
    #expect(text(writer.bytes) == "0.1;0.1;-5;nan\n")
  }

  @Test("A record is not taken for a blank line, nor a field for a byte order mark")
  func ambiguities() throws {
    var writer = try CSVWriter()
    writer.append("\u{FEFF}")
    writer.endRecord()
    writer.append("")
    writer.endRecord()
    writer.append("")
    writer.append("")
    writer.endRecord()
    #expect(text(writer.bytes) == "\"\u{FEFF}\"\n\"\"\n,\n")
  }

  @Test("The delimiter is checked")
  func delimiter() {
    #expect(throws: CSVError.self) { try CSVWriter(delimiter: 0x2E) }
  }

  @Test("Complete records can be taken away, and the rest stays")
  func pieces() throws {
    var writer = try CSVWriter()
    writer.append("a")
    writer.endRecord()
    writer.append("b")
    #expect(text(writer.takeBytes()) == "a\n")
    #expect(writer.takeBytes() == [])
    writer.append("c")
    writer.endRecord()
    #expect(text(writer.takeBytes()) == "b,c\n")
  }

  @Test("What was written is read back, in pieces of any size")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 42)
    let alphabet = ["a", ",", ";", "\"", "\n", "\r", "\u{FEFF}", "é", " ", "0", "long text "]
    for round in 0..<20_000 {
      var writer = try CSVWriter(delimiter: round % 2 == 0 ? 0x2C : 0x3B)
      let records = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in
          (0..<Int.random(in: 0...5, using: &generator)).map { _ in
            alphabet.randomElement(using: &generator) ?? ""
          }.joined()
        }
      }
      for record in records {
        for field in record { writer.append(field) }
        writer.endRecord()
      }
      let pieces = (0..<3).map { _ in Int.random(in: 1...40, using: &generator) }
      let options = CSVReaderOptions(delimiter: round % 2 == 0 ? 0x2C : 0x3B)
      let read = try csvRecords(writer.bytes, options: options, pieces: pieces)
      guard read.map({ $0.map(\.text) }) == records else {
        Issue.record("\(records) was written as \(text(writer.bytes)) and read as \(read)")
        return
      }
    }
  }
}
