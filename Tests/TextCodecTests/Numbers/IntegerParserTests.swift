import Testing

@testable import TextCodec

@Suite("Integers")
struct IntegerParserTests {
  private func int64(_ text: String, _ grammar: DecimalParser.Grammar = .plain) -> Prefix<Int64> {
    var position = 0
    let value = DecimalParser.parseInt64(bytes(text).span, at: &position, grammar: grammar)
    return Prefix(value: value, end: position)
  }

  private func uint64(_ text: String) -> UInt64? {
    var position = 0
    return DecimalParser.parseUInt64(bytes(text).span, at: &position)
  }

  private func int32(_ text: String) -> Int32? {
    var position = 0
    return DecimalParser.parseInt32(bytes(text).span, at: &position)
  }

  private func uint32(_ text: String) -> UInt32? {
    var position = 0
    return DecimalParser.parseUInt32(bytes(text).span, at: &position)
  }

  @Test("The whole range of each type is read, and one beyond is refused")
  func ranges() {
    #expect(int64("9223372036854775807").value == .max)
    #expect(int64("-9223372036854775808").value == .min)
    #expect(int64("9223372036854775808").value == nil)
    #expect(int64("-9223372036854775809").value == nil)
    #expect(uint64("18446744073709551615") == .max)
    #expect(uint64("18446744073709551616") == nil)
    #expect(uint64("99999999999999999999999999999999999999") == nil)
    #expect(int32("2147483647") == .max)
    #expect(int32("-2147483648") == .min)
    #expect(int32("2147483648") == nil)
    #expect(int32("-2147483649") == nil)
    #expect(uint32("4294967295") == .max)
    #expect(uint32("4294967296") == nil)
  }

  @Test("A sign is read where the type and the grammar have one")
  func signs() {
    #expect(int64("+5").value == 5)
    #expect(int64("-0").value == 0)
    #expect(uint64("+5") == 5)
    #expect(uint64("-5") == nil)
    #expect(uint64("-0") == nil)
    #expect(int64("+5", .json).value == nil)
    #expect(int64("-5", .json).value == -5)
    #expect(int64("- 5").value == nil)
  }

  @Test("Reading stops at the first byte that is no digit")
  func prefixes() {
    #expect(int64("12.5").value == 12)
    #expect(int64("12.5").end == 2)
    #expect(int64("7 8").end == 1)
    for text in ["", "-", "+", "x", ".5", " 1"] {
      #expect(int64(text).value == nil)
      #expect(int64(text).end == 0)
    }
  }

  @Test("Leading zeros are plain text, but not JSON")
  func leadingZeros() {
    #expect(int64("000000000000000000000000000000012").value == 12)
    #expect(int64("012", .json).value == nil)
    #expect(int64("-012", .json).value == nil)
    #expect(int64("0", .json).value == 0)
  }
}
