import TextCodec
import TreeIR

extension FieldType {
  /// PMML's name.
  package var name: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .float: "float"
    case .double: "double"
    case .boolean: "boolean"
    case .date: "date"
    case .time: "time"
    case .dateTime: "dateTime"
    case .daysSince1960: "dateDaysSince[1960]"
    case .daysSince1970: "dateDaysSince[1970]"
    case .daysSince1980: "dateDaysSince[1980]"
    case .timeSeconds: "timeSeconds"
    case .secondsSince1960: "dateTimeSecondsSince[1960]"
    case .secondsSince1970: "dateTimeSecondsSince[1970]"
    case .secondsSince1980: "dateTimeSecondsSince[1980]"
    }
  }

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
  var isCount: Bool {
    switch self {
    case .daysSince1960, .daysSince1970, .daysSince1980, .timeSeconds, .secondsSince1960,
      .secondsSince1970, .secondsSince1980:
      true
    default: false
    }
  }

  /// What may be done with values of which nothing more is known.
  var usualOperationalType: OperationalType {
    switch self {
    case .integer, .float, .double: .continuous
    case .string, .boolean: .categorical
    default: .ordinal
    }
  }
}
