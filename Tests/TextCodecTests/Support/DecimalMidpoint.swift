/// Exact decimal arithmetic on the C library's digits.
enum DecimalMidpoint {
  /// All digits of the number halfway between two finite numbers >= 0.
  static func between(_ low: Double, _ high: Double) -> [UInt8] {
    var left = CLibrary.exact(low)
    let right = CLibrary.exact(high)
    left.insert(contentsOf: repeatElement(0x30, count: right.count - left.count), at: 0)

    var sum: [UInt8] = []
    var carry: UInt8 = 0
    for index in left.indices.reversed() {
      guard left[index] != 0x2E else {
        sum.append(0x2E)
        continue
      }
      let digit = (left[index] - 0x30) + (right[index] - 0x30) + carry
      sum.append(0x30 + digit % 10)
      carry = digit / 10
    }
    if carry > 0 { sum.append(0x30 + carry) }

    var half: [UInt8] = []
    var remainder: UInt8 = 0
    for byte in sum.reversed() + [0x30] {
      guard byte != 0x2E else {
        half.append(0x2E)
        continue
      }
      let dividend = remainder * 10 + (byte - 0x30)
      half.append(0x30 + dividend / 2)
      remainder = dividend % 2
    }
    return half
  }

  /// A number other than zero less one unit of its last digit.
  static func lastDigitLessOne(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for index in text.indices.reversed() where text[index] != 0x2E {
      if text[index] != 0x30 {
        text[index] -= 1
        break
      }
      text[index] = 0x39
    }
    return text
  }
}
