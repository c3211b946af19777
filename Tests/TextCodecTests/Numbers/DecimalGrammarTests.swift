import Testing

@testable import TextCodec

@Suite("Which texts are numbers")
struct DecimalGrammarTests {
  @Test(
    "Plain text has signs, loose points and exponents",
    arguments: [
      ("0", 0), ("1", 1), ("+1", 1), ("-1", -1), ("007", 7), (".5", 0.5), ("5.", 5),
      ("-.5", -0.5), ("+5.", 5), ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001),
      ("5.e1", 50), (".5e1", 5), ("123456789.123456789", 123456789.123456789),
      ("0.000000000000000000000000000001", 1e-30), ("1e0000000000000000000001", 10),
    ])
  func plain(_ text: String, _ value: Double) {
    let parsed = parseDouble(text)
    #expect(parsed.value == value)
    #expect(parsed.end == text.utf8.count)
    #expect(wholeFloat(bytes(text)) == CLibrary.float(bytes(text)))
  }

  @Test(
    "Words for what is not finite, in any case",
    arguments: [
      "inf", "+inf", "-inf", "INF", "Infinity", "-INFINITY", "+infinity", "nan", "NaN", "-nan",
      "+NAN",
    ])
  func words(_ word: String) throws {
    let double = try #require(wholeDouble(bytes(word)))
    let float = try #require(wholeFloat(bytes(word)))
    #expect(double.isNaN == word.lowercased().contains("nan"))
    #expect(double.isInfinite == word.lowercased().contains("inf"))
    #expect(float.isNaN == double.isNaN && float.isInfinite == double.isInfinite)
    #expect((double.sign == .minus) == word.hasPrefix("-"))
    #expect(wholeDouble(bytes(word), grammar: .json) == nil)
  }

  @Test(
    "What only begins like a number is read as far as it is one",
    arguments: [
      ("1,2", 1, 1), ("1e", 1, 1), ("1e+", 1, 1), ("1e+x", 1, 1), ("1.2.3", 1.2, 3),
      ("0x10", 0, 1), ("1_000", 1, 1), ("1-2", 1, 1), ("12 ", 12, 2), ("infx", .infinity, 3),
      ("infinit", .infinity, 3), ("1e5e5", 1e5, 3), ("1.e", 1, 2),
    ] as [(String, Double, Int)])
  func prefixes(_ text: String, _ value: Double, _ end: Int) {
    let parsed = parseDouble(text)
    #expect(parsed.value == value)
    #expect(parsed.end == end)
    #expect(wholeDouble(bytes(text)) == nil)
  }

  @Test(
    "What is no number leaves the position where it was",
    arguments: [
      "", "-", "+", ".", "-.", "e5", ".e5", "x", " 1", "--1", "+-1", "in", "na", "i", "-n", "\u{0}",
      "é", "/", ":",
    ])
  func refused(_ text: String) {
    for grammar in [DecimalParser.Grammar.plain, .json] {
      let parsed = parseDouble("ab" + text, grammar: grammar, from: 2)
      #expect(parsed.value == nil)
      #expect(parsed.end == 2)
    }
  }

  @Test("A position outside of the text has no number")
  func outside() {
    #expect(parseDouble("1", from: 1).value == nil)
    #expect(parseDouble("1", from: 7).value == nil)
    #expect(parseDouble("1", from: -1).value == nil)
  }

  @Test(
    "JSON numbers",
    arguments: [
      ("0", 0), ("-0", -0.0), ("10", 10), ("-12.5e-1", -1.25), ("0.5", 0.5), ("0e5", 0),
      ("1E2", 100), ("1e400", .infinity), ("-1e400", -.infinity),
    ] as [(String, Double)])
  func json(_ text: String, _ value: Double) throws {
    let parsed = try #require(wholeDouble(bytes(text), grammar: .json))
    #expect(parsed == value)
    #expect(parsed.sign == value.sign)
  }

  @Test(
    "JSON refuses what only resembles a number",
    arguments: ["+1", "01", "-01", "00", "1.", ".5", "-.5", "1e", "1e+", "1.e1", "-", "inf", "NaN"])
  func notJSON(_ text: String) {
    let parsed = parseDouble(text, grammar: .json)
    #expect(parsed.value == nil)
    #expect(parsed.end == 0)
  }
}
