/// Texts of numbers as PMML's reference implementation takes them from cells, attributes and
/// other texts: what Java takes, and a few words.
///
/// There is no negative zero: it becomes zero.
package enum CellNumber {
  /// A number as `Double.parseDouble` takes it, `INF`, `-INF` and `NaN` in any case, and `true` and
  /// `false` in any case as 1 and 0.
  package static func double(_ text: Span<UInt8>) -> Double? {
    if let number = JavaNumber.parseDouble(text) { return number + 0 }
    return word(text)
  }

  /// The `Float` nearest to what ``double(_:)`` takes.
  package static func float(_ text: Span<UInt8>) -> Float? {
    if let number = JavaNumber.parseFloat(text) { return number + 0 }
    return word(text).map { Float($0) }
  }

  /// A whole number of 32 bits: as `Integer.parseInt` takes it, or any text of a whole number, with
  /// fraction or exponent.
  package static func integer(_ text: Span<UInt8>) -> Int32? {
    if let number = JavaNumber.parseInteger(text) { return number }
    if let number = JavaNumber.parseDouble(text) { return Int32(exactly: number) }
    return truth(text).map { $0 ? 1 : 0 }
  }

  /// `true` or `false` in any case, or a number that is 1 or 0.
  package static func boolean(_ text: Span<UInt8>) -> Bool? {
    if let truth = truth(text) { return truth }
    return switch JavaNumber.parseDouble(text) {
    case 1: true
    case 0: false
    default: nil
    }
  }

  private static func truth(_ text: Span<UInt8>) -> Bool? {
    if text.isEqualIgnoringCase(to: "true") { return true }
    if text.isEqualIgnoringCase(to: "false") { return false }
    return nil
  }

  @inline(never)
  private static func word(_ text: Span<UInt8>) -> Double? {
    if let truth = truth(text) { return truth ? 1 : 0 }
    if text.isEqualIgnoringCase(to: "inf") { return .infinity }
    if text.isEqualIgnoringCase(to: "-inf") { return -.infinity }
    if text.isEqualIgnoringCase(to: "nan") { return .nan }
    return nil
  }
}
