import TreeIR

/// Which valid values of a field are outliers, as JPMML-Evaluator compares them with the bounds.
struct OutlierLimits: Sendable {
  enum Side {
    case below
    case above
  }

  private enum Order: Sendable {
    case numbers
    /// Of an ordinal field: values have the order in which the field lists them.
    case places([NumberKey: Int])
    /// No value can be compared.
    case none(FieldRefusal)
  }

  private let rules: FieldRules
  private let order: Order

  static let noOrder = FieldRefusal(
    .model, "the field has outliers, but its values are not compared with their bounds")

  init(_ rules: FieldRules) {
    self.rules = rules
    let valid = rules.listed.filter { $0.property == .valid }
    if rules.lowest == -.infinity && rules.highest == .infinity {
      order = .none(FieldRefusal(.model, "the outliers of the field have no bounds"))
    } else if rules.lowest > rules.highest {
      order = .none(
        FieldRefusal(
          .model,
          "the bounds of the field's outliers, \(rules.lowest) and \(rules.highest), are "
            + "the wrong way round"))
    } else if rules.type == .boolean {
      order = .numbers
    } else if !rules.type.isNumeric || rules.operationalType == .categorical {
      order = .none(Self.noOrder)
    } else if rules.operationalType == .ordinal, !valid.isEmpty {
      var places: [NumberKey: Int] = [:]
      for (place, value) in valid.enumerated() {
        guard let number = rules.type.number(value.text) else { continue }
        if places[NumberKey(number)] == nil { places[NumberKey(number)] = place }
      }
      order = .places(places)
    } else {
      order = .numbers
    }
  }

  /// On which side of the bounds a value lies; nil between them.
  func side(of number: Double) throws(FieldRefusal) -> Side? {
    switch order {
    case .none(let refusal): throw refusal
    case .numbers:
      if number < value(rules.lowest) ?? rules.lowest { return .below }
      return number > value(rules.highest) ?? rules.highest ? .above : nil
    case .places(let places):
      guard let place = places[NumberKey(number)] else { throw Self.noOrder }
      if let lowest = try self.place(of: rules.lowest, places), place < lowest { return .below }
      if let highest = try self.place(of: rules.highest, places), place > highest { return .above }
      return nil
    }
  }

  /// The place of a bound in the order; nil where there is no bound.
  private func place(
    of bound: Double, _ places: [NumberKey: Int]
  ) throws(FieldRefusal) -> Int? {
    guard bound.isFinite else { return nil }
    guard let value = value(bound), let place = places[NumberKey(value)] else {
      throw FieldRefusal(
        .model, "the bound \(bound) of the field's outliers is none of its values")
    }
    return place
  }

  /// A bound as a value of the field.
  func bound(_ side: Side) throws(FieldRefusal) -> Double {
    let bound = side == .below ? rules.lowest : rules.highest
    guard let value = value(bound) else {
      throw FieldRefusal(
        .model, "the bound \(bound) of the field is not of its type, \(rules.type.name)")
    }
    return value
  }

  /// A number as a value of the field; nil where the field cannot have such a value.
  private func value(_ number: Double) -> Double? {
    switch rules.type {
    case .float: Double(Float(number))
    case .integer: Int32(exactly: number).map { Double($0) }
    case .boolean: number == 0 || number == 1 ? number : nil
    default: number
    }
  }
}
