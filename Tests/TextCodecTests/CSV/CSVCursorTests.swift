import TestSupport
import Testing

@testable import TextCodec

@Suite("Reading CSV in place")
struct CSVCursorTests {
  /// The records up to the first that the cursor cannot read, and whether there is such a one.
  private func records(_ text: [UInt8]) -> (records: [[String]], isWhole: Bool, lines: Int) {
    var cursor = CSVCursor(text.span, isStart: true)
    var records: [[String]] = []
    while cursor.beginRecord() {
      var fields: [String] = []
      while let field = cursor.nextField(isLast: false) { fields.append(string(field)) }
      guard let last = cursor.nextField(isLast: true) else {
        return (records, false, cursor.lineCount)
      }
      fields.append(string(last))
      let number = cursor.recordCount
      let hasEnd = cursor.endRecord()
      #expect(number == records.count && hasEnd)
      records.append(fields)
    }
    return (records, true, cursor.lineCount)
  }

  private func string(_ field: CSVCursorField) -> String {
    var content: [UInt8] = []
    field.append(to: &content)
    return String(decoding: content, as: UTF8.self)
  }

  @Test func `Records are those of the reader`() throws {
    for seed in 0..<20_000 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let text = randomCSV(&random)
      var reader = try CSVReader(options: CSVReaderOptions(skipsBlankLines: false))
      reader.append(text.span)
      reader.finish()
      var expected: [[String]] = []
      var isWhole = true
      do throws(CSVError) {
        while case .record = try reader.next() {
          expected.append((0..<reader.fieldCount).map { reader.field(at: $0).makeString() })
        }
      } catch {
        isWhole = false
      }
      let found = records(text)
      #expect(found.records == expected && found.isWhole == isWhole, "seed \(seed)")
    }
  }

  @Test func `Numbers go to their places`() {
    let text = Array("1.5,x,,-2e3\r\n7,\"skipped, too\",8,9".utf8)
    let places: [Int32] = [2, CSVCursor.Place.skipped, 0, 1]
    var rows = [Double](repeating: .nan, count: 6)
    var target = rows.mutableSpan
    var cursor = CSVCursor(text.span, isStart: true)
    var steps: [Bool] = [cursor.beginRecord()]
    steps.append(cursor.readNumbers(places.span, from: 0, into: &target, at: 0) == 4)
    steps.append(cursor.endRecord())
    steps.append(cursor.beginRecord())
    // Quotes are for somebody else.
    steps.append(cursor.readNumbers(places.span, from: 0, into: &target, at: 3) == 1)
    steps.append(cursor.nextField(isLast: false) != nil)
    steps.append(cursor.readNumbers(places.span, from: 2, into: &target, at: 3) == 4)
    steps.append(cursor.endRecord())
    steps.append(!cursor.beginRecord())
    #expect(!steps.contains(false), "\(steps)")
    #expect(rows[0].isNaN && Array(rows[1...]) == [-2000, 1.5, 8, 9, 7])
  }

  @Test(arguments: ["abc", " 1", "1 ", "1x", "\"1\"", "1e", "nan", "0x1"])
  func `What is no plain number stays`(cell: String) {
    let text = Array("\(cell),2".utf8)
    let places: [Int32] = [0, 1]
    var rows: [Double] = [.nan, .nan]
    var target = rows.mutableSpan
    var cursor = CSVCursor(text.span, isStart: true)
    let hasRecord = cursor.beginRecord()
    let field = cursor.readNumbers(places.span, from: 0, into: &target, at: 0)
    let position = cursor.position
    #expect(hasRecord && field == 0 && position == 0)
  }

  @Test func `Records of another width are not read`() {
    let places: [Int32] = [0, 1]
    for text in ["1\n", "1,2,3\n", "1"] {
      let text = Array(text.utf8)
      var rows: [Double] = [.nan, .nan]
      var target = rows.mutableSpan
      var cursor = CSVCursor(text.span, isStart: true)
      let hasRecord = cursor.beginRecord()
      let field = cursor.readNumbers(places.span, from: 0, into: &target, at: 0)
      #expect(hasRecord && field < 2)
    }
  }

  @Test func `Lines within quotes count`() {
    #expect(records(Array("\"a\nb\",1\r\n\rc\n".utf8)).lines == 4)
  }
}
