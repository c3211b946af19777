import TreeIR

/// Results of the types that stand for days and seconds, which neither tables nor JSON have.
package enum MomentText {
  /// A date or a time as ISO 8601 writes it; of the types that count from a year or from
  /// midnight, the count.
  package static func text(of number: Double, _ type: FieldType) -> String {
    let fraction = number == number.rounded(.down) ? "" : ".%N"
    let pattern: String
    switch type {
    case .date: pattern = "%F"
    case .time: pattern = "%T" + fraction
    case .dateTime: pattern = "%FT%T" + fraction
    default: return Int(exactly: number).map { String($0) } ?? ""
    }
    let value = FieldValue(FieldValue.Content(number, type), .continuous)
    return (try? value.formattedMoment(pattern, "")) ?? ""
  }
}
