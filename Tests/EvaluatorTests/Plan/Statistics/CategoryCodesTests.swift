import Testing

@testable import Evaluator

/// Categories that tables know are numbered, the most frequent first.
@Suite struct CategoryCodesTests {
  @Test func `Without categories there are no codes`() {
    let codes = CategoryCodes()
    #expect(codes.count == 0)
    #expect(codes.code(of: 0) == 0 && codes.code(of: .min) == 0)
  }

  @Test func `A category that is noted again keeps its code`() {
    var codes = CategoryCodes()
    for category in [7, -1, 7, .min, .max, 0, -1] as [Int32] { codes.note(category, times: 1) }
    #expect(codes.count == 5)
    #expect([7, -1, .min, .max, 0].map { codes.code(of: $0) } == [1, 2, 3, 4, 5])
    #expect(codes.code(of: 1) == 0)
  }

  @Test func `Frequent categories come first`() {
    var codes = CategoryCodes()
    codes.note(10, times: 0)
    codes.note(11, times: 1)
    codes.note(12, times: 1000)
    codes.note(13, times: 3)
    codes.note(14, times: 1023)
    // The largest number of any table counts.
    codes.note(11, times: .max)
    codes.note(11, times: 2)
    codes.sortByFrequency()
    #expect([11, 12, 14, 13, 10].map { codes.code(of: $0) } == [1, 2, 3, 4, 5])
  }

  @Test func `Many categories`() {
    var codes = CategoryCodes()
    let categories = (0..<20_000).map { Int32(truncatingIfNeeded: $0 &* 0x9E37_79B1) }
    for (number, category) in categories.enumerated() {
      codes.note(category, times: UInt32(number % 50))
    }
    #expect(codes.entries.count == 1 << Int(codes.bits) && codes.entries.count >= 40_000)
    codes.sortByFrequency()
    #expect(Set(categories.map { codes.code(of: $0) }) == Set(1...20_000))
    #expect(codes.code(of: 5) == 0)
  }
}
