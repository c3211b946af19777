import Testing

@testable import Importers

@Suite("FlatBuffers, every offset checked")
struct FlatBufferTests {
  /// A table with an integer 7, a missing field, a text "abc", a list of 1 and 2, and a table
  /// with an integer 9; the buffer begins at byte 2 of the file.
  private static let file: [UInt8] = [
    0xEE, 0xEE,
    18, 0, 0, 0,  // 0: the root is at 18
    14, 0, 24, 0, 4, 0, 0, 0, 8, 0, 12, 0, 16, 0,  // 4: offsets of fields
    14, 0, 0, 0,  // 18: the table; its offsets are 14 before
    7, 0, 0, 0,  // 22
    16, 0, 0, 0,  // 26: the text is at 42
    20, 0, 0, 0,  // 30: the list is at 50
    30, 0, 0, 0,  // 34: the other table is at 68 - 4
    0, 0, 0, 0,  // 38
    3, 0, 0, 0, 97, 98, 99, 0,  // 42
    2, 0, 0, 0, 1, 0, 2, 0,  // 50
    6, 0, 8, 0, 4, 0,  // 58: its offsets
    6, 0, 0, 0,  // 64: the other table
    9, 0, 0, 0,  // 68
  ]

  private enum Schema {
    static let number = FlatBuffer.Field(0, "Number")
    static let absent = FlatBuffer.Field(1, "Absent")
    static let text = FlatBuffer.Field(2, "Text")
    static let list = FlatBuffer.Field(3, "List")
    static let table = FlatBuffer.Field(4, "Table")
    static let beyond = FlatBuffer.Field(5, "Beyond")
  }

  /// Reads all of `file`, and gives what is in it.
  private func read(_ file: [UInt8]) throws(Fault) -> String {
    let span = file.span
    var buffer = FlatBuffer(span, in: 2..<file.count, format: "test")
    let root = try buffer.root("root")
    let number = try buffer.integer(root, Schema.number, missing: Int32(-1))
    let absent = try buffer.integer(root, Schema.absent, missing: Int32(-1))
    let beyond = try buffer.double(root, Schema.beyond, missing: 0.5)
    let text = try buffer.text(root, Schema.text) ?? "none"
    let list = try buffer.integers(root, Schema.list, as: UInt16.self)
    var inner: Int32 = 0
    if let table = try buffer.table(root, Schema.table) {
      inner = try buffer.integer(table, Schema.number, missing: Int32(-1))
    }
    return "\(number) \(absent) \(beyond) \(text) \(list) \(inner)"
  }

  @Test func fieldsAreFoundByTheirOffsets() throws {
    #expect(try read(Self.file) == "7 -1 0.5 abc [1, 2] 9")
  }

  @Test("no change of one byte leads out of the buffer", arguments: [0, 1, 0x7F, 0x80, 0xFF])
  func changes(_ byte: UInt8) {
    for place in 2..<Self.file.count {
      var file = Self.file
      file[place] = byte
      do throws(Fault) {
        _ = try read(file)
      } catch {
        #expect(error.code == .malformed && !error.key.isEmpty, "\(place)")
      }
    }
  }

  @Test func aShorterBufferIsRefused() {
    for count in 2..<Self.file.count {
      #expect(throws: Fault.self, "\(count) bytes") { try read(Array(Self.file.prefix(count))) }
    }
  }

  @Test func errorsTellThePathAndTheByteOfTheFile() {
    var file = Self.file
    file[52] = 0xFF
    do throws(Fault) {
      _ = try read(file)
      Issue.record("it was read")
    } catch {
      #expect(error.key == "root.List" && error.offset == 52)
    }
  }

  /// A list of tables that are all the same one, which has a long text.
  @Test func partsThatOverlapAreRefused() {
    let count = 1000
    var file: [UInt8] = [0xEE, 0xEE, 12, 0, 0, 0, 6, 0, 8, 0, 4, 0, 0, 0, 8, 0, 0, 0, 4, 0, 0, 0]
    func append(_ number: Int) {
      for shift in [0, 8, 16, 24] { file.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    // The list is at 20, the table that all elements lead to behind it.
    append(count)
    let table = 24 + 4 * count + 8
    for element in 0..<count { append(table - (24 + 4 * element)) }
    file += [6, 0, 8, 0, 4, 0, 0, 0]
    append(8)
    append(4)
    append(4096)
    file += [UInt8](repeating: 97, count: 4096)
    do throws(Fault) {
      let span = file.span
      var buffer = FlatBuffer(span, in: 2..<file.count, format: "test")
      let root = try buffer.root("root")
      for table in try buffer.tables(root, Schema.number) {
        _ = try buffer.text(table, Schema.number)
      }
      Issue.record("it was read")
    } catch {
      #expect(error.message.contains("overlap"), "\(error.message)")
    }
  }
}
