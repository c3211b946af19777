import TextCodec

extension FieldType {
  /// The number that stands for the value that `text` is; nil where it is none of the type, and
  /// for strings.
  package func number(_ text: Span<UInt8>) -> Double? {
    switch self {
    case .string: nil
    case .double: CellNumber.double(text)
    case .float: CellNumber.float(text).map { Double($0) }
    case .integer: CellNumber.integer(text).map { Double($0) }
    case .boolean: CellNumber.boolean(text).map { $0 ? 1 : 0 }
    case .date: CalendarText.date(text).map { Double($0) }
    case .time: CalendarText.time(text)
    case .dateTime: CalendarText.dateTime(text)
    case .daysSince1960, .daysSince1970, .daysSince1980:
      CalendarText.date(text).map { Double($0 - epoch) }
    case .timeSeconds: CalendarText.seconds(text).map { Double($0) }
    case .secondsSince1960, .secondsSince1970, .secondsSince1980:
      CalendarText.dateTime(text).map { ($0 - Double(epoch) * 86_400).rounded(.towardZero) + 0 }
    }
  }

  /// The number that stands for the value that `text` is; see ``number(_:)-(Span)``.
  package func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { number($0.span) }
  }

  /// The day from which a type counts, in days since 1970-01-01.
  private var epoch: Int {
    switch self {
    case .daysSince1960, .secondsSince1960: -3653
    case .daysSince1980, .secondsSince1980: 3652
    default: 0
    }
  }

  /// Whether values count days or seconds from somewhere, so that they are numbers, too.
  package var isCount: Bool {
    switch self {
    case .daysSince1960, .daysSince1970, .daysSince1980, .timeSeconds, .secondsSince1960,
      .secondsSince1970, .secondsSince1980:
      true
    default: false
    }
  }
}
