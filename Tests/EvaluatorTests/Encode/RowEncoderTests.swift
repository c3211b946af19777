import Evaluator
import TestSupport
import Testing
import TextCodec
import TreeIR

/// Cells of text become the numbers of the model's slots.
@Suite struct RowEncoderTests {
  private func encode(
    _ text: String, _ kind: InputColumn.Kind
  ) throws(CellError) -> Double {
    let schema = InputSchema(columns: [InputColumn(name: "c", kind: kind)])
    return try RowEncoder(schema).encode(text: Array(text.utf8).span, column: 0)
  }

  @Test(arguments: [
    ("1.5", 1.5), (" -2 ", -2), ("+3", 3), ("1e3", 1000), (".5", 0.5), ("5.", 5),
    ("inf", .infinity), ("-inf", -.infinity), ("Infinity", .infinity), ("true", 1), ("FALSE", 0),
    ("0.1", 0.1), ("1e400", .infinity), ("4.9e-324", 5e-324),
  ])
  func numbers(_ text: String, _ value: Double) throws {
    #expect(try encode(text, .numeric) == value)
    #expect(try encode(text, .categoryCodes) == value)
  }

  @Test func minusZeroKeepsItsSign() throws {
    #expect(try encode("-0.0", .numeric).bitPattern == (-0.0).bitPattern)
  }

  @Test(arguments: ["", " ", "nan", "NaN", "-nan"])
  func missing(_ text: String) throws {
    #expect(try encode(text, .numeric).isNaN)
  }

  @Test(arguments: ["abc", "1,5", "1 2", "0x10", "1e", "--1", "NA", "None", "1.5x", "١"])
  func notANumber(_ text: String) {
    let error = #expect(throws: CellError.self) { try encode(text, .numeric) }
    #expect(error?.reason == .notANumber)
    #expect(error?.message(column: "age").contains("'age': '\(text)'") == true)
  }

  @Test func messagesShowControlCharacters() {
    let error = #expect(throws: CellError.self) { try encode("6\u{1B}5", .numeric) }
    #expect(error?.message(column: "a\nb").contains(#"'a\u{A}b': '6\u{1B}5'"#) == true)
  }

  @Test func textCategoriesAreTakenToTheByte() throws {
    let kind = InputColumn.Kind.dictionary(
      [.string("M"), .string("F"), .string("\u{E9}"), .string("1")], unknown: .missing)
    #expect(try encode("M", kind) == 0)
    #expect(try encode("\u{E9}", kind) == 2)
    #expect(try encode("1", kind) == 3)
    for unknown in ["m", " M", "M ", "e\u{301}", "1.0", "", "X"] {
      #expect(try encode(unknown, kind).isNaN, "'\(unknown)'")
    }
  }

  @Test func numericCategoriesAreComparedAsNumbers() throws {
    let kind = InputColumn.Kind.dictionary(
      [.integer(10), .integer(-3), .integer(9_007_199_254_740_993), .double(0.5)],
      unknown: .missing)
    let cases: [(String, Double?)] = [
      ("10", 0), ("10.0", 0), ("1e1", 0), (" -3 ", 1), ("9007199254740993", 2),
      ("9007199254740992", nil), ("0.5", 3), ("0.50", 3), ("11", nil), ("x", nil), ("", nil),
    ]
    for (text, code) in cases {
      let value = try encode(text, kind)
      #expect(code.map { $0 == value } ?? value.isNaN, "\(text)")
    }
  }

  @Test func mixedCategoriesAreTextFirst() throws {
    let kind = InputColumn.Kind.dictionary(
      [.string("a"), .integer(1), .double(2.5), .string("7")], unknown: .missing)
    for (text, code) in [("a", 0.0), ("1", 1), ("1.0", 1), ("2.5", 2), ("7", 3)] {
      #expect(try encode(text, kind) == code, "\(text)")
    }
    #expect(try encode("7.0", kind).isNaN)
  }

  @Test func truthValuesAreOneAndZero() throws {
    let kind = InputColumn.Kind.dictionary([.boolean(false), .boolean(true)], unknown: .missing)
    for (text, code) in [("True", 1.0), ("false", 0), ("1", 1), ("0.0", 0)] {
      #expect(try encode(text, kind) == code, "\(text)")
    }
    #expect(try encode("yes", kind).isNaN)
  }

  @Test func unknownCategoriesCanBeRefused() throws {
    let kind = InputColumn.Kind.dictionary([.string("a")], unknown: .refused)
    #expect(try encode("", kind).isNaN)
    let error = #expect(throws: CellError.self) { try encode("b", kind) }
    #expect(error?.reason == .unknownCategory)
  }

  private func encodeJSON(
    _ json: String, _ kind: InputColumn.Kind
  ) throws -> Result<Double, CellError> {
    let encoder = RowEncoder(InputSchema(columns: [InputColumn(name: "c", kind: kind)]))
    let bytes = Array(json.utf8)
    var reader = JSONReader(bytes.span)
    let result = try encoder.encode(from: &reader, column: 0)
    try reader.expectEnd()
    return result
  }

  @Test func jsonNumbers() throws {
    for (json, value) in [("1.5", 1.5), ("-0.0", -0.0), ("true", 1), ("false", 0), ("7", 7)] {
      #expect(try encodeJSON(json, .numeric).get().bitPattern == value.bitPattern, "\(json)")
    }
    #expect(try encodeJSON("null", .numeric).get().isNaN)
    for json in ["\"1.5\"", "[1]", "{\"a\": 1}"] {
      #expect(throws: CellError.self) { try encodeJSON(json, .numeric).get() }
    }
    #expect(throws: JSONError.self) { try encodeJSON("nope", .numeric) }
  }

  /// As CatBoost's Python package: integers by their decimal text, truth values as 1 and 0.
  @Test func jsonIsHashedAsTextOrWholeNumbers() throws {
    let kind = InputColumn.Kind.hashedText(.cityHash32)
    #expect(try encodeJSON("\"Paris\"", kind).get() == 1_799_737_244)
    for (json, text) in [
      ("\"abc\"", "abc"), ("\"\"", ""), ("7", "7"), ("-128", "-128"), ("-0", "0"),
      ("true", "1"), ("false", "0"), ("18446744073709551615", "18446744073709551615"),
      ("\"1.5\"", "1.5"), ("\" a\"", " a"), ("\"\\u00e9\"", "\u{E9}"),
    ] {
      #expect(try encodeJSON(json, kind).get() == encode(text, kind), "\(json)")
    }
    for json in ["1.0", "1.5", "1e3", "null", "18446744073709551616", "[1]", "{}"] {
      let error = #expect(throws: CellError.self) { try encodeJSON(json, kind).get() }
      #expect(error?.reason == .notACategory, "\(json)")
    }
  }

  @Test func jsonCategoriesHaveTheTypeOfTheDictionary() throws {
    let texts = InputColumn.Kind.dictionary([.string("1"), .string("\u{E9}")], unknown: .missing)
    #expect(try encodeJSON("\"1\"", texts).get() == 0)
    #expect(try encodeJSON("\"\\u00e9\"", texts).get() == 1)
    #expect(try encodeJSON("1", texts).get().isNaN)
    let numbers = InputColumn.Kind.dictionary([.integer(4), .double(0.5)], unknown: .refused)
    // Text may spell a number, as in a CSV; a number is no text.
    for (json, code) in [("4", 0.0), ("4.0", 0), ("0.5", 1), ("5e-1", 1), ("\"4\"", 0)] {
      #expect(try encodeJSON(json, numbers).get() == code, "\(json)")
    }
    #expect(try encodeJSON("null", numbers).get().isNaN)
    for json in ["\"5\"", "5", "true", "[]"] {
      #expect(throws: CellError.self) { try encodeJSON(json, numbers).get() }
    }
    let truths = InputColumn.Kind.dictionary([.boolean(true)], unknown: .missing)
    #expect(try encodeJSON("true", truths).get() == 0)
    #expect(try encodeJSON("false", truths).get().isNaN)
  }

  /// From CatBoost's own hash, by way of the reference scorer.
  static let hashes: [(String, Int32)] = [
    ("", 797_982_799), ("a", -805_065_478), ("Paris", 1_799_737_244),
    ("Lisbon", -153_065_563), ("São Paulo", 607_502_683), ("0123456789abcdef", -1_649_659_113),
    ("0123456789abcdefg", -445_042_630), (String(repeating: "x", count: 32), 664_286_079),
    (String(repeating: "x", count: 33), 1_424_607_287),
    (String(repeating: "y", count: 64), 1_213_635_094),
    (String(repeating: "y", count: 65), -1_180_463_569),
    (String(repeating: "z", count: 128), 1_319_357_041),
    (String(repeating: "zq", count: 100), 672_518_177),
  ]

  @Test(arguments: hashes)
  func hashedText(_ text: String, _ hash: Int32) throws {
    #expect(try encode(text, .hashedText(.cityHash32)) == Double(hash))
  }

  @Test func manyCategoriesAreAllFound() throws {
    let names = (0..<5000).map { "category \($0)" }
    let kind = InputColumn.Kind.dictionary(names.map { .string($0) }, unknown: .refused)
    let encoder = RowEncoder(InputSchema(columns: [InputColumn(name: "c", kind: kind)]))
    for (position, name) in names.enumerated() {
      #expect(try encoder.encode(text: Array(name.utf8).span, column: 0) == Double(position))
    }
  }

  @Test func aRowOfTextIsEncodedWhole() throws {
    let encoder = RowEncoder(
      InputSchema(columns: [
        InputColumn(name: "age", kind: .numeric),
        InputColumn(
          name: "sex", kind: .dictionary([.string("F"), .string("M")], unknown: .missing)),
      ]))
    #expect(try encoder.encode(cells: ["41", "M"]) == [41, 1])
    let error = #expect(throws: RowError.self) { try encoder.encode(cells: ["old", "M"]) }
    #expect(error?.description.contains("'age': 'old'") == true)
    #expect(throws: RowError.self) { try encoder.encode(cells: ["41"]) }
  }

  @Test func aRowReportsItsFirstFailure() {
    let schema = InputSchema(columns: [
      InputColumn(name: "a", kind: .numeric), InputColumn(name: "b", kind: .numeric),
    ])
    let encoder = RowEncoder(schema)
    var batch = RowBatch(schema)
    for row in [["1", "2"], ["x", "y"], ["3", "z"]] {
      batch.appendRow { (column) throws(CellError) in
        try encoder.encode(text: Array(row[column].utf8).span, column: column)
      }
    }
    #expect(batch.rowCount == 3)
    #expect(batch.failures.map(\.row) == [1, 2])
    #expect(batch.failures[0].message.contains("'a': 'x'"))
    #expect(batch.values[0...1] == [1, 2] && batch.values[4] == 3 && batch.values[5].isNaN)
  }
}
