import TreeIR

/// A RegressionTable.
struct PMMLRegressionTable {
  var element: XMLElement
  var intercept: Double
  var category: String?

  init(_ element: XMLElement) throws(Fault) {
    self.element = element
    intercept = try element.number(try element.required("intercept"), "intercept")
    category = element["targetCategory"]
  }

  var terms: [XMLElement] {
    element.children("NumericPredictor") + element.children("CategoricalPredictor")
      + element.children("PredictorTerm")
  }

  var isEmpty: Bool { intercept == 0 && terms.isEmpty }
}

extension PMMLCompiler {
  /// A RegressionModel.
  func regressionPrediction(
    _ element: XMLElement, _ context: PMMLContext, labelType: FieldType,
    targetField: PMMLDataField?
  ) throws(Fault) -> PMMLPrediction {
    let precision = try NumericProfile.Precision(mathContextOf: element)
    var tables: [PMMLRegressionTable] = []
    for table in element.children("RegressionTable") {
      tables.append(try PMMLRegressionTable(table))
    }
    let method = element["normalizationMethod"] ?? "none"
    guard !tables.isEmpty else { throw element.fault("there is no RegressionTable") }
    var values: [Int] = []
    // Values without which there is no result: what comes behind a missing one is not asked for.
    var needed: [Int] = []
    for table in tables {
      values.append(try value(of: table, context.scope, precision, &needed))
    }
    guard try isClassification(element) else {
      guard tables.count == 1 else {
        throw element.fault("a regression has \(tables.count) tables; it takes one")
      }
      let slot = try linked(values[0], method, precision, element)
      refuseNaN([slot], unlessMissing: needed)
      return PMMLPrediction(
        value: PMMLField(
          type: precision.fieldType, operationalType: .continuous, slot: slot),
        isClassification: false)
    }
    guard tables.count >= 2 else {
      throw element.fault("a classification has one table; it takes two or more", .unsupported)
    }
    if let classes = targetField?.validTexts, !classes.isEmpty, classes.count != tables.count {
      throw element.fault(
        "there are \(tables.count) tables for the \(classes.count) values of the target")
    }
    var labels: [Double] = []
    for table in tables {
      guard let text = table.category, let label = label(text, labelType) else {
        throw table.element.fault("the table's targetCategory is no value of the target")
      }
      labels.append(label)
    }
    let shares = try normalized(values, tables, method, precision, element)
    refuseNaN(shares, unlessMissing: needed)
    let anyMissing = withoutGuard {
      builder.logic(.or, values.map { builder.logic(.isMissing, [$0]) })
    }
    let kept = shares.map { slot in
      builder.select(anyMissing, then: .constant(.nan), otherwise: .slot(slot))
    }
    return try classification(
      zip(labels, kept).map { (label: $0, slot: $1) }, labelType)
  }

  /// Refuses rows for which a number is NaN although nothing that it is made of is missing: infinite
  /// values give such ones, and behind this they would be missing.
  private func refuseNaN(_ slots: [Int], unlessMissing needed: [Int]) {
    guard !needed.isEmpty else { return }
    let isFine = withoutGuard {
      builder.logic(
        .or,
        [
          builder.logic(.not, [builder.logic(.isMissing, slots)]),
          builder.logic(.isMissing, Set(needed).sorted()),
        ])
    }
    builder.require(
      isFine, reason: "a number is NaN, which treec cannot keep apart from a missing one")
  }

  /// The sum of a table's terms.
  private func value(
    of table: PMMLRegressionTable, _ scope: PMMLScope, _ precision: NumericProfile.Precision,
    _ needed: inout [Int]
  ) throws(Fault) -> Int {
    var sum: Int?
    func add(_ slot: Int) {
      sum =
        sum.map { builder.arithmetic(.add, .slot($0), .slot(slot), precision: precision) } ?? slot
    }
    for term in table.terms {
      let coefficient = precision.rounded(
        try term.number(try term.required("coefficient"), "coefficient"))
      switch term.name {
      case "NumericPredictor":
        let value = try number(
          of: try term.required("name"), scope, term, precision, after: needed)
        needed.append(value)
        let exponent = try term.optionalNumber("exponent") ?? 1
        let power = try self.power(value, exponent, precision, term)
        add(
          builder.arithmetic(
            .multiply, .constant(coefficient), .slot(power), precision: precision))
      case "CategoricalPredictor":
        let field = try required(try term.required("name"), scope, term, after: needed)
        let text = try term.required("value")
        guard let value = number(text, field.type) else {
          throw term.fault("'\(text)' is no value of the field")
        }
        let isThis = builder.compare(.slot(field.slot), .equal, .constant(value))
        let isKnown = builder.logic(.and, [isThis, isPresent(field.slot)])
        let slot = builder.select(isKnown, then: .constant(coefficient), otherwise: .constant(0))
        // What does not match adds nothing, not zero: the sum of none may be −0.
        add(slot)
      default:
        var product = slot(of: coefficient)
        for reference in term.children where reference.name == "FieldRef" {
          let value = try number(
            of: try reference.required("field"), scope, reference, precision, after: needed)
          needed.append(value)
          product = builder.arithmetic(
            .multiply, .slot(product), .slot(value), precision: precision)
        }
        add(product)
      }
    }
    let intercept = precision.rounded(table.intercept)
    guard let sum else { return slot(of: intercept) }
    // The sum starts at 0, which takes the sign off −0.
    let whole = builder.arithmetic(.add, .constant(0), .slot(sum), precision: precision)
    if intercept == 0 { return whole }
    return builder.arithmetic(.add, .slot(whole), .constant(intercept), precision: precision)
  }

  /// A Regression in the node of a tree: numbers times coefficients.
  func linearModel(
    _ element: XMLElement, in scope: PMMLScope
  ) throws(Fault) -> LeafDraft.LinearModel {
    let tables = element.children("RegressionTable")
    guard element.name == "Regression", tables.count == 1,
      element["normalizationMethod"] ?? "none" == "none"
    else {
      throw element.fault("models of this kind in a node are not read", .unsupported)
    }
    let table = try PMMLRegressionTable(tables[0])
    var terms: [(slot: Int, coefficient: Double)] = []
    for term in table.terms {
      guard term.name == "NumericPredictor", try term.optionalNumber("exponent") ?? 1 == 1 else {
        throw term.fault("in a node only numbers times coefficients are read", .unsupported)
      }
      let coefficient = try term.number(try term.required("coefficient"), "coefficient")
      terms.append(
        (try number(of: try term.required("name"), scope, term, .float64), coefficient))
    }
    return LeafDraft.LinearModel(constant: table.intercept, terms: terms)
  }

  private func required(
    _ name: String, _ scope: PMMLScope, _ element: XMLElement, after needed: [Int]
  ) throws(Fault) -> PMMLField {
    let field = try self.field(name, in: scope, from: element)
    var failures = [field.failure].compactMap { $0 }
    if let isSet = field.isSet {
      failures.append(withoutGuard { builder.compare(.slot(isSet), .notEqual, .constant(1)) })
    }
    guard !failures.isEmpty else { return field }
    let isNeeded: Int? =
      needed.isEmpty
      ? nil : withoutGuard { builder.logic(.and, Set(needed).sorted().map { isPresent($0) }) }
    guarded(by: isNeeded) {
      for failure in failures { refuse(where: failure, "the field '\(name)' has no value") }
    }
    return field
  }

  private func number(
    of name: String, _ scope: PMMLScope, _ element: XMLElement,
    _ precision: NumericProfile.Precision, after needed: [Int] = []
  ) throws(Fault) -> Int {
    let field = try required(name, scope, element, after: needed)
    let target = precision.fieldType
    if field.type == target { return field.slot }
    let number = computed(
      .cast(.slot(field.slot, field.type, field.operationalType), to: target, .continuous), target,
      .continuous, name: name)
    if let failure = number.failure {
      let isNeeded: Int? =
        needed.isEmpty
        ? nil : withoutGuard { builder.logic(.and, Set(needed).sorted().map { isPresent($0) }) }
      guarded(by: isNeeded) { refuse(where: failure, "'\(name)' is no number") }
    }
    return number.slot
  }

  private func power(
    _ value: Int, _ exponent: Double, _ precision: NumericProfile.Precision, _ term: XMLElement
  ) throws(Fault) -> Int {
    if exponent == 1 { return value }
    if exponent == 2 {
      return builder.arithmetic(.multiply, .slot(value), .slot(value), precision: precision)
    }
    let type = precision.fieldType
    let (slot, failure) = builder.compute(
      .apply(
        FieldExpression.Application(
          .pow, [.slot(value, type, .continuous), .constant(.number(exponent, type))],
          invalid: .keep)), type: type, name: "exponent")
    // A power of what is missing is missing, and refuses nothing.
    let isMissing = withoutGuard { builder.logic(.isMissing, [value]) }
    let isFailure = withoutGuard {
      builder.logic(
        .and,
        [
          builder.compare(.slot(failure), .equal, .constant(1)), builder.logic(.not, [isMissing]),
        ])
    }
    refuse(where: isFailure, "a power has no value")
    return slot
  }

  /// A GeneralRegressionModel whose result is a number: as links of chains have it.
  func generalRegressionPrediction(
    _ element: XMLElement, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    guard try !isClassification(element),
      ["generalizedLinear", "regression", "generalLinear"].contains(element["modelType"] ?? "")
    else {
      throw element.fault("of these models only linear regressions are read", .unsupported)
    }
    var factors: [String: [XMLElement]] = [:]
    for cell in element.child("PPMatrix")?.children("PPCell") ?? [] {
      factors[try cell.required("parameterName"), default: []].append(cell)
    }
    let categorical = Set(element.child("FactorList")?.children.compactMap { $0["name"] } ?? [])
    var sum = slot(of: 0)
    for cell in element.child("ParamMatrix")?.children("PCell") ?? [] {
      var product = slot(of: 1)
      for factor in factors[try cell.required("parameterName")] ?? [] {
        let name = try factor.required("predictorName")
        guard !categorical.contains(name) else {
          throw factor.fault("factors of such a model are not read", .unsupported, feature: name)
        }
        let exponent = try factor.number(try factor.required("value"), "value")
        let value = try number(of: name, context.scope, factor, .float64)
        let power = try self.power(value, exponent, .float64, factor)
        product = builder.arithmetic(.multiply, .slot(product), .slot(power))
      }
      let beta = try cell.number(try cell.required("beta"), "beta")
      let term = builder.arithmetic(.multiply, .constant(beta), .slot(product))
      sum = builder.arithmetic(.add, .slot(sum), .slot(term))
    }
    let method: String
    switch element["linkFunction"] {
    case nil, "identity": method = "none"
    case "log": method = "exp"
    case let name?: method = name
    }
    return PMMLPrediction(
      value: PMMLField(
        type: .double, operationalType: .continuous,
        slot: try linked(sum, method, .float64, element)), isClassification: false)
  }

  // MARK: Normalization

  private func linked(
    _ slot: Int, _ method: String, _ precision: NumericProfile.Precision, _ element: XMLElement
  ) throws(Fault) -> Int {
    let isFloat = precision == .float32
    let function: Link.Function
    switch method {
    case "none": return slot
    case "logit", "softmax": function = isFloat ? .logisticOfPower : .logistic(scale: 1)
    case "exp": function = isFloat ? .powerInFloat : .exponential
    case "probit":
      guard !isFloat else {
        throw element.fault("probit is not defined for x-mathContext float", .unsupported)
      }
      function = .normalDistribution
    case "cloglog": function = .complementaryLogLog(precision)
    case "loglog": function = .logLog(precision)
    case "cauchit": function = .cauchyDistribution(precision)
    default: throw element.unknown("normalizationMethod", method)
    }
    return builder.link(function, of: slot..<slot + 1).lowerBound
  }

  private func normalized(
    _ values: [Int], _ tables: [PMMLRegressionTable], _ method: String,
    _ precision: NumericProfile.Precision, _ element: XMLElement
  ) throws(Fault) -> [Int] {
    func arithmetic(_ op: Arithmetic.Operator, _ left: Operand, _ right: Operand) -> Int {
      builder.arithmetic(op, left, right, precision: precision)
    }
    func complement(_ slot: Int) -> Int { arithmetic(.subtract, .constant(1), .slot(slot)) }
    if values.count == 2 {
      switch method {
      case "none":
        let isLow = builder.compare(.slot(values[0]), .less, .constant(0))
        let low = builder.select(isLow, then: .constant(0), otherwise: .slot(values[0]))
        let isHigh = builder.compare(.slot(low), .greater, .constant(1))
        let value = builder.select(isHigh, then: .constant(1), otherwise: .slot(low))
        return [value, complement(value)]
      case "logit", "probit", "cloglog", "loglog", "cauchit":
        let value = try linked(values[0], method, precision, element)
        return [value, complement(value)]
      case "softmax" where tables[1].isEmpty:
        let value = try linked(values[0], "logit", precision, element)
        return [value, complement(value)]
      default: break
      }
    }
    switch method {
    case "none":
      var rest = slot(of: 1)
      let sum = values.dropLast().dropFirst().reduce(values[0]) {
        arithmetic(.add, .slot($0), .slot($1))
      }
      rest = arithmetic(.subtract, .constant(1), .slot(sum))
      return values.dropLast() + [rest]
    case "softmax":
      let inputs = adjacent(values)
      return Array(
        builder.link(precision == .float32 ? .softmaxOfPower : .softmax, of: inputs))
    case "simplemax": return shares(values, arithmetic)
    case "logit":
      var logits: [Int] = []
      for value in values { logits.append(try linked(value, "logit", precision, element)) }
      return shares(logits, arithmetic)
    default:
      throw element.fault(
        "normalizationMethod '\(method)' is not defined for \(values.count) classes", .unsupported)
    }
  }

  private func shares(
    _ values: [Int], _ arithmetic: (Arithmetic.Operator, Operand, Operand) -> Int
  ) -> [Int] {
    let sum = values.dropFirst().reduce(values[0]) { arithmetic(.add, .slot($0), .slot($1)) }
    let isZero = withoutGuard { builder.compare(.slot(sum), .equal, .constant(0)) }
    refuse(where: isZero, "the values of all classes add up to 0")
    return values.map { arithmetic(.divide, .slot($0), .slot(sum)) }
  }

  /// Slots that follow one another with the values of `slots`.
  private func adjacent(_ slots: [Int]) -> Range<Int> {
    if slots.indices.dropFirst().allSatisfy({ slots[$0] == slots[$0 - 1] + 1 }) {
      return slots[0]..<slots[0] + slots.count
    }
    let copies = slots.map { builder.select(alwaysTrue, then: .slot($0), otherwise: .slot($0)) }
    return copies[0]..<copies[0] + copies.count
  }
}
