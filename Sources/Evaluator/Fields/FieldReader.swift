import TextCodec
import TreeIR

/// Turns the cells of a column into slot numbers, as the rules of a PMML field say.
package struct FieldReader: Sendable {
  package let rules: FieldRules
  /// Whether any text of a number is valid, so that nothing needs to be looked at but the number.
  private let isPlain: Bool
  /// Properties of listed values, by the number that stands for them.
  private let numbers: [NumberKey: FieldRules.Listed.Property]
  /// Listed values that are texts, or none of the field's type.
  private let texts: CategoryIndex
  private let textProperties: [FieldRules.Listed.Property]
  private let hasValid: Bool
  private let missing: Replacement
  private let invalid: Replacement
  private let outliers: OutlierLimits

  /// What takes the place of a value.
  private enum Replacement: Sendable {
    case none
    case number(Double)
    case text(String)
    case refusal(FieldRefusal)

    init(_ text: String, _ type: FieldType) {
      if type == .string {
        self = .text(text)
      } else if let number = type.number(text) {
        self = .number(number)
      } else {
        var text = text
        self = .refusal(text.withUTF8 { .unreadable($0.span, as: type) })
      }
    }
  }

  package init(_ rules: FieldRules) {
    self.rules = rules
    let type = rules.type
    var numbers: [NumberKey: FieldRules.Listed.Property] = [:]
    var texts: [String] = []
    var textProperties: [FieldRules.Listed.Property] = []
    // Where a value is listed twice, it is missing before it is invalid, and that before valid.
    let order: [FieldRules.Listed.Property] = [.missing, .invalid, .valid]
    for property in order {
      for listed in rules.listed where listed.property == property {
        if let number = type.number(listed.text) {
          let key = NumberKey(number)
          if numbers[key] == nil { numbers[key] = property }
        } else if !texts.contains(where: { $0.utf8.elementsEqual(listed.text.utf8) }) {
          texts.append(listed.text)
          textProperties.append(property)
        }
      }
    }
    self.numbers = numbers
    self.texts = CategoryIndex(texts.map { .string($0) })
    self.textProperties = textProperties
    hasValid = rules.listed.contains { $0.property == .valid }
    missing =
      switch rules.missing {
      case .replace(let text), .refuse(let text?): Replacement(text, type)
      case .keep, .refuse(nil): .none
      }
    invalid =
      if case .replace(let text) = rules.invalid { Replacement(text, type) } else { .none }
    outliers = OutlierLimits(rules)
    isPlain = rules.listed.isEmpty && rules.intervals.isEmpty && rules.outliers == .keep
  }

  // MARK: Cells

  /// The slot number of a cell of text; NaN where the value is missing, as an empty cell is.
  package func read(_ text: Span<UInt8>, _ texts: RowTexts) throws(FieldRefusal) -> Double {
    if text.isEmpty { return try readMissing(texts) }
    return try readText(text, texts)
  }

  /// The slot number of a text that is there even if it is empty, such as a string of JSON. Texts
  /// of numbers, `true` and `false` of JSON are read alike.
  package func readText(_ text: Span<UInt8>, _ texts: RowTexts) throws(FieldRefusal) -> Double {
    if rules.type == .string { return try readString(text, texts) }
    guard let number = rules.type.number(text) else {
      if let position = self.texts.position(ofText: text) {
        let property = textProperties[position]
        if property == .missing { return try readMissing(texts) }
      }
      return try readInvalid(texts) { .invalid(text) }
    }
    if isPlain, !number.isNaN { return number }
    return try check(number, texts) { .invalid(text) }
  }

  /// The slot number of `null`, or of a cell that is not there.
  package func readMissing(_ texts: RowTexts) throws(FieldRefusal) -> Double {
    if case .refuse = rules.missing {
      throw FieldRefusal(.missingValue, "the value is missing, and the model needs it")
    }
    return try number(missing, texts)
  }

  /// The slot number of a truth value of JSON.
  package func read(_ truth: Bool, _ texts: RowTexts) throws(FieldRefusal) -> Double {
    let text: StaticString = truth ? "true" : "false"
    let bytes = text.withUTF8Buffer { Array($0) }
    return try readText(bytes.span, texts)
  }

  // MARK: Values

  private func readString(_ text: Span<UInt8>, _ texts: RowTexts) throws(FieldRefusal) -> Double {
    let listed = self.texts.position(ofText: text).map { textProperties[$0] }
    if listed == .missing { return try readMissing(texts) }
    if listed == .invalid || (hasValid && listed == nil) {
      if rules.invalid == .keep { return slotNumber(text, texts) }
      return try readInvalid(texts) { .invalid(text) }
    }
    if !hasValid { try refuseIntervals() }
    if rules.outliers != .keep { throw OutlierLimits.noOrder }
    return slotNumber(text, texts)
  }

  private func slotNumber(_ text: Span<UInt8>, _ texts: RowTexts) -> Double {
    rules.keepsTexts ? texts.number(of: text) : texts.knownNumber(of: text)
  }

  /// A number as the lists, intervals and treatments have it.
  private func check(
    _ number: Double, _ texts: RowTexts, _ refusal: () -> FieldRefusal
  ) throws(FieldRefusal) -> Double {
    let listed = numbers.isEmpty ? nil : numbers[NumberKey(number)]
    if listed == .missing { return try readMissing(texts) }
    var isValid = listed != .invalid && (listed == .valid || !hasValid)
    if isValid && !hasValid {
      try refuseIntervals()
      if !rules.intervals.isEmpty {
        isValid = rules.intervals.contains { $0.contains(number) }
      } else if number.isNaN && rules.operationalType == .continuous {
        isValid = false
      }
    }
    guard isValid || rules.invalid == .keep else { return try readInvalid(texts, refusal) }
    if number.isNaN { throw .nan }
    return isValid ? try limited(number, texts) : number
  }

  /// Outliers as the rules have them.
  private func limited(_ number: Double, _ texts: RowTexts) throws(FieldRefusal) -> Double {
    guard rules.outliers != .keep, let side = try outliers.side(of: number) else { return number }
    if rules.outliers == .asMissing { return try self.number(missing, texts) }
    return try outliers.bound(side)
  }

  private func refuseIntervals() throws(FieldRefusal) {
    if rules.operationalType != .continuous && !rules.intervals.isEmpty {
      throw FieldRefusal(.model, "the field has intervals, but its values are categories")
    }
  }

  private func readInvalid(
    _ texts: RowTexts, _ refusal: () -> FieldRefusal
  ) throws(FieldRefusal) -> Double {
    switch rules.invalid {
    case .refuse, .keep: throw refusal()
    case .asMissing: return try number(missing, texts)
    case .replace: return try number(invalid, texts)
    }
  }

  private func number(
    _ replacement: Replacement, _ texts: RowTexts
  ) throws(FieldRefusal) -> Double {
    switch replacement {
    case .none: return .nan
    case .number(let number):
      if number.isNaN { throw .nan }
      return number
    case .text(let text): return texts.number(of: text)
    case .refusal(let refusal): throw refusal
    }
  }
}

/// A number as the key of a table: NaN equals NaN.
struct NumberKey: Hashable, Sendable {
  private let bits: UInt64

  init(_ number: Double) {
    bits = number.isNaN ? Double.nan.bitPattern : (number + 0).bitPattern
  }
}
