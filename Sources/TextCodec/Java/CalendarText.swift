/// Texts of dates and times as Java's ISO formats take them, without zones, and the numbers that
/// stand for them.
package enum CalendarText {
  /// Days from 1970-01-01 to a date `yyyy-MM-dd`.
  package static func date(_ text: Span<UInt8>) -> Int? {
    var index = 0
    guard let days = date(text, at: &index), index == text.count else { return nil }
    return days
  }

  /// Seconds since midnight of a time `HH:mm`, `HH:mm:ss` or `HH:mm:ss.n`.
  package static func time(_ text: Span<UInt8>) -> Double? {
    var index = 0
    guard let seconds = time(text, at: &index), index == text.count else { return nil }
    return seconds
  }

  /// Seconds from 1970-01-01T00:00:00 to a date and a time with `T` between them.
  package static func dateTime(_ text: Span<UInt8>) -> Double? {
    var index = 0
    guard let days = date(text, at: &index), index < text.count,
      text[index] | 0x20 == ascii("t")
    else { return nil }
    index += 1
    guard let seconds = time(text, at: &index), index == text.count else { return nil }
    return Double(days) * 86_400 + seconds
  }

  /// Seconds of a span of time `H:mm:ss`, which has one to four digits for hours and may be
  /// negative.
  package static func seconds(_ text: Span<UInt8>) -> Int? {
    let isNegative = !text.isEmpty && text[0] == ascii("-")
    let start = isNegative ? 1 : 0
    var index = start
    while index < text.count, DecimalScanner.digitValue(text[index]) != nil { index += 1 }
    guard (1...4).contains(index - start), let hours = number(text, start..<index),
      let minutes = part(text, after: ":", at: &index, upTo: 59),
      let seconds = part(text, after: ":", at: &index, upTo: 59), index == text.count
    else { return nil }
    let magnitude = (hours * 60 + minutes) * 60 + seconds
    return isNegative ? -magnitude : magnitude
  }

  /// Days from 1970-01-01 to a day of the proleptic Gregorian calendar.
  package static func days(year: Int, month: Int, day: Int) -> Int {
    // Years that begin in March have the leap day at their end.
    let year = month > 2 ? year : year - 1
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The day that is `days` after 1970-01-01.
  package static func day(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let isNextYear = month >= 10
    return (
      yearOfEra + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3, day
    )
  }

  // MARK: Parts

  private static func date(_ text: Span<UInt8>, at index: inout Int) -> Int? {
    let hasSign = !text.isEmpty && (text[0] == ascii("-") || text[0] == ascii("+"))
    let isNegative = hasSign && text[0] == ascii("-")
    let start = hasSign ? 1 : 0
    index = start
    while index < text.count, DecimalScanner.digitValue(text[index]) != nil { index += 1 }
    // More than four digits need a sign, and a plus more than four digits.
    let digits = index - start
    guard digits == 4 ? !hasSign || isNegative : hasSign && (5...9).contains(digits),
      let magnitude = number(text, start..<index), !(isNegative && magnitude == 0)
    else { return nil }
    let year = isNegative ? -magnitude : magnitude
    guard let month = part(text, after: "-", at: &index, upTo: 12), month >= 1,
      let day = part(text, after: "-", at: &index, upTo: lastDay(year, month)), day >= 1
    else { return nil }
    return days(year: year, month: month, day: day)
  }

  private static func lastDay(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func time(_ text: Span<UInt8>, at index: inout Int) -> Double? {
    guard text.count - index >= 2, let hours = number(text, index..<index + 2), hours < 24 else {
      return nil
    }
    index += 2
    guard let minutes = part(text, after: ":", at: &index, upTo: 59) else { return nil }
    var seconds = (hours * 60 + minutes) * 60
    guard index < text.count, text[index] == ascii(":") else { return Double(seconds) }
    guard let last = part(text, after: ":", at: &index, upTo: 59) else { return nil }
    seconds += last
    guard index < text.count, text[index] == ascii(".") else { return Double(seconds) }
    index += 1
    let start = index
    while index < text.count, DecimalScanner.digitValue(text[index]) != nil { index += 1 }
    guard index - start <= 9 else { return nil }
    guard index > start, let fraction = number(text, start..<index) else { return Double(seconds) }
    var unit = 1
    for _ in start..<index { unit *= 10 }
    return Double(seconds) + Double(fraction) / Double(unit)
  }

  /// Two digits after a character.
  private static func part(
    _ text: Span<UInt8>, after separator: Unicode.Scalar, at index: inout Int, upTo limit: Int
  ) -> Int? {
    guard text.count - index >= 3, text[index] == ascii(separator),
      let number = number(text, index + 1..<index + 3), number <= limit
    else { return nil }
    index += 3
    return number
  }

  private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var value = 0
    for index in range {
      guard let digit = DecimalScanner.digitValue(text[index]) else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}
