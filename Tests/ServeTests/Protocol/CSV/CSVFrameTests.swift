import Testing
import TreeIR

@testable import Serve

/// What a CSV body means beyond what pandas makes of it, which ``CSVFrameFixtureTests`` has.
@Suite struct CSVFrameTests {
  private func model(
    _ columns: [InputColumn], library: String = "LightGBM"
  ) throws -> ServedModel {
    var builder = ModelBuilder(input: InputSchema(columns: columns))
    builder.provenance.library = library
    return ServedModel(try builder.build())
  }

  private func model(_ names: [String]) throws -> ServedModel {
    try model(names.map { InputColumn(name: $0, kind: .numeric) })
  }

  private func read(
    _ text: String, _ model: ServedModel, isStrict: Bool = false
  ) throws(CSVFrameError) -> Frame {
    let body = Array(text.utf8)
    return try CSVFrame.read(body.span, model: model, isStrict: isStrict)
  }

  private func error(_ text: String, isStrict: Bool = false) throws -> CSVFrameError? {
    let model = try model(["a", "b"])
    return #expect(throws: CSVFrameError.self) { try read(text, model, isStrict: isStrict) }
  }

  private func fault(_ text: String, _ model: ServedModel? = nil) throws -> Frame.Fault? {
    try read(text, model ?? self.model(["a", "b"])).fault
  }

  // MARK: Which column is which

  @Test func columnsOfTheModelGoByNameInAnyOrder() throws {
    let frame = try read("c,a,b\n3,1,2\n6,4\n", model(["a", "b", "c"]))
    #expect(frame.values[0..<3] == [1, 2, 3])
    #expect(frame.values[3] == 4 && frame.values[4].isNaN && frame.values[5] == 6)
  }

  @Test func kindsAreInTheOrderOfTheModelAsValuesAre() throws {
    let frame = try read("c,a,b\n3,true,0.5\n", model(["a", "b", "c"]))
    #expect(frame.kinds == [.boolean, .fraction, .integer])
    #expect(frame.values == [1, 0.5, 3])
  }

  @Test func strictModeGoesByPosition() throws {
    let frame = try read("b,a\n1,2\n", model(["a", "b"]), isStrict: true)
    #expect(frame.values == [1, 2])
  }

  @Test(arguments: ["b,x\n1,2\n", "b,b\n1,2\n", "B,A\n1,2\n"])
  func headersWithOtherNamesGoByPosition(text: String) throws {
    #expect(try read(text, model(["a", "b"])).values == [1, 2])
  }

  @Test func lightGBMSavesBlanksAsUnderscores() throws {
    #expect(try read("b c,a\n1,2\n", model(["a", "b_c"])).values == [2, 1])
    let other = try model(
      ["a", "b_c"].map { InputColumn(name: $0, kind: .numeric) }, library: "XGBoost")
    #expect(try read("b c,a\n1,2\n", other).values == [1, 2])
  }

  @Test func namesDoNotStandAboveTheirValuesWhereAnIndexIs() throws {
    let frame = try read("b,a\n7,1,2\n8,3\n", model(["a", "b"]))
    #expect(frame.columnCount == 2)
    #expect(frame.values[0] == 2 && frame.values[1] == 1)
    #expect(frame.values[2].isNaN && frame.values[3] == 3)
  }

  @Test func aFrameOfAnotherWidthHasItsSizeAndNothingElse() throws {
    let frame = try read("a,b,c\n1,x,3\n4\n", model(["a", "b"]))
    #expect(frame.columnCount == 3 && frame.rowCount == 2)
    #expect(frame.values.isEmpty && frame.kinds.isEmpty && frame.fault == nil)
  }

  @Test func aHeaderAloneIsAFrameWithoutRows() throws {
    let frame = try read("a,b\n", model(["a", "b"]))
    #expect(frame.columnCount == 2 && frame.rowCount == 0 && frame.kinds == [[], []])
  }

  // MARK: Categories

  private func categories(_ unknown: InputColumn.UnknownCategory) throws -> ServedModel {
    try model([
      InputColumn(name: "x", kind: .numeric),
      InputColumn(
        name: "region",
        kind: .dictionary([.string("north"), .string("NA"), .integer(7)], unknown: unknown)),
    ])
  }

  @Test func textsOfCategoriesAreEncodedAndMakeNoFrameOfObjects() throws {
    let frame = try read(
      "region,x\nnorth,1\n\"NA\",2\n7,3\nsouth,4\n,5\nnull,6\n", categories(.missing))
    let codes = stride(from: 1, to: 12, by: 2).map { frame.values[$0] }
    #expect(codes[0..<3] == [0, 1, 2] && codes[3...].allSatisfy(\.isNaN))
    #expect(frame.kinds == [.integer, [.fraction, .category]] && frame.fault == nil)
  }

  @Test func aCategoryThatMustBeKnownIsAFault() throws {
    let model = try categories(.refused)
    let frame = try read("x,region\n1,north\n2,NaN\n3,south\n4,east\n", model)
    #expect(frame.kinds == [.integer, .text])
    #expect(
      frame.fault
        == Frame.Fault(
          row: 2,
          message: "column 'region': 'south' is not a category that the model knows"
            + ScoringError.unknownCategoryRemedy))
  }

  @Test func missingTextIsHashedAsEmptyText() throws {
    let model = try model([
      InputColumn(name: "x", kind: .numeric),
      InputColumn(name: "city", kind: .hashedText(.cityHash32)),
    ])
    let frame = try read("x,city\n1,\"\"\n2\n3,Paris\n", model)
    #expect(frame.values[1] == frame.values[3] && frame.values[1] != frame.values[5])
    #expect(frame.fault == nil)
  }

  @Test func strictModeKnowsNoCategories() throws {
    let frame = try read("x,region\n1,north\n", categories(.missing), isStrict: true)
    #expect(frame.kinds == [.integer, .text] && frame.fault != nil)
  }

  // MARK: Cells to blame

  @Test func theFirstRowWithACellThatIsNoNumberIsToBlame() throws {
    #expect(
      try fault("a,b\n1,2\n3,4x\n5y,6\n")
        == Frame.Fault(
          row: 1,
          message: "column 'b': '4x' is not a number; leave the cell empty if the value is missing"
        ))
    #expect(try fault("a,b\n1,2\n\n3x,4y\n")?.message.hasPrefix("column 'a': '3x'") == true)
  }

  private static let faults: [(String, Int, String)] = [
    ("1\ntrue\n", 1, "'true' is not a number"),
    ("true\n1\n", 1, "'1' is no truth value as the cells above it"),
    ("true\nfalse\n\"\"\n", 2, "a cell is missing among truth values"),
    ("1\n99999999999999999999\n", 1, "integers beyond 64 bits"),
    ("1\n18446744073709551615\n-1\n", 1, "or beyond 63 among missing or negative ones"),
    ("1\n18446744073709551615\n1.5x\n", 2, "'1.5x' is not a number"),
    ("\u{1B}[1m\n", 0, "'\\u{1B}[1m' is not a number"),
    (String(repeating: "é", count: 30) + "\n", 0, "é…' is not a number"),
  ]

  @Test(arguments: faults)
  func faultsTellWhatIsWrong(cells: String, row: Int, words: String) throws {
    let fault = try fault("a\n" + cells, model(["a"]))
    #expect(fault?.row == row)
    #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "none")")
  }

  // MARK: No table

  @Test func syntaxErrorsTellLineAndRemedy() throws {
    let long = try error("a,b\r\n\r\n1,\"2\n\n\"\r\n3,4,5\r\n")
    #expect(long?.kind == .syntax)
    #expect(
      long?.message
        == "line 6: 3 fields where header and first row have 2; a cell with a comma in it must "
        + "be in quotes")
    let quote = try error("a,b\r1,2\r3,\"4\r5,6\r")
    #expect(quote?.message.hasPrefix("line 3: a field has an opening quote and no closing") == true)
    #expect(try error(" \n")?.message.hasPrefix("line 1: the body is empty") == true)
  }

  @Test func strictModeHasTheWordsOfPandas() throws {
    #expect(
      try error("a,b\n1,2\n3,4,5\n", isStrict: true)?.message
        == "Error tokenizing data. C error: Expected 2 fields in line 3, saw 3\n")
  }

  @Test(
    arguments: [
      [0x61, 0x0A, 0x31, 0x0A, 0xFF], [0x61, 0x0A, 0x31, 0x0A, 0xC3],
      [0x61, 0x0A, 0x31, 0x0A, 0xED, 0xA0, 0x80],
    ] as [[UInt8]])
  func bytesThatAreNoUTF8AreRefusedFirst(body: [UInt8]) throws {
    let model = try model(["a"])
    for isStrict in [false, true] {
      let error = #expect(throws: CSVFrameError.self) {
        try CSVFrame.read(body.span, model: model, isStrict: isStrict)
      }
      #expect(error?.kind == .encoding)
      #expect(error?.message.hasPrefix("line 3: byte 4 of the body is not UTF-8") == true)
    }
  }

  // MARK: Bounds

  @Test func cellsThatAreLeftOutDoNotFillTheMemory() throws {
    let names = (0..<5000).map { "c\($0)" }
    let text = names.joined(separator: ",") + "\n" + String(repeating: "1\n", count: 5000)
    let model = try model(names)
    let error = #expect(throws: CSVFrameError.self) { try read(text, model) }
    #expect(error?.kind == .size)
    #expect(error?.message.contains("write out missing cells, or send fewer rows") == true)
    // As many rows of a frame that the model cannot take need no memory for cells.
    #expect(try read("x," + text, model).rowCount == 5000)
  }
}
