import Testing

@testable import Serve

/// Text that CatBoost's Python package takes for a number, as measured with 1.2.10.
@Suite struct CatBoostNumberTests {
  private func parse(_ text: String) -> Double? {
    CatBoostNumber.parse(Array(text.utf8).span)
  }

  private static let numbers: [(String, Double)] = [
    ("1", 1), (" 1", 1), ("\t\n\u{B}\u{C}\r1", 1), ("+1", 1), ("-1", -1), (".5", 0.5), ("5.", 5),
    ("-.5", -0.5), ("1e5", 1e5), ("1E+5", 1e5), ("1.e5", 1e5), ("00012", 12), ("0.1", 0.1),
    ("1e400", .infinity), ("-1e400", -.infinity), ("1e-400", 0), ("1e99999999999", .infinity),
    ("0x10", 16), ("0X1f", 31), ("-0xA", -10), (" +0x10", 16), ("0x0000000000000000000000010", 16),
    ("0xFFFFFFFFFFFFFFFFFF", 4_722_366_482_869_645_213_696), ("0x20000000000001", 0x1p53),
    ("0x20000000000003", 0x1p53 + 4), ("0x80000000000004000", 0x1p67),
    ("0x80000000000004001", 0x1.0000000000001p67),
    ("0x" + String(repeating: "f", count: 300), .infinity), (" ", 0), ("\t\n", 0),
  ]

  @Test(arguments: numbers)
  func readsNumbers(_ text: String, _ number: Double) {
    #expect(parse(text) == number)
  }

  @Test(
    arguments: [
      "", "nan", "NaN", "NAN", "-nan", "-NaN", "na", "NA", "Na", "n/a", "N/A", "#NA", "#N/A",
      "#N/A N/A", "null", "NULL", "Null", "none", "None", "-", "1.#IND", "-1.#IND", "1.#QNAN",
      "-1.#QNAN",
    ])
  func knowsWordsForAMissingValue(_ text: String) {
    #expect(parse(text)?.isNaN == true)
  }

  @Test(
    arguments: [
      "1 ", "\u{A0}1", "+-1", "+ 1", "--1", ".", "1e", "1e+", ".e5", "0x", "0x1.8", "0x1p3", "0xg",
      "1_0", "1,5", "1f", "1L", "1e5.5", "1.2.3", "1\0", "\u{661}", "inf", "Infinity", "-inf",
      "+nan", "-NAN", "Nan", "nA", "NONE", "<NA>", "1.#INF", "True", "abc", "--", "e5", "+",
    ])
  func refusesTheRest(_ text: String) {
    #expect(parse(text) == nil)
  }
}
