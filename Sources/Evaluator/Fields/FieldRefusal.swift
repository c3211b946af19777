import TreeIR

/// Why a row is refused: a cell that a field does not take, or an expression that has no value.
public struct FieldRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of reason it is; more may be added.
  public enum Reason: Sendable, Hashable {
    /// The cell is not among the field's valid values, or can not be read as its type.
    case invalidValue
    /// The cell is missing, and the field must have a value.
    case missingValue
    /// The value is NaN, which no slot can hold beside missing values.
    case notANumber
    /// The field or the expression contradicts itself.
    case model
    /// A value can not be had as the type that is needed.
    case type
    /// A function does not take an argument.
    case argument
    /// A function has no result.
    case result
  }

  public let reason: Reason
  /// What is wrong, without the name of the column or field, and without a full stop.
  public let description: String

  init(_ reason: Reason, _ description: String) {
    self.reason = reason
    self.description = description
  }
}

extension FieldRefusal {
  static let nan = FieldRefusal(
    .notANumber, "the value is NaN, which treec cannot keep apart from a missing value")

  static func invalid(_ text: Span<UInt8>) -> FieldRefusal {
    FieldRefusal(.invalidValue, "'\(shortened(text))' is not a valid value")
  }

  static func unreadable(_ text: Span<UInt8>, as type: FieldType) -> FieldRefusal {
    FieldRefusal(.type, "'\(shortened(text))' cannot be read as \(type.name)")
  }

  static func missing(_ function: String, _ argument: Int) -> FieldRefusal {
    FieldRefusal(
      .argument, "function '\(function)' cannot take a missing value (argument \(argument + 1))")
  }

  static func argument(_ function: String, _ argument: Int, _ problem: String) -> FieldRefusal {
    FieldRefusal(.argument, "function '\(function)': argument \(argument + 1) \(problem)")
  }

  static func count(_ function: String, _ count: Int) -> FieldRefusal {
    FieldRefusal(.argument, "function '\(function)' does not take \(count) arguments")
  }

  static func undefined(_ function: String) -> FieldRefusal {
    FieldRefusal(.result, "function '\(function)' has no result for these arguments")
  }

  /// The beginning of a text, enough to recognise it.
  private static func shortened(_ text: Span<UInt8>) -> String {
    let shown = text.extracting(0..<min(text.count, 40))
    let string = shown.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    return string + (shown.count < text.count ? "…" : "")
  }
}
