import TestSupport
import Testing

@testable import TextCodec

/// Texts of few different bytes, so that quotes, delimiters and line ends meet in all ways.
func randomCSV(_ random: inout SeededGenerator) -> [UInt8] {
  let alphabet = Array("a1.,,\"\"\n\r".utf8)
  let count = Int.random(in: 0...24, using: &random)
  return (0..<count).compactMap { _ in alphabet.randomElement(using: &random) }
}

@Suite("Cutting text between records")
struct RecordCutterTests {
  /// The pieces of a text that comes `step` bytes at a time, cut wherever that is possible.
  private func pieces(_ text: [UInt8], step: Int, _ form: RecordCutter.Form) -> [[UInt8]] {
    var cutter = RecordCutter(form)
    var pieces: [[UInt8]] = []
    var buffer: [UInt8] = []
    var offset = 0
    while offset < text.count {
      let end = min(text.count, offset + step)
      buffer += text[offset..<end]
      offset = end
      let cut = cutter.lastEnd(in: buffer.span)
      guard cut > 0 else { continue }
      pieces.append(Array(buffer[..<cut]))
      buffer.removeSubrange(..<cut)
      cutter.cut()
    }
    if !buffer.isEmpty { pieces.append(buffer) }
    return pieces
  }

  /// The records of all pieces, and what is wrong with the next one.
  private func records(_ pieces: [[UInt8]]) -> ([[CSVValue]], CSVError.Kind?) {
    var records: [[CSVValue]] = []
    for piece in pieces {
      do throws(CSVError) {
        var reader = try CSVReader(options: CSVReaderOptions(skipsBlankLines: false))
        reader.append(piece.span)
        reader.finish()
        while case .record = try reader.next() {
          records.append(
            (0..<reader.fieldCount).map {
              let field = reader.field(at: $0)
              return CSVValue(field.makeString(), isQuoted: field.isQuoted)
            })
        }
      } catch {
        return (records, error.kind)
      }
    }
    return (records, nil)
  }

  @Test func `Pieces have the records of the whole`() {
    for seed in 0..<4000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let text = randomCSV(&random)
      let whole = records([text])
      for step in 1...max(1, text.count) {
        let pieces = pieces(text, step: step, .csv())
        #expect(pieces.flatMap { $0 } == text)
        let parts = records(pieces)
        #expect(parts.0 == whole.0 && parts.1 == whole.1, "seed \(seed), step \(step)")
      }
    }
  }

  @Test(arguments: [
    ("a,b\nc", ["a,b\n", "c"]), ("a\r\nb\r\n", ["a\r\n", "b\r\n"]), ("a\rb\r", ["a\r", "b\r"]),
    ("\"a\nb\",c\nd", ["\"a\nb\",c\n", "d"]), ("a\"b\nc\"\nd", ["a\"b\n", "c\"\n", "d"]),
    ("\"a\"\"\n\"\nb", ["\"a\"\"\n\"\n", "b"]),
    ("\u{FEFF}\"a\nb\"\nc", ["\u{FEFF}\"a\nb\"\n", "c"]),
  ])
  func `Records end where no quotes are open`(text: String, expected: [String]) {
    let found = pieces(Array(text.utf8), step: 1, .csv())
    #expect(found.map { String(decoding: $0, as: UTF8.self) } == expected)
  }

  @Test func `Lines end with a line feed only`() {
    let found = pieces(Array("{\"a\":\"\r\"}\r\n\"\n3".utf8), step: 1, .lines)
    #expect(
      found.map { String(decoding: $0, as: UTF8.self) } == ["{\"a\":\"\r\"}\r\n", "\"\n", "3"])
  }
}
