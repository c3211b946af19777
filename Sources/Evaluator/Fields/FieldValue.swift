import TextCodec
import TreeIR

/// A value of a field or an expression.
///
/// There is no negative zero: results of arithmetic lose the sign.
package struct FieldValue: Sendable {
  package enum Content: Sendable {
    case missing
    case integer(Int32)
    case float(Float)
    case double(Double)
    case boolean(Bool)
    case text(String)
    /// A date, a time or a count of days or seconds, by the number that stands for it.
    case moment(Double, FieldType)
  }

  package let content: Content
  package let operationalType: OperationalType
  /// The order of the field's values, where it has one of its own.
  let order: FieldOrder?
  /// Whether it is no valid value of its field, though it was let pass.
  let isInvalid: Bool

  init(
    _ content: Content, _ operationalType: OperationalType, order: FieldOrder? = nil,
    isInvalid: Bool = false
  ) {
    self.content = content
    self.operationalType = operationalType
    self.order = order
    self.isInvalid = isInvalid
  }

  /// The same as an invalid one, unless it is missing.
  var markedInvalid: FieldValue {
    isMissing ? self : FieldValue(content, operationalType, order: order, isInvalid: true)
  }

  package static let missing = FieldValue(.missing, .continuous)

  package init(_ number: Double) {
    self.init(.double(number + 0), .continuous)
  }

  package init(_ number: Float) {
    self.init(.float(number + 0), .continuous)
  }

  package init(_ number: Int32) {
    self.init(.integer(number), .continuous)
  }

  package init(_ truth: Bool) {
    self.init(.boolean(truth), .categorical)
  }

  package init(_ text: String) {
    self.init(.text(text), .categorical)
  }

  package init(_ constant: FieldConstant) {
    switch constant {
    case .missing: self = .missing
    case .string(let text): self.init(text)
    case .number(let number, let type):
      self.init(Content(number, type), type.usualOperationalType)
    }
  }

  /// The value that a text is.
  init(_ text: String, as type: FieldType) throws(FieldRefusal) {
    self = try FieldValue(text).cast(to: type)
  }

  package var isMissing: Bool {
    if case .missing = content { return true }
    return false
  }

  /// nil where the value is missing.
  package var type: FieldType? {
    switch content {
    case .missing: nil
    case .integer: .integer
    case .float: .float
    case .double: .double
    case .boolean: .boolean
    case .text: .string
    case .moment(_, let type): type
    }
  }

  /// Whether the value is a number that is none.
  var isNaN: Bool {
    switch content {
    case .float(let number): number.isNaN
    case .double(let number): number.isNaN
    default: false
    }
  }

  /// The value as a number, whatever its type; texts are read.
  func number() throws(FieldRefusal) -> Double {
    switch content {
    case .integer(let number): return Double(number)
    case .float(let number): return Double(number)
    case .double(let number): return number
    case .boolean(let truth): return truth ? 1 : 0
    case .moment(let number, let type) where type.isCount: return number
    case .text(var text):
      if let number = FieldType.double.number(text) { return number }
      throw text.withUTF8 { .unreadable($0.span, as: .double) }
    case .moment, .missing:
      throw FieldRefusal(.type, "a value of type \(typeName) is not a number")
    }
  }

  /// The value as text.
  func text() throws(FieldRefusal) -> String {
    switch content {
    case .text(let text): return text
    case .integer(let number): return String(number)
    case .float(let number): return JavaNumber.text(number)
    case .double(let number): return JavaNumber.text(number)
    case .boolean(let truth): return truth ? "true" : "false"
    case .moment, .missing:
      throw FieldRefusal(.type, "a value of type \(typeName) cannot be had as text")
    }
  }

  var typeName: String { type?.name ?? "missing" }
}

extension FieldValue.Content {
  /// The value of a type, other than string, that a number stands for.
  init(_ number: Double, _ type: FieldType) {
    self =
      switch type {
      case .integer: .integer(Int32(exactly: number) ?? 0)
      case .float: .float(Float(number))
      case .double: .double(number)
      case .boolean: .boolean(number != 0)
      default: .moment(number, type)
      }
  }
}

/// The order of an ordinal field's values.
final class FieldOrder: Sendable {
  private let values: [FieldValue]

  init(_ constants: [FieldConstant]) {
    values = constants.map { FieldValue($0) }
  }

  /// The position of a value of the field's type; nil where it is not in the list.
  func position(of value: FieldValue) -> Int? {
    values.firstIndex { $0.hasSameContent(as: value) }
  }
}
