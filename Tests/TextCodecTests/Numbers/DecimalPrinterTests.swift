import TestSupport
import Testing

@testable import TextCodec

@Suite("Numbers are printed as the shortest text")
struct DecimalPrinterTests {
  private func printed(_ value: Double) -> String {
    var text: [UInt8] = []
    DecimalPrinter.append(value, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private func printed(_ value: Float) -> String {
    var text: [UInt8] = []
    DecimalPrinter.append(value, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  @Test(
    "The layout is that of Python's repr",
    arguments: [
      (0.1, "0.1"), (1, "1.0"), (-0.0, "-0.0"), (0, "0.0"), (100000, "100000.0"),
      (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1.5e16, "1.5e+16"),
      (9_999_999_999_999_998, "9999999999999998.0"),
      (12_345_678_901_234_567, "1.2345678901234568e+16"),
      (0.0001, "0.0001"), (0.00001, "1e-05"), (0.00012345, "0.00012345"),
      (1.2345e-5, "1.2345e-05"), (1e100, "1e+100"), (1e-100, "1e-100"), (5e-324, "5e-324"),
      (2.2250738585072014e-308, "2.2250738585072014e-308"),
      (1.7976931348623157e308, "1.7976931348623157e+308"), (-123.456, "-123.456"),
      (1e22, "1e+22"), (1e23, "1e+23"), (9_007_199_254_740_993, "9007199254740992.0"),
      (0.3, "0.3"), (0.1 + 0.2, "0.30000000000000004"), (2.0 / 3, "0.6666666666666666"),
      (123456789012345.67, "123456789012345.67"), (1234567890123456.7, "1234567890123456.8"),
      (-0.00012345678901234567, "-0.00012345678901234567"),
      (9.5367431640625e-07, "9.5367431640625e-07"),
      (4.35, "4.35"), (2e-323, "2e-323"), (1.0e-9, "1e-09"),
      (9_007_199_254_740_991, "9007199254740991.0"),
      (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (-.nan, "nan"),
    ] as [(Double, String)])
  func doubleLayout(_ value: Double, _ text: String) {
    #expect(printed(value) == text)
  }

  @Test(
    "A float has the shortest text for a float",
    arguments: [
      (0.1, "0.1"), (1, "1.0"), (-0.0, "-0.0"), (16_777_216, "16777216.0"),
      (3.4028235e38, "3.4028235e+38"),
      (1e-45, "1e-45"), (1.1754944e-38, "1.1754944e-38"), (0.3, "0.3"), (1e16, "1e+16"),
      (1e15, "1000000000000000.0"), (1.0 / 3, "0.33333334"), (33_554_432, "33554432.0"),
      (8388608.5, "8388608.0"), (9.8e-5, "9.8e-05"), (.infinity, "inf"), (-.infinity, "-inf"),
      (.nan, "nan"),
    ] as [(Float, String)])
  func floatLayout(_ value: Float, _ text: String) {
    #expect(printed(value) == text)
  }

  /// The digits without point, exponent and outer zeros, and the exponent.
  private func canonical(_ text: String) -> [String] {
    let parts = text.split(separator: "e")
    let mantissa = parts[0].drop { $0 == "-" }
    let point = mantissa.firstIndex(of: ".") ?? mantissa.endIndex
    var exponent = mantissa.distance(from: mantissa.startIndex, to: point)
    if parts.count > 1 { exponent += Int(parts[1]) ?? 0 }
    var digits = mantissa.filter { $0 != "." }
    while digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.last == "0" { digits.removeLast() }
    return [String(digits), String(exponent)]
  }

  /// Doubles of every kind in turn.
  private func sample(_ round: Int, _ generator: inout SeededGenerator) -> Double {
    let bits = generator.next()
    switch round % 6 {
    case 0, 1: return Double(bitPattern: bits)
    case 2: return Double(bitPattern: bits & 0x800F_FFFF_FFFF_FFFF)
    case 3: return Double(bitPattern: bits & 0xFFF0_0000_0000_0000)
    case 4: return Double(bits % 2_000_000) / 1000
    default: return Double(bits >> 11) * 0x1p-53
    }
  }

  @Test("Doubles read back as themselves, by the C library as well")
  func doubleRoundTrip() {
    var generator = SeededGenerator(seed: 11)
    var text: [UInt8] = []
    for round in 0..<2_000_000 {
      let value = sample(round, &generator)
      guard value.isFinite else { continue }
      text.removeAll(keepingCapacity: true)
      DecimalPrinter.append(value, to: &text)
      let back = wholeDouble(text, grammar: value < 0 ? .plain : .json)
      guard back?.bitPattern == value.bitPattern,
        CLibrary.double(text).bitPattern == value.bitPattern
      else {
        Issue.record("\(value) was printed as \(TextCodecTests.text(text))")
        return
      }
    }
  }

  @Test("Floats read back as themselves, by the C library as well")
  func floatRoundTrip() {
    var generator = SeededGenerator(seed: 12)
    var text: [UInt8] = []
    for _ in 0..<2_000_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      guard value.isFinite else { continue }
      text.removeAll(keepingCapacity: true)
      DecimalPrinter.append(value, to: &text)
      guard wholeFloat(text)?.bitPattern == value.bitPattern,
        CLibrary.float(text).bitPattern == value.bitPattern
      else {
        Issue.record("\(value) was printed as \(TextCodecTests.text(text))")
        return
      }
    }
  }

  @Test("The digits are as few and as near as the standard library's")
  func shortest() {
    var generator = SeededGenerator(seed: 13)
    for round in 0..<300_000 {
      let value = sample(round, &generator)
      let narrow = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      if value.isFinite, value != 0, canonical(printed(value)) != canonical(value.description) {
        Issue.record("\(value) was printed as \(printed(value))")
        return
      }
      if narrow.isFinite, narrow != 0, canonical(printed(narrow)) != canonical(narrow.description) {
        Issue.record("\(narrow) was printed as \(printed(narrow))")
        return
      }
    }
  }

  @Test("Every power of two, where the neighbours are not equally far")
  func powersOfTwo() {
    for exponent in -1074...1023 {
      let value = Double(sign: .plus, exponent: exponent, significand: 1)
      #expect(canonical(printed(value)) == canonical(value.description))
    }
    for exponent in -149...127 {
      let value = Float(sign: .plus, exponent: exponent, significand: 1)
      #expect(canonical(printed(value)) == canonical(value.description))
    }
  }

  @Test("Integers")
  func integers() {
    var generator = SeededGenerator(seed: 14)
    var values: [UInt64] = [0, .max, UInt64(Int64.max), UInt64(Int64.max) + 1]
    var power: UInt64 = 1
    for _ in 0..<20 {
      values += [power - 1, power, power + 1]
      power = power &* 10
    }
    for _ in 0..<100_000 {
      values.append(generator.next() >> (generator.next() % 64))
    }
    for value in values {
      var text: [UInt8] = []
      DecimalPrinter.append(value, to: &text)
      DecimalPrinter.append(Int64(bitPattern: value), to: &text)
      guard text == bytes("\(value)\(Int64(bitPattern: value))") else {
        Issue.record("\(value) was printed as \(TextCodecTests.text(text))")
        return
      }
    }
  }

  @Test("Text goes straight into memory of the caller")
  func outputSpan() {
    let text = [UInt8](capacity: 3 * DecimalPrinter.requiredCapacity) { output in
      DecimalPrinter.append(-1.25, to: &output)
      DecimalPrinter.append(Float(0.1), to: &output)
      DecimalPrinter.append(Int64.min, to: &output)
    }
    #expect(TextCodecTests.text(text) == "-1.250.1-9223372036854775808")
  }
}
