import TextCodec
import TreeIR

extension FieldValue {
  /// Seconds since midnight of a time, or of a date with time.
  func secondsSinceMidnight() throws(FieldRefusal) -> FieldValue {
    guard case .moment(let seconds, _) = try cast(to: .time).content else { return .missing }
    return try FieldValue(seconds.rounded(.down)).cast(to: .integer)
  }

  /// Days since the first day of a year of a date, or of a date with time.
  func daysSinceYear(_ year: FieldValue) throws(FieldRefusal) -> FieldValue {
    let first = try Self.firstDay(year)
    guard case .moment(let days, _) = try cast(to: .date).content else { return .missing }
    return try FieldValue(days - first).cast(to: .integer)
  }

  /// Seconds since the beginning of a year of a date with time.
  func secondsSinceYear(_ year: FieldValue) throws(FieldRefusal) -> FieldValue {
    let first = try Self.firstDay(year)
    guard case .moment(let seconds, _) = try cast(to: .dateTime).content else { return .missing }
    return try FieldValue((seconds - first * 86_400).rounded(.towardZero)).cast(to: .integer)
  }

  private static func firstDay(_ year: FieldValue) throws(FieldRefusal) -> Double {
    guard case .integer(let year) = try year.cast(to: .integer).content else { return 0 }
    return Double(CalendarText.days(year: Int(year), month: 1, day: 1))
  }

  // MARK: Formats

  /// The date or time as a pattern has it: `%` and a letter for each of its parts, as in Java's
  /// formats behind `%t`, with English names.
  func formattedMoment(_ pattern: String, _ name: String) throws(FieldRefusal) -> String {
    let parts = try MomentParts(self)
    var result = String.UnicodeScalarView()
    var scalars = pattern.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "%" else {
        result.append(scalar)
        continue
      }
      let letter = scalars.next()
      guard let letter, let text = letter == "%" ? "%" : parts.text(letter) else {
        throw .argument(name, 1, "is '\(pattern)', which does not fit the date or time")
      }
      result.append(contentsOf: text.unicodeScalars)
    }
    return String(result)
  }
}

/// The parts of a date, of a time or of both.
private struct MomentParts {
  private var date: (year: Int, month: Int, day: Int)?
  private var days = 0
  /// Since midnight.
  private var seconds: Int?
  private var nanoseconds = 0

  init(_ value: FieldValue) throws(FieldRefusal) {
    let moment =
      if case .text = value.content { try value.cast(to: .dateTime) } else { value }
    guard case .moment(let number, let type) = moment.content else {
      throw FieldRefusal(.type, "a value of type \(value.typeName) is not a date or time")
    }
    var time: Double?
    switch type {
    case .date: days = Int(number)
    case .time: time = number
    case .dateTime:
      let whole = (number / 86_400).rounded(.down)
      days = Int(whole)
      time = number - whole * 86_400
    default: throw FieldRefusal(.type, "a value of type \(type.name) is not a date or time")
    }
    if type != .time { date = CalendarText.day(days) }
    if let time {
      seconds = Int(time)
      // A date with time is exact to less than a microsecond.
      let unit = type == .time ? 1e9 : 1e6
      nanoseconds = Int(((time - time.rounded(.down)) * unit).rounded()) * Int(1e9 / unit)
      if nanoseconds > 999_999_999 { nanoseconds = 999_999_999 }
    }
  }

  /// What a letter stands for; nil where the value does not have it.
  func text(_ letter: Unicode.Scalar) -> String? {
    if let date, let text = dateText(letter, date) { return text }
    if let seconds, let text = timeText(letter, seconds) { return text }
    return nil
  }

  private func dateText(
    _ letter: Unicode.Scalar, _ date: (year: Int, month: Int, day: Int)
  ) -> String? {
    // Java counts the years before 1 in their era.
    let year = date.year > 0 ? date.year : 1 - date.year
    switch letter {
    case "B": return Self.months[date.month - 1]
    case "b", "h": return String(Self.months[date.month - 1].prefix(3))
    case "A": return Self.weekdays[weekday]
    case "a": return String(Self.weekdays[weekday].prefix(3))
    case "C": return padded(year / 100, 2)
    case "Y": return padded(year, 4)
    case "y": return padded(year % 100, 2)
    case "j": return padded(days - CalendarText.days(year: date.year, month: 1, day: 1) + 1, 3)
    case "m": return padded(date.month, 2)
    case "d": return padded(date.day, 2)
    case "e": return String(date.day)
    case "D": return "\(padded(date.month, 2))/\(padded(date.day, 2))/\(padded(year % 100, 2))"
    case "F": return "\(padded(year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    default: return nil
    }
  }

  private func timeText(_ letter: Unicode.Scalar, _ seconds: Int) -> String? {
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    let shortHour = hour % 12 == 0 ? 12 : hour % 12
    switch letter {
    case "H": return padded(hour, 2)
    case "I": return padded(shortHour, 2)
    case "k": return String(hour)
    case "l": return String(shortHour)
    case "M": return padded(minute, 2)
    case "S": return padded(second, 2)
    case "L": return padded(nanoseconds / 1_000_000, 3)
    case "N": return padded(nanoseconds, 9)
    case "p": return hour < 12 ? "am" : "pm"
    case "R": return "\(padded(hour, 2)):\(padded(minute, 2))"
    case "T": return "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    case "r":
      return "\(padded(shortHour, 2)):\(padded(minute, 2)):\(padded(second, 2)) "
        + (hour < 12 ? "AM" : "PM")
    default: return nil
    }
  }

  /// From 0 for Monday.
  private var weekday: Int { ((days + 3) % 7 + 7) % 7 }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
}
