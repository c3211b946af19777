import Testing

@testable import TextCodec

/// Texts of numbers are taken as Java takes them.
@Suite struct JavaNumberTests {
  private func double(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return JavaNumber.parseDouble(bytes.span)
  }

  private func float(_ text: String) -> Float? {
    let bytes = Array(text.utf8)
    return JavaNumber.parseFloat(bytes.span)
  }

  private func integer(_ text: String) -> Int32? {
    let bytes = Array(text.utf8)
    return JavaNumber.parseInteger(bytes.span)
  }

  @Test(
    arguments: [
      ("1", 1), ("1.", 1), (".5", 0.5), ("+1.5", 1.5), ("1e3", 1000), ("1.0e+2", 100), ("01", 1),
      (" 1", 1), ("1 ", 1), ("\t1\n", 1), ("\u{1F}1\u{1}", 1), ("1d", 1), ("1F", 1),
      (" 1e3d ", 1000),
      ("NaN", .nan), ("+NaN", .nan), ("Infinity", .infinity), ("-Infinity", -.infinity),
      ("1e400", .infinity), ("1e99999999999", .infinity), ("1e-400", 0), ("0.1", 0.1),
      ("5.0000000000000001", 5), ("9007199254740993", 9_007_199_254_740_992),
    ] as [(String, Double)])
  func decimalNumbers(_ text: String, _ value: Double) throws {
    let number = try #require(double(text))
    #expect(number == value || (number.isNaN && value.isNaN))
  }

  @Test(
    arguments: [
      ("0x1p3", 8), ("0X1P3", 8), ("0x.8p1", 1), ("0x1.p0", 1), ("0x1p0d", 1), ("0x1.8p0f", 1.5),
      ("0x1p+3", 8), ("-0x1p3", -8), ("0x1p-1074", 5e-324), ("0x1p-1075", 0),
      ("0x1.8p-1075", 5e-324), ("0x1p1024", .infinity), ("0x1.00000000000008p0", 1),
      ("0x1.000000000000080001p0", 1.0000000000000002), ("0x1.ffffffffffffffp1023", .infinity),
      ("0x1.fffffffffffffp1023", 1.7976931348623157e308),
      ("0x0.00000000000000000000000000000001p128", 1), ("0x100000000000000000000p-80", 1),
    ] as [(String, Double)])
  func hexadecimalNumbers(_ text: String, _ value: Double) {
    #expect(double(text) == value)
  }

  @Test(arguments: [
    "", " ", "+", "-", ".", "e1", ".e1", "1e", "1e+", "1e1.5", "--1", "+-1", "1_0", "1,5", "1L",
    "1 2", "1 d", "1dd", "nan", "inf", "INF", "infinity", "NaNf", "Infinityd", "0x1", "0x1.8",
    "0x1p", "0xp3", "0x.p1", "00x1p0", "1\u{A0}", "\u{2003}1", "١", "true",
  ])
  func textsThatAreNoNumbers(_ text: String) {
    #expect(double(text) == nil)
    #expect(float(text) == nil)
  }

  @Test func floatsAreRoundedFromTheText() {
    // By way of Double, this would be rounded twice, to 1.
    #expect(float("1.000000059604644775390626") == 1.0000001)
    #expect(float("0x1.0000010000000001p0") == 1.0000001)
    #expect(float("3.4028236e38") == .infinity)
    #expect(float("1e-46") == 0)
    #expect(float("16777217") == 16_777_216)
  }

  @Test(
    arguments: [
      ("1", 1), ("+1", 1), ("-1", -1), ("00", 0), ("2147483647", .max), ("-2147483648", .min),
      ("١٢", 12), ("-١", -1), ("１", 1),
    ] as [(String, Int32)])
  func wholeNumbers(_ text: String, _ value: Int32) {
    #expect(integer(text) == value)
  }

  @Test(arguments: [
    "", "+", "-", " 1", "1 ", "1.0", "1e3", "2147483648", "-2147483649", "99999999999999999999",
    "¹",
    "\u{1D7CF}", "0x1",
  ])
  func textsThatAreNoWholeNumbers(_ text: String) {
    #expect(integer(text) == nil)
  }

  @Test(
    arguments: [
      (1, "1.0"), (0, "0.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e-3, "0.001"), (1e-5, "1.0E-5"),
      (9_999_999, "9999999.0"), (1e7, "1.0E7"), (16_777_217, "1.6777217E7"), (1e10, "1.0E10"),
      (1e39, "1.0E39"), (-123.456, "-123.456"), (0.0123, "0.0123"), (1.5e-50, "1.5E-50"),
      (.infinity, "Infinity"), (-.infinity, "-Infinity"), (.nan, "NaN"), (100, "100.0"),
      (1234567.891, "1234567.891"), (4.9e-324, "4.9E-324"), (0.00123, "0.00123"),
      (1e-323, "9.9E-324"), (2e-323, "2.0E-323"),
    ] as [(Double, String)])
  func textsOfDoubles(_ number: Double, _ text: String) {
    #expect(JavaNumber.text(number) == text)
  }

  @Test(
    arguments: [
      (0.1, "0.1"), (1e10, "1.0E10"), (123456.79, "123456.79"), (16_777_216, "1.6777216E7"),
      (0.001, "0.001"), (.infinity, "Infinity"), (1e-45, "1.4E-45"), (1e-44, "9.8E-45"),
    ] as [(Float, String)])
  func textsOfFloats(_ number: Float, _ text: String) {
    #expect(JavaNumber.text(number) == text)
  }
}
