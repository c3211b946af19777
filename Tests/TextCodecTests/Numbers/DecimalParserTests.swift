import TestSupport
import Testing

@testable import TextCodec

@Suite("Decimal text is rounded correctly")
struct DecimalParserTests {
  /// Compares both parsers with the C library and returns whether all agreed.
  private func expectAsCLibrary(_ text: [UInt8]) -> Bool {
    let double = wholeDouble(text)
    let float = wholeFloat(text)
    let wantedDouble = CLibrary.double(text)
    let wantedFloat = CLibrary.float(text)
    // Comparing encodings tells -0 from 0; texts of NaN are not among these.
    if double?.bitPattern == wantedDouble.bitPattern, float?.bitPattern == wantedFloat.bitPattern {
      return true
    }
    let shown = TextCodecTests.text(text)
    Issue.record(
      "\(shown): \(String(describing: double)) \(String(describing: float)), \(wantedDouble) \(wantedFloat)"
    )
    return false
  }

  /// Runs a property until it fails once, so that a fault gives one message.
  private func check(_ count: Int, _ seed: UInt64, _ make: (inout SeededGenerator) -> [UInt8]) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<count {
      guard expectAsCLibrary(make(&generator)) else { return }
    }
  }

  private static func finite(_ generator: inout SeededGenerator) -> Double {
    while true {
      let value = Double(bitPattern: generator.next())
      if value.isFinite { return value }
    }
  }

  @Test("Random doubles with 17 digits")
  func seventeenDigits() {
    check(1_000_000, 1) { CLibrary.scientific(Self.finite(&$0), digits: 17) }
  }

  @Test("Random doubles with 1 to 40 digits")
  func anyDigits() {
    check(500_000, 2) {
      CLibrary.scientific(Self.finite(&$0), digits: Int.random(in: 1...40, using: &$0))
    }
  }

  @Test("Random floats with 1 to 12 digits")
  func floats() {
    check(500_000, 3) {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: $0.next()))
      let digits = Int.random(in: 1...12, using: &$0)
      return CLibrary.scientific(value.isFinite ? Double(value) : 1, digits: digits)
    }
  }

  @Test("Random digits with a point anywhere and any exponent")
  func randomTexts() {
    check(1_000_000, 4) { generator in
      var text: [UInt8] = Bool.random(using: &generator) ? [0x2D] : []
      let digits = Int.random(in: 1...30, using: &generator)
      let point = Int.random(in: -3...40, using: &generator)
      for index in 0..<digits {
        if index == point { text.append(0x2E) }
        text.append(UInt8.random(in: 0x30...0x39, using: &generator))
      }
      if Bool.random(using: &generator) {
        text += bytes("e\(Int.random(in: -360...330, using: &generator))")
      }
      return text
    }
  }

  @Test("Subnormal doubles and floats")
  func subnormals() {
    check(100_000, 5) {
      let digits = Int.random(in: 1...25, using: &$0)
      return Bool.random(using: &$0)
        ? CLibrary.scientific(Double(bitPattern: $0.next() >> 12), digits: digits)
        : CLibrary.scientific(
          Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0.next() >> 41))), digits: digits)
    }
  }

  @Test("Digit strings of 800 and more")
  func longTexts() {
    check(2_000, 6) { generator in
      var text: [UInt8] = []
      let digits = Int.random(in: 700...1800, using: &generator)
      let point = Int.random(in: 0...digits, using: &generator)
      for index in 0..<digits {
        if index == point { text.append(0x2E) }
        text.append(UInt8.random(in: 0x30...0x39, using: &generator))
      }
      return text + bytes("e\(Int.random(in: -1500...0, using: &generator))")
    }
  }

  /// A midpoint, one a little below, and one a little above, far beyond 768 digits.
  private func expectHalfway(_ midpoint: [UInt8]) -> Bool {
    let stem = Array(midpoint.reversed().drop { $0 == 0x30 }.reversed())
    let zeros = [UInt8](repeating: 0x30, count: 900)
    let nines = [UInt8](repeating: 0x39, count: 900)
    let below = DecimalMidpoint.lastDigitLessOne(stem) + nines
    return expectAsCLibrary(stem) && expectAsCLibrary(stem + zeros)
      && expectAsCLibrary(stem + zeros + [0x31]) && expectAsCLibrary(below)
  }

  @Test("Midpoints of neighbouring doubles and their vicinity")
  func doubleMidpoints() {
    var generator = SeededGenerator(seed: 7)
    for round in 0..<4_000 {
      var encoding = generator.next() & (1 << 63 - 1)
      // Many small exponents, many significands of few bits, powers of two.
      if round % 4 == 1 { encoding &= 0x000F_FFFF_FFFF_FFFF }
      if round % 4 == 2 { encoding &= 0x7FF0_0000_0000_0003 }
      if round % 4 == 3 { encoding |= 0x000F_FFFF_FFFF_FFFE }
      let value = Double(bitPattern: encoding)
      guard value.nextUp.isFinite else { continue }
      guard expectHalfway(DecimalMidpoint.between(value, value.nextUp)) else { return }
    }
  }

  @Test("Midpoints of neighbouring floats and their vicinity")
  func floatMidpoints() {
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<4_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next() >> 33))
      guard value.nextUp.isFinite else { continue }
      let middle = (Double(value) + Double(value.nextUp)) / 2
      guard expectHalfway(CLibrary.exact(middle, places: 200)) else { return }
    }
  }

  @Test(
    "The ends of the ranges",
    arguments: [
      "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308",
      "179769313486231580793728971405301e276", "1.8e308", "1e309", "1e99999999999",
      "-1e99999999999", "1e-99999999999", "-1e-99999999999", "0e99999999999",
      "1e99999999999999999999999999999999999", "1e-99999999999999999999999999999999999",
      "2.2250738585072014e-308", "2.2250738585072011e-308", "2.2250738585072012e-308",
      "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
      "2.47032822920623272e-324", "2.470328229206232720882843964341106861825e-324",
      "3e-324", "2e-324", "1e-323", "1e-342", "1e-343", "9999999999999999999e-343",
      "3.4028234663852886e38", "3.4028235677973366e38", "3.40282356779733661637539395458142568e38",
      "3.40282356779733661637539395458142567e38", "3.5e38", "1e39", "1.17549435e-38",
      "1.1754943508222875e-38", "1.40129846432481707e-45", "7.00649232162408535e-46",
      "7.006492321624085354618e-46", "7.006492321624085354619e-46", "1e-46", "1e-64", "1e-65",
      "9999999999999999999e-65", "-0", "-0.0", "0.0e-5", "-0e5",
    ])
  func boundaries(_ text: String) {
    _ = expectAsCLibrary(bytes(text))
  }

  @Test(
    "Texts that have caught other parsers",
    arguments: [
      "9007199254740993", "9007199254740993.0", "9007199254740992.5", "9007199254740994.99999",
      "90071992547409930e-1", "1.00000000000000011102230246251565404236316680908203125",
      "1.00000000000000011102230246251565404236316680908203124",
      "1.00000000000000011102230246251565404236316680908203126", "8.5e-5", "6.631236846766476e-316",
      "3.2378839133029012895883352412501521748630e-319", "6.953558070847251e-310",
      "2.2250738585072011360574097967091319759348195463516456e-308",
      "0.000000000000000000000000000000000000011754943508222875", "1.3333333333333335e-5",
      "7.2057594037927933e+16", "7.2057594037927933e16", "5e-20", "67e14", "985e15", "7693e-42",
      "7120190517612959703e120", "9255e-2", "1e23", "8.41e21", "9.5e-3", "4.8e-320",
      "30078505129381147446200", "1777820000000000000001", "12345678901234567890e-20",
      "2.2222222222222222222222222222222222e-300", "9223372036854775808", "18446744073709551615",
      "18446744073709551616", "99999999999999999999", "10000000000000000000000e-22",
      "6250000000000000000000000000000000e-12", "5708990770823838890407843763683279797179383808",
      "5708990770823839524233143877797980545530986496",
      "484.e-49", "1.15147590e-305", "2.1e-44", "16777217", "16777219", "33554433.0",
      "1.0000000596046448", "1.00000005960464477539", "1.000000059604644775390625",
      "1.00000017881393432617187499", "1.000000178813934326171875", "0.1", "3.3554431e7",
      "104110013277974872254e-225", "12345e-345", "9.9e-339",
    ])
  func hardCases(_ text: String) {
    _ = expectAsCLibrary(bytes(text))
  }

  @Test("A float is not rounded twice")
  func noDoubleRounding() {
    // Just above the midpoint of 1 and its neighbour: the double nearest to it is
    // that midpoint, which would then go to the even side.
    let text = bytes("1.00000005960464477539062500000001")
    #expect(wholeFloat(text) == Float(1).nextUp)
    #expect(Float(CLibrary.double(text)) == 1)
  }

  @Test("Zeros do not use up the digits that count")
  func manyZeros() {
    let zeros = String(repeating: "0", count: 100_000)
    #expect(parseDouble("0.\(zeros)1e100001").value == 1)
    #expect(parseDouble("1\(zeros)e-100000").value == 1)
    #expect(parseDouble("1\(zeros).\(zeros)1e-100000").value == 1)
    #expect(parseDouble("\(zeros)12.5").value == 12.5)
    #expect(parseDouble("\(zeros).\(zeros)").value == 0)
  }

  @Test("Every exponent with the digits next to a power of ten")
  func allExponents() {
    for exponent in -400...400 {
      for digits in ["1", "9", "9999999999999999999", "10000000000000000001", "4503599627370497.5"]
      {
        guard expectAsCLibrary(bytes("\(digits)e\(exponent)")) else { return }
      }
    }
  }
}
