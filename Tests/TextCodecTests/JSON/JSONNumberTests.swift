import TestSupport
import Testing

@testable import TextCodec

@Suite("Reading JSON numbers with their form")
struct JSONNumberTests {
  private func number(_ text: String) throws -> JSONNumber? {
    let text = bytes(text)
    var reader = JSONReader(text.span, options: JSONReaderOptions(allowsNonFinite: true))
    return try reader.readNumber()
  }

  private static let forms: [(text: String, form: JSONNumber.Form)] = [
    ("0", .integer), ("-0", .integer), ("7", .integer), ("1.0", .fraction), ("1e0", .fraction),
    ("1E5", .fraction), ("0.5", .fraction), ("NaN", .fraction), ("-Infinity", .fraction),
    ("9007199254740992", .integer), ("-9007199254740994", .wideInteger),
    ("9223372036854775807", .wideInteger), ("-9223372036854775808", .wideInteger),
    ("9223372036854775808", .unsignedInteger), ("18446744073709551615", .unsignedInteger),
    ("18446744073709551616", .hugeInteger), ("-9223372036854775809", .hugeInteger),
    ("123456789012345678901234567890", .hugeInteger),
    ("1234567890123456789012345.5", .fraction), ("1234567890123456789012345e1", .fraction),
  ]

  @Test("The form says whether and where an integer fits", arguments: forms)
  func form(_ text: String, _ form: JSONNumber.Form) throws {
    #expect(try number(text)?.form == form)
    #expect(try number("\(text) ,           ")?.form == form)
  }

  @Test("The integer zero has no sign, the fraction has") func zero() throws {
    #expect(try number("-0")?.value.sign == .plus)
    #expect(try number("-0.0")?.value.sign == .minus)
  }

  @Test("Other values stay unread") func others() throws {
    for text in ["null", "true", "\"1\"", "[1]", "{}"] {
      let text = bytes(text)
      var reader = JSONReader(text.span)
      #expect(try reader.readNumber() == nil)
      try reader.skipValue()
      try reader.expectEnd()
    }
  }

  @Test(
    "What only begins like a number is refused", arguments: ["01", "1.", "-", ".5", "1e", "-x"])
  func refused(_ text: String) {
    for tail in ["", "                "] {
      #expect(throws: JSONError.self) {
        let text = bytes("[\(text)\(tail)]")
        var reader = JSONReader(text.span)
        try reader.enterArray()
        _ = try reader.nextElement()
        if try reader.readNumber() != nil { while try reader.nextElement() {} }
      }
    }
  }

  @Test("Texts of all lengths are rounded as the standard library rounds them")
  func rounding() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let digits = Int.random(in: 1...24, using: &generator)
      var text = String((0..<digits).map { _ in "0123456789".randomElement(using: &generator)! })
      let point = Int.random(in: 0...digits, using: &generator)
      var whole = String(text.prefix(point).drop { $0 == "0" })
      if whole.isEmpty { whole = "0" }
      text = point == digits ? whole : "\(whole).\(text.dropFirst(point))"
      if Bool.random(using: &generator) { text = "-\(text)" }
      if Int.random(in: 0..<8, using: &generator) == 0 { text += "e-3" }
      let value = try #require(try number("\(text), 1, 2, 3, 4"))
      #expect(value.value == Double(text), "\(text)")
    }
  }

  // MARK: Several at once

  private func numbers(
    _ text: String, count: Int
  ) throws -> (end: JSONReader.NumbersEnd, position: Int, values: [Double], rest: Int) {
    let text = bytes(text)
    var reader = JSONReader(text.span)
    var values = [Double](repeating: -1, count: count + 1)
    var forms = [JSONNumber.Forms](repeating: [], count: count)
    var position = 0
    try reader.enterArray()
    let end = try reader.readNumbers(into: &values, at: 1, forms: &forms, from: &position)
    return (end, position, Array(values.dropFirst().prefix(position)), reader.position)
  }

  @Test("Numbers are read until the array, the room or the numbers end") func several() throws {
    var read = try numbers("[1, 2.5 ,-3]", count: 5)
    #expect(read.end == .array)
    #expect(read.values == [1, 2.5, -3])
    read = try numbers("[1,2,3]", count: 2)
    #expect(read.end == .full)
    #expect(read.values == [1, 2])
    read = try numbers("[ 1 , null]", count: 5)
    #expect(read.end == .otherElement)
    #expect(read.values == [1])
    read = try numbers("[ ]", count: 5)
    #expect(read.end == .array)
    #expect(read.position == 0)
  }

  @Test("Reading goes on with any other call") func goingOn() throws {
    let text = bytes("[1, null, 2, [3], 4, 5, 6]")
    var reader = JSONReader(text.span)
    var values = [Double](repeating: 0, count: 6)
    var forms = [JSONNumber.Forms](repeating: [], count: 6)
    var position = 0
    try reader.enterArray()
    func read(_ reader: inout JSONReader) throws -> JSONReader.NumbersEnd {
      try reader.readNumbers(into: &values, at: 0, forms: &forms, from: &position)
    }
    #expect(try read(&reader) == .otherElement)
    try reader.readNull()
    #expect(try read(&reader) == .otherElement)
    try reader.skipValue()
    #expect(try read(&reader) == .array)
    try reader.expectEnd()
    #expect(Array(values.prefix(5)) == [1, 2, 4, 5, 6])
    #expect(forms.prefix(5).allSatisfy { $0 == .integer })
  }

  @Test(
    "Errors are those of reading one by one",
    arguments: [
      ("[1 2]", "',' or ']'"), ("[1", "',' or ']'"), ("[1;2]", "',' or ']'"),
    ])
  func errors(_ text: String, _ expected: String) {
    let oneByOne = #expect(throws: JSONError.self) {
      let text = bytes(text)
      var reader = JSONReader(text.span)
      try reader.enterArray()
      while try reader.nextElement() { _ = try reader.readNumber() }
    }
    let atOnce = #expect(throws: JSONError.self) { _ = try numbers(text, count: 5) }
    #expect(oneByOne == atOnce)
  }

  @Test("It takes an open array") func callsOutOfOrder() {
    for text in ["1", "{\"a\": 1}"] {
      let error = #expect(throws: JSONError.self) {
        let text = bytes(text)
        var reader = JSONReader(text.span)
        if text.first == UInt8(ascii: "{") { try reader.enterObject() }
        var values = [0.0]
        var forms: [JSONNumber.Forms] = [[]]
        var position = 0
        _ = try reader.readNumbers(into: &values, at: 0, forms: &forms, from: &position)
      }
      #expect(error?.kind == .callOutOfOrder)
    }
  }

  // MARK: Values known beforehand

  @Test("A value is skipped if it is written as it was foreseen") func skipping() throws {
    let text = bytes("[ [\"a\", 1] , 2]")
    var reader = JSONReader(text.span)
    try reader.enterArray()
    _ = try reader.nextElement()
    #expect(try reader.skipValue(writtenAs: bytes("[\"a\",1]").span) == false)
    #expect(try reader.skipValue(writtenAs: bytes("[\"a\", 1]").span))
    _ = try reader.nextElement()
    #expect(try reader.readInt64() == 2)
  }

  // MARK: Halves of surrogate pairs

  @Test("Halves of surrogate pairs pass where they may")
  func surrogates() throws {
    let escaped = bytes(#""a\ud83d\ude00\ud800""#)
    let raw: [UInt8] = [0x22, 0xED, 0xA0, 0x80, 0x22]
    for text in [escaped, raw] {
      var strict = JSONReader(text.span)
      #expect(throws: JSONError.self) { try strict.skipValue() }
    }
    var reader = JSONReader(escaped.span, options: JSONReaderOptions(allowsLoneSurrogates: true))
    var content: [UInt8] = []
    try reader.readText().append(to: &content)
    #expect(content == Array("a😀".utf8) + [0xED, 0xA0, 0x80])
    reader = JSONReader(raw.span, options: JSONReaderOptions(allowsLoneSurrogates: true))
    content = []
    try reader.readText().append(to: &content)
    #expect(content == [0xED, 0xA0, 0x80])
  }
}
