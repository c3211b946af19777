import TextCodec
import TreeIR

extension FieldValue {
  /// The number as a pattern of Java's `String.format` has it.
  func formatted(_ pattern: String, _ name: String) throws(FieldRefusal) -> String {
    if case .text = content {
      throw .argument(name, 0, "is a text, but must be a number")
    }
    let number: FieldValue =
      switch content {
      case .integer, .float, .double: self
      default: FieldValue(try number())
      }
    guard let text = NumberFormat.format(number, pattern) else {
      throw .argument(name, 1, "is '\(pattern)', which does not fit a number of its type")
    }
    return text
  }
}

/// Patterns of Java's `String.format` for one number: `%d`, `%x`, `%X` and `%o` for whole numbers,
/// `%f`, `%e`, `%E`, `%g` and `%G` for others, `%s`, `%S`, `%b` and `%B` for both.
struct NumberFormat {
  private var flags: Set<Unicode.Scalar> = []
  private var width: Int?
  private var precision: Int?
  private var conversion: Unicode.Scalar = "s"

  /// No text is longer.
  private static let mostPlaces = 1000

  /// nil where the pattern is none for the number.
  static func format(_ number: FieldValue, _ pattern: String) -> String? {
    let scalars = Array(pattern.unicodeScalars)
    var result = String.UnicodeScalarView()
    var index = 0
    var isUsed = false
    while index < scalars.count {
      guard scalars[index] == "%" else {
        result.append(scalars[index])
        index += 1
        continue
      }
      index += 1
      // There is one argument, which may be named again and again.
      var isNumbered = false
      if index + 1 < scalars.count, scalars[index] == "1", scalars[index + 1] == "$" {
        isNumbered = true
        index += 2
      }
      guard let format = NumberFormat(scalars, &index) else { return nil }
      if format.conversion == "%" || format.conversion == "n" {
        guard format.flags.isEmpty, format.width == nil, format.precision == nil else { return nil }
        result.append(format.conversion == "%" ? "%" : "\n")
        continue
      }
      if !isNumbered {
        if isUsed { return nil }
        isUsed = true
      }
      guard let text = format.text(number) else { return nil }
      result.append(contentsOf: text.unicodeScalars)
    }
    return String(result)
  }

  private init?(_ scalars: [Unicode.Scalar], _ index: inout Int) {
    while index < scalars.count, "-#+ 0,(".unicodeScalars.contains(scalars[index]) {
      guard flags.insert(scalars[index]).inserted else { return nil }
      index += 1
    }
    width = Self.number(scalars, &index)
    if index < scalars.count, scalars[index] == "." {
      index += 1
      guard let precision = Self.number(scalars, &index) else { return nil }
      self.precision = precision
    }
    guard index < scalars.count, (width ?? 0) <= Self.mostPlaces,
      (precision ?? 0) <= Self.mostPlaces
    else { return nil }
    conversion = scalars[index]
    index += 1
    let isContradiction =
      flags.isSuperset(of: ["+", " "]) || flags.isSuperset(of: ["-", "0"])
      || (width == nil && !flags.isDisjoint(with: ["-", "0"]))
    if isContradiction { return nil }
  }

  private static func number(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Int? {
    let start = index
    var number = 0
    while index < scalars.count, ("0"..."9").contains(scalars[index]) {
      number = min(number * 10 + Int(scalars[index].value - 48), 1_000_000)
      index += 1
    }
    return index > start ? number : nil
  }

  private func text(_ number: FieldValue) -> String? {
    switch conversion {
    case "s", "S", "b", "B":
      guard flags.isSubset(of: ["-"]) else { return nil }
      let isTruth = conversion == "b" || conversion == "B"
      guard var text = isTruth ? "true" : try? number.text() else { return nil }
      if let precision { text = String(text.prefix(precision)) }
      return padded(conversion == "S" || conversion == "B" ? text.uppercased() : text)
    case "d", "x", "X", "o":
      guard case .integer(let integer) = number.content, precision == nil else { return nil }
      return conversion == "d" ? decimal(integer) : bits(integer)
    case "f", "e", "E", "g", "G":
      guard number.type == .float || number.type == .double, let value = try? number.number()
      else { return nil }
      if flags.contains("#") && (conversion == "g" || conversion == "G") { return nil }
      if flags.contains(",") && (conversion == "e" || conversion == "E") { return nil }
      return fractional(value)
    default: return nil
    }
  }

  private func decimal(_ integer: Int32) -> String? {
    if flags.contains("#") { return nil }
    return signed(grouped(String(integer.magnitude)), isNegative: integer < 0)
  }

  /// In base 16 or 8, negative numbers by their bits.
  private func bits(_ integer: Int32) -> String? {
    guard flags.isSubset(of: ["-", "#", "0"]) else { return nil }
    let isOctal = conversion == "o"
    let prefix = flags.contains("#") ? (isOctal ? "0" : "0x") : ""
    let digits = String(UInt32(bitPattern: integer), radix: isOctal ? 8 : 16)
    let zeros =
      flags.contains("0")
      ? String(repeating: "0", count: max((width ?? 0) - digits.count - prefix.count, 0)) : ""
    let text = prefix + zeros + digits
    return padded(conversion == "X" ? text.uppercased() : text)
  }

  private func fractional(_ value: Double) -> String {
    let isUpper = conversion == "E" || conversion == "G"
    if value.isNaN { return padded(isUpper ? "NAN" : "NaN") }
    if value.isInfinite {
      // Zeros are no padding for what is no digit.
      var format = self
      format.flags.remove("0")
      return format.signed(isUpper ? "INFINITY" : "Infinity", isNegative: value < 0)
    }
    var digits = DecimalDigits(value)
    let text: String
    switch conversion {
    case "f": text = fixed(digits, precision ?? 6)
    case "e", "E": text = scientific(digits, precision ?? 6)
    default:
      let significant = max(precision ?? 6, 1)
      digits.round(toFirst: significant)
      if value == 0 {
        text = fixed(digits, significant - 1)
      } else if digits.exponent >= -4 && digits.exponent < significant {
        text = fixed(digits, significant - 1 - digits.exponent)
      } else {
        text = scientific(digits, significant - 1)
      }
    }
    return signed(isUpper ? text.uppercased() : text, isNegative: value.sign == .minus)
  }

  private func fixed(_ digits: DecimalDigits, _ places: Int) -> String {
    var digits = digits
    digits.round(toFirst: digits.exponent + 1 + places)
    let whole = grouped(digits.text(from: 0, through: digits.exponent))
    let fraction = digits.text(from: digits.exponent + 1, through: digits.exponent + places)
    return whole + (places > 0 ? "." + fraction : flags.contains("#") ? "." : "")
  }

  private func scientific(_ digits: DecimalDigits, _ places: Int) -> String {
    var digits = digits
    digits.round(toFirst: places + 1)
    let exponent = String(abs(digits.exponent))
    let fraction = digits.text(from: 1, through: places)
    return digits.text(from: 0, through: 0)
      + (places > 0 ? "." + fraction : flags.contains("#") ? "." : "")
      + (digits.exponent < 0 ? "e-" : "e+") + (exponent.count < 2 ? "0" : "") + exponent
  }

  private func grouped(_ digits: String) -> String {
    guard flags.contains(",") else { return digits }
    var result = ""
    for (offset, digit) in digits.enumerated() {
      if offset > 0, (digits.count - offset) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }

  private func signed(_ magnitude: String, isNegative: Bool) -> String {
    let isInParentheses = isNegative && flags.contains("(")
    let before =
      isInParentheses
      ? "(" : isNegative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
    let after = isInParentheses ? ")" : ""
    let length = before.count + magnitude.count + after.count
    let zeros = flags.contains("0") ? max((width ?? 0) - length, 0) : 0
    return padded(before + String(repeating: "0", count: zeros) + magnitude + after)
  }

  private func padded(_ text: String) -> String {
    let blanks = String(repeating: " ", count: max((width ?? 0) - text.count, 0))
    return flags.contains("-") ? text + blanks : blanks + text
  }
}

/// The decimal digits of a number, of which any number can be asked for.
private struct DecimalDigits {
  private var digits: [UInt8]
  /// That of the first digit.
  private(set) var exponent: Int

  init(_ value: Double) {
    (digits, exponent) = JavaNumber.digits(value)
  }

  /// Rounds half up, so that `count` digits remain.
  mutating func round(toFirst count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = [UInt8(ascii: "0")]
      return
    }
    let isUp = digits[count] >= UInt8(ascii: "5")
    digits.removeSubrange(count...)
    guard isUp else {
      if digits.isEmpty { digits = [UInt8(ascii: "0")] }
      return
    }
    var index = count - 1
    while index >= 0, digits[index] == UInt8(ascii: "9") {
      digits[index] = UInt8(ascii: "0")
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(UInt8(ascii: "1"), at: 0)
      exponent += 1
    }
  }

  /// Digits by their place, zeros where there are none.
  func text(from first: Int, through last: Int) -> String {
    // Before the first digit of a number below one there are zeros.
    if last < first { return first == 0 ? "0" : "" }
    var text = ""
    for place in first...last {
      let isThere = digits.indices.contains(place)
      text.unicodeScalars.append(isThere ? Unicode.Scalar(digits[place]) : "0")
    }
    return text
  }
}
