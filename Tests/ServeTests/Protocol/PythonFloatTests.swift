import Testing

@testable import Serve

/// Text in an array is a number where Python's `float` says so.
@Suite struct PythonFloatTests {
  private static let numbers: [(text: String, value: Double)] = [
    ("1", 1), (" 1.5\t", 1.5), ("-1_000.5e1_0", -1000.5e10), (".5", 0.5), ("5.", 5), ("+2", 2),
    ("inf", .infinity), ("-Infinity", -.infinity), ("1e400", .infinity), ("\u{661}\u{662}", 12),
    ("\u{A0}3\u{2003}", 3),
  ]

  @Test(arguments: numbers)
  func isANumber(_ text: String, _ value: Double) {
    #expect(PythonFloat.parse(text) == value)
  }

  @Test func notANumberIsANumber() {
    #expect(PythonFloat.parse("nan")?.isNaN == true)
    #expect(PythonFloat.parse("-NaN")?.isNaN == true)
  }

  @Test(
    arguments: [
      "", " ", "x", "1 2", "_1", "1_", "1__0", "1_.5", "0x10", "1e", "True", "1,5", "- 1", "1\0",
      "infinit", "½",
    ])
  func isNone(_ text: String) {
    #expect(PythonFloat.parse(text) == nil)
  }
}
