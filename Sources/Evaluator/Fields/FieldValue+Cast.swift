import TextCodec
import TreeIR

extension FieldValue {
  /// The value in another type; missing stays missing.
  ///
  /// Numbers become whole numbers only where they are whole and fit, and truth values only where
  /// they are 1 or 0. Texts are read as cells are.
  package func cast(to type: FieldType) throws(FieldRefusal) -> FieldValue {
    try cast(to: type, type.usualOperationalType)
  }

  /// The value in another type, which then may be done with what `operationalType` says.
  package func cast(
    to type: FieldType, _ operationalType: OperationalType
  ) throws(FieldRefusal) -> FieldValue {
    if isMissing { return .missing }
    if self.type == type {
      return FieldValue(content, operationalType, isInvalid: isInvalid)
    }
    return FieldValue(try content(as: type), operationalType)
  }

  private func content(as type: FieldType) throws(FieldRefusal) -> Content {
    if case .text(var text) = content {
      guard let number = type.number(text) else {
        throw text.withUTF8 { .unreadable($0.span, as: type) }
      }
      return Content(number, type)
    }
    switch type {
    case .string: return .text(try text())
    case .double: return .double(try plainNumber(type) + 0)
    case .float: return .float(Float(try plainNumber(type)) + 0)
    case .integer:
      guard let number = Int32(exactly: try plainNumber(type)) else { throw cannot(type) }
      return .integer(number)
    case .boolean:
      if case .moment = content { throw cannot(type) }
      switch try plainNumber(type) {
      case 1: return .boolean(true)
      case 0: return .boolean(false)
      default: throw cannot(type)
      }
    case .date:
      guard case .moment(let seconds, .dateTime) = content else { throw cannot(type) }
      return .moment((seconds / 86_400).rounded(.down), .date)
    case .time:
      guard case .moment(let seconds, .dateTime) = content else { throw cannot(type) }
      return .moment(seconds - (seconds / 86_400).rounded(.down) * 86_400, .time)
    default:
      guard case .moment(let number, let other) = content,
        let shift = other.days(to: type)
      else { throw cannot(type) }
      return .moment(number + shift, type)
    }
  }

  private func plainNumber(_ type: FieldType) throws(FieldRefusal) -> Double {
    switch content {
    case .integer(let number): return Double(number)
    case .float(let number): return Double(number)
    case .double(let number): return number
    case .boolean(let truth): return truth ? 1 : 0
    case .moment(let number, let own) where own.isCount: return number
    default: throw cannot(type)
    }
  }

  private func cannot(_ type: FieldType) -> FieldRefusal {
    let shown = (try? text()).map { "'\($0)'" } ?? "the value"
    return FieldRefusal(.type, "\(shown), of type \(typeName), cannot be had as \(type.name)")
  }

  // MARK: Comparison

  /// Whether two values of the same type are the same; NaN is the same as NaN.
  func hasSameContent(as other: FieldValue) -> Bool {
    switch (content, other.content) {
    case (.missing, .missing): true
    case (.integer(let left), .integer(let right)): left == right
    case (.float(let left), .float(let right)): left == right || (left.isNaN && right.isNaN)
    case (.double(let left), .double(let right)): left == right || (left.isNaN && right.isNaN)
    case (.boolean(let left), .boolean(let right)): left == right
    // Swift would also take texts for equal that differ in their bytes.
    case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
    case (.moment(let left, let type), .moment(let right, let other)):
      left == right && type == other
    default: false
    }
  }

  /// Whether the value equals another, which is brought to its type first.
  func isEqual(to other: FieldValue) throws(FieldRefusal) -> Bool {
    guard let type else { return other.isMissing }
    if other.type == type { return hasSameContent(as: other) }
    return hasSameContent(as: try other.cast(to: type))
  }

  /// Less than zero where the value comes before another, which is brought to its type first;
  /// zero where they are equal. Neither may be missing.
  func compare(to other: FieldValue) throws(FieldRefusal) -> Int {
    guard let type, !other.isMissing else { return 0 }
    if operationalType == .categorical && type != .boolean {
      throw FieldRefusal(.type, "values that are categories cannot be told to be less or greater")
    }
    if let order { return try position(order) - other.cast(to: type).position(order) }
    let right: FieldValue
    do throws(FieldRefusal) {
      right = try other.cast(to: type)
    } catch {
      // Whole numbers and truth values can still be compared as numbers.
      guard type == .integer || type == .boolean else { throw error }
      return try Self.compare(number(), other.number())
    }
    switch (content, right.content) {
    case (.text(let left), .text(let right)):
      // Java compares UTF-16.
      if left.utf8.elementsEqual(right.utf8) { return 0 }
      return left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : 1
    case (.moment(let left, _), .moment(let right, _)): return Self.compare(left, right)
    default: return try Self.compare(number(), right.number())
    }
  }

  private func position(_ order: FieldOrder) throws(FieldRefusal) -> Int {
    if let position = order.position(of: self) { return position }
    let shown = (try? text()).map { "'\($0)'" } ?? "the value"
    throw FieldRefusal(.argument, "\(shown) is not in the list that orders the field's values")
  }

  /// NaN is greater than all others.
  private static func compare(_ left: Double, _ right: Double) -> Int {
    if left.isNaN || right.isNaN { return (left.isNaN ? 1 : 0) - (right.isNaN ? 1 : 0) }
    return left < right ? -1 : left > right ? 1 : 0
  }
}

extension FieldType {
  /// What is added to a count of days to have it in another such type; nil where the types are
  /// others, which are not had from each other.
  fileprivate func days(to other: FieldType) -> Double? {
    func epoch(_ type: FieldType) -> Double? {
      switch type {
      case .daysSince1960: -3653
      case .daysSince1970: 0
      case .daysSince1980: 3652
      default: nil
      }
    }
    guard let from = epoch(self), let to = epoch(other) else { return nil }
    return from - to
  }
}
