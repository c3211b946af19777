import Testing

@testable import Serve

/// The one kind of number that pandas 3.1 does not round correctly. Values are real pandas'.
@Suite struct PandasDecimalTests {
  private static let recorded: [(String, Double)] = [
    ("+0.1 ", 0.1), ("+.5 ", 0.5), ("+5. ", 5),
    // 9007199254740993.0 has 17 digits, all of them read, and then divided by ten.
    ("+9007199254740993.0 ", 9_007_199_254_740_994),
    ("+1411612579644002.1262904578713 ", 0x1.40f6aa97b0988p+50),
    ("+12345678901234567890.5 ", 1.2345678901234567e+19),
    ("+000.00000000000000000000012 ", 1.2e-22),
    ("+5e-324", .leastNonzeroMagnitude),
    ("+2.2250738585072011e-308", 2.2250738585072014e-308),
    ("+1e-400", 0), ("+1e400", .infinity), ("+0e400", 0),
    ("+1e99999999999999999999", .infinity), ("+1e-99999999999999999999", 0),
    ("+1e 5", 100_000), ("+1e\t-5", 1e-05),
  ]

  @Test(arguments: recorded) func seventeenDigitsThenOnePowerOfTen(text: String, value: Double) {
    let bytes = Array(text.utf8)
    #expect(PandasDecimal.parse(bytes.span)?.bitPattern == value.bitPattern)
  }

  @Test(arguments: ["+", "+.", "+e5", "+1e", "+1e+", "+1e x", "+1.5.", "+1 1", "++1", "+-1", "+x"])
  func isNoNumber(text: String) {
    let bytes = Array(text.utf8)
    #expect(PandasDecimal.parse(bytes.span) == nil)
  }

  @Test func isUsedInStrictModeAndWithBlanksOnly() {
    func read(_ text: String, isStrict: Bool) -> Double? {
      let bytes = Array(text.utf8)
      return PandasCell.float(bytes.span, isStrict: isStrict)
    }
    for text in ["+9007199254740993.0 ", " +9007199254740993.0"] {
      #expect(read(text, isStrict: true) == 9_007_199_254_740_994)
      #expect(read(text, isStrict: false) == 9_007_199_254_740_992)
    }
    for text in ["+9007199254740993.0", " 9007199254740993.0 "] {
      #expect(read(text, isStrict: true) == 9_007_199_254_740_992)
    }
  }
}
