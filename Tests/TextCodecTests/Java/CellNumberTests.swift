import Testing

@testable import TextCodec

/// Texts of numbers are taken as PMML's reference implementation takes them.
@Suite struct CellNumberTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(
    arguments: [
      ("INF", .infinity), ("inf", .infinity), ("-Inf", -.infinity), ("true", 1), ("FALSE", 0),
      ("1e3", 1000), (" 1 ", 1),
    ] as [(String, Double)])
  func wordsAreNumbers(_ text: String, _ value: Double) {
    let bytes = bytes(text)
    #expect(CellNumber.double(bytes.span) == value)
    #expect(CellNumber.float(bytes.span) == Float(value))
  }

  @Test(arguments: ["nan", "NAN", "NaN", "+NaN"])
  func noNumber(_ text: String) {
    let bytes = bytes(text)
    #expect(CellNumber.double(bytes.span)?.isNaN == true)
  }

  @Test(arguments: ["+INF", " INF", "INF ", " true", "infd", "+nan", "-nan", "abc", ""])
  func wordsStandAlone(_ text: String) {
    let bytes = bytes(text)
    #expect(CellNumber.double(bytes.span) == nil)
  }

  @Test func zeroHasNoSign() {
    let bytes = bytes("-0.0")
    #expect(CellNumber.double(bytes.span)?.sign == .plus)
    #expect(CellNumber.float(bytes.span)?.sign == .plus)
  }

  @Test(
    arguments: [
      ("1", 1), ("1.0", 1), ("1e3", 1000), (" 1", 1), ("1d", 1), ("0x1p3", 8), ("true", 1),
      ("False", 0), ("1e-400", 0), ("2147483647.0", .max), ("١", 1), ("5.0000000000000001", 5),
      ("5.5", nil), ("2147483648", nil), ("NaN", nil), ("INF", nil), ("0x1", nil), ("١.٠", nil),
    ] as [(String, Int32?)])
  func wholeNumbers(_ text: String, _ value: Int32?) {
    let bytes = bytes(text)
    #expect(CellNumber.integer(bytes.span) == value)
  }

  @Test(
    arguments: [
      ("true", true), ("FALSE", false), ("1", true), (" 1", true), ("1d", true), ("1.", true),
      ("-0", false), ("1e-400", false), ("2", nil), ("0.5", nil), ("yes", nil), (" true", nil),
      ("NaN", nil),
    ] as [(String, Bool?)])
  func truthValues(_ text: String, _ value: Bool?) {
    let bytes = bytes(text)
    #expect(CellNumber.boolean(bytes.span) == value)
  }
}
