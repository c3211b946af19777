import TreeIR

extension PMMLCompiler {
  /// The elements that are models which treec reads.
  static let models: Set<String> = [
    "TreeModel", "MiningModel", "RegressionModel", "GeneralRegressionModel",
  ]

  /// The prediction of a model, for rows for which the guard holds.
  ///
  /// - Parameter isOutermost: Whether its MiningSchema has been seen to already.
  func prediction(
    of element: XMLElement, _ context: PMMLContext, isOutermost: Bool = false
  ) throws(Fault) -> PMMLPrediction {
    let schema = try PMMLMiningSchema(of: element)
    let scope = isOutermost ? context.scope : try innerScope(schema, context.scope, element)
    for field in element.child("LocalTransformations")?.children("DerivedField") ?? [] {
      let name = try field.required("name")
      // A field of the data that the model lists comes before a derived one of its name.
      if dataFields[name] != nil, schema.inputs.contains(where: { $0.name == name }) { continue }
      scope.define(name, .derived(field, scope))
    }
    var inner = context
    inner.scope = scope
    inner.needs = context.needs.union(PMMLOutputs.needs(of: element))
    if schema.targets.count > 1, !isChain(element) {
      throw schema.targets[1].element.fault(
        "the model has more than one target", .unsupported, feature: schema.targets[1].name,
        remedy: "Only models that choose among others, or chain them, may have several")
    }
    let target = schema.targets.first
    let targetField = target.flatMap { dataFields[$0.name] }
    if let targetField {
      inner.labelType = targetField.type
      inner.targetTexts = targetField.validTexts
    }
    let isClassification = try isClassification(element)
    // Labels are of the type of a target around them only where all models are classifications.
    if !isClassification { inner.labelType = nil }
    let labelType = inner.labelType ?? .string
    let keysAreTyped = targetField != nil || context.inheritsKeys
    inner.inheritsKeys = keysAreTyped && !isChain(element)
    var prediction: PMMLPrediction
    switch element.name {
    case "TreeModel":
      prediction = try treePrediction(element, inner, targetType: labelType)
    case "MiningModel":
      inner.labelType = isClassification ? labelType : inner.labelType
      prediction = try miningPrediction(element, inner)
    case "RegressionModel":
      if let name = element["targetFieldName"], name != target?.name {
        throw element.fault("targetFieldName '\(name)' is not the target of the MiningSchema")
      }
      prediction = try regressionPrediction(
        element, inner, labelType: labelType, targetField: targetField)
    case "GeneralRegressionModel":
      prediction = try generalRegressionPrediction(element, inner)
    default:
      throw element.fault(
        "models of this kind are not read: treec scores trees and what is built of them",
        .unsupported, remedy: "Use a TreeModel, a MiningModel of trees, or a RegressionModel")
    }
    if isChain(element) {
      prediction.chained = prediction.chained.filter { chained in
        !prediction.outputs.contains { $0.name == chained.name }
      }
    } else {
      prediction.target = target?.name
      if element.name != "MiningModel" { prediction.keysAreTyped = keysAreTyped }
      // JPMML leaves lists as they are.
      if !prediction.isList {
        prediction = try applyTargets(
          of: element, to: prediction, target: target?.name, targetField: targetField)
      }
    }
    guard !prediction.isList || isOutermost else {
      throw element.fault(
        "a model inside another gives a list of results (selectAll)", .unsupported)
    }
    try addOutputs(
      of: element, to: &prediction, scope, namesAreTyped: keysAreTyped && !isChain(element))
    return prediction
  }

  func isChain(_ element: XMLElement) -> Bool {
    switch element.child("Segmentation")?["multipleModelMethod"] {
    case "modelChain", "selectFirst", "x-multiModelChain": true
    default: false
    }
  }

  /// The names that a model inside another knows: those of its MiningSchema, and the global ones.
  private func innerScope(
    _ schema: PMMLMiningSchema, _ outer: PMMLScope, _ element: XMLElement
  ) throws(Fault) -> PMMLScope {
    let scope = PMMLScope(outer: global)
    for field in schema.inputs {
      guard let entry = outer.entry(field.name) else { continue }
      if let dataField = dataFields[field.name], field.preparesAgain(dataField) {
        let known = try self.field(field.name, in: outer, from: field.element)
        scope.define(
          field.name, .field(try preparedAgain(known, field, dataField)))
        continue
      }
      if case .field(let known) = entry, let isSet = known.isSet {
        // A model that lists the result of one that has not run refuses the row.
        let isMissing = withoutGuard { builder.compare(.slot(isSet), .notEqual, .constant(1)) }
        refuse(where: isMissing, "the field '\(field.name)' has no value")
        var plain = known
        plain.isSet = nil
        scope.define(field.name, .field(plain))
      } else {
        scope.define(field.name, .inScope(outer))
      }
    }
    return scope
  }

  /// A field whose value a model inside another prepares anew.
  private func preparedAgain(
    _ known: PMMLField, _ field: PMMLMiningField, _ dataField: PMMLDataField
  ) throws(Fault) -> PMMLField {
    var result = known
    result.operationalType = field.operationalType ?? known.operationalType
    if field.invalid != .keep { result.domain = nil }
    var slot = known.slot
    // What the outer model let through though it was invalid.
    if dataField.hasDomain {
      let isValid = validity(of: known, in: dataField)
      switch field.invalid {
      case .refuse:
        refuse(
          where: withoutGuard { builder.logic(.not, [isValid]) },
          "the value of '\(field.name)' is invalid")
      case .asMissing:
        slot = withoutGuard {
          builder.select(isValid, then: .slot(slot), otherwise: .constant(.nan))
        }
      case .keep: break
      case .replace(let text):
        guard let number = number(text, known.type) else {
          throw field.element.fault("the replacement '\(text)' is no value of the field")
        }
        slot = withoutGuard {
          builder.select(isValid, then: .slot(slot), otherwise: .constant(number))
        }
      }
    }
    if field.outliers != .keep {
      guard result.operationalType == .continuous, field.lowest <= field.highest,
        field.lowest.isFinite || field.highest.isFinite
      else {
        throw field.element.fault(
          "outliers of a field that an outer model has prepared need bounds, and continuous values",
          .unsupported, feature: field.name)
      }
      let replacements: (Double, Double) =
        field.outliers == .asBound ? (field.lowest, field.highest) : (.nan, .nan)
      for (bound, condition, value) in [
        (field.lowest, SplitCondition.less, replacements.0),
        (field.highest, .greater, replacements.1),
      ] where bound.isFinite {
        let current = slot
        let isOut = withoutGuard { builder.compare(.slot(current), condition, .constant(bound)) }
        slot = withoutGuard {
          builder.select(isOut, then: .constant(value), otherwise: .slot(current))
        }
      }
    }
    if case .replace(let text) = field.missing {
      guard let number = number(text, known.type) else {
        throw field.element.fault("the replacement '\(text)' is no value of the field")
      }
      let current = slot
      slot = withoutGuard {
        builder.select(
          builder.logic(.isMissing, [current]), then: .constant(number), otherwise: .slot(current))
      }
    }
    result.slot = slot
    return result
  }

  /// Whether a value is valid by the DataField; unknown where it is missing.
  func validity(of known: PMMLField, in field: PMMLDataField) -> Int {
    if let slot = validities[known.slot] { return slot }
    let slot = withoutGuard { () -> Int in
      func isAny(_ property: FieldRules.Listed.Property) -> [Int] {
        field.listed.filter { $0.property == property }.compactMap {
          number($0.text, known.type)
        }.map { builder.compare(.slot(known.slot), .equal, .constant($0)) }
      }
      let isInvalid = isAny(.invalid)
      let isListed = isAny(.valid)
      let isInside =
        field.validTexts.isEmpty ? field.intervals.map { test($0, of: known.slot) } : isListed
      var tests: [Int] = []
      if !isInside.isEmpty { tests.append(builder.logic(.or, isInside)) }
      if !isInvalid.isEmpty {
        tests.append(builder.logic(.not, [builder.logic(.or, isInvalid)]))
      }
      return tests.isEmpty ? alwaysTrue : builder.logic(.and, tests)
    }
    validities[known.slot] = slot
    return slot
  }

  /// Whether a slot's number lies in an interval.
  private func test(_ interval: FieldRules.Interval, of slot: Int) -> Int {
    builder.logic(
      .and,
      [
        builder.compare(
          .slot(slot), interval.includesLower ? .greaterOrEqual : .greater,
          .constant(interval.lower)),
        builder.compare(
          .slot(slot), interval.includesUpper ? .lessOrEqual : .less,
          .constant(interval.upper)),
      ])
  }

  // MARK: Targets

  /// What Targets make of a prediction.
  private func applyTargets(
    of element: XMLElement, to prediction: PMMLPrediction, target: String?,
    targetField: PMMLDataField?
  ) throws(Fault) -> PMMLPrediction {
    var result = prediction
    let all = element.child("Targets")?.children("Target") ?? []
    let own = all.first { $0["field"] == target }
    if let own, !prediction.isClassification {
      try rescale(&result.value, own, precision: NumericProfile.Precision(mathContextOf: element))
    }
    if prediction.isClassification {
      var texts = targetField?.displayValues ?? [:]
      for value in own?.children("TargetValue") ?? [] {
        if let text = value["value"], let shown = value["displayValue"] { texts[text] = shown }
      }
      for (text, shown) in texts.sorted(by: { $0.key < $1.key }) {
        if let label = number(text, prediction.value.type) {
          result.displayTexts.append((label, shown))
        }
      }
      if let own { try applyPriors(own, to: &result) }
    }
    if let targetField, !prediction.isClassification, targetField.type != result.value.type,
      targetField.type.isNumeric
    {
      result.value = computedTarget(result.value, targetField.type, name: targetField.name)
    }
    return result
  }

  /// A number in the type of the target: refused where it is not whole and must be.
  private func computedTarget(
    _ value: PMMLField, _ type: FieldType, name: String
  ) -> PMMLField {
    if let slot = withoutGuard({
      lowered(
        .cast(.slot(value.slot, value.type, .continuous), to: type, .continuous))
    }) {
      return PMMLField(type: type, operationalType: .continuous, slot: slot)
    }
    let (slot, failure) = builder.compute(
      .slot(value.slot, value.type, .continuous), type: type, name: name)
    refuse(where: failure, "the prediction is no value of the target '\(name)'")
    return PMMLField(type: type, operationalType: .continuous, slot: slot)
  }

  private func rescale(
    _ value: inout PMMLField, _ target: XMLElement, precision: NumericProfile.Precision
  ) throws(Fault) {
    var slot = value.slot
    let values = target.children("TargetValue")
    if let text = values.first?["defaultValue"] {
      let number = precision.rounded(try target.number(text, "defaultValue"))
      let isMissing = builder.logic(.isMissing, [slot])
      if values.count > 1 {
        builder.require(
          builder.logic(.not, [isMissing]), reason: "the prediction is missing")
      } else {
        slot = builder.select(isMissing, then: .constant(number), otherwise: .slot(slot))
      }
    }
    for (attribute, condition) in [("min", SplitCondition.less), ("max", .greater)] {
      guard let bound = try target.optionalNumber(attribute) else { continue }
      let number = precision.rounded(bound)
      let isOut = builder.compare(.slot(slot), condition, .constant(number))
      slot = builder.select(isOut, then: .constant(number), otherwise: .slot(slot))
    }
    if let factor = try target.optionalNumber("rescaleFactor"), factor != 1 {
      slot = builder.arithmetic(
        .multiply, .slot(slot), .constant(precision.rounded(factor)), precision: precision)
    }
    if let constant = try target.optionalNumber("rescaleConstant"), constant != 0 {
      slot = builder.arithmetic(
        .add, .slot(slot), .constant(precision.rounded(constant)), precision: precision)
    }
    value.slot = slot
    switch target["castInteger"] {
    case nil: break
    case "round", "ceiling", "floor":
      let function: FieldFunction =
        target["castInteger"] == "round"
        ? .round : target["castInteger"] == "floor" ? .floor : .ceil
      value = rounded(value, function)
    case let name?: throw target.unknown("castInteger", name)
    }
  }

  private func rounded(_ value: PMMLField, _ function: FieldFunction) -> PMMLField {
    let (slot, failure) = builder.compute(
      .rounded(.slot(value.slot, value.type, .continuous), function), type: value.type,
      name: "castInteger")
    refuse(where: failure, "the prediction cannot be rounded")
    var result = value
    result.slot = slot
    return result
  }

  /// The classes' shares where there is no prediction.
  private func applyPriors(
    _ target: XMLElement, to prediction: inout PMMLPrediction
  ) throws(Fault) {
    let values = target.children("TargetValue")
    guard !values.isEmpty else { return }
    let isMissing = builder.logic(.isMissing, [prediction.value.slot])
    let priors = try values.priors
    guard priors.count == values.count else {
      builder.require(
        builder.logic(.not, [isMissing]), reason: "there is no prediction, and no prior for it")
      return
    }
    var labels: [(label: Double, share: Double)] = []
    for (text, share) in priors {
      guard let label = number(text, prediction.value.type) else {
        throw target.fault("the class '\(text)' is no value of the target")
      }
      labels.append((label, share))
    }
    let sum = labels.reduce(0) { $0 + $1.share }
    guard let best = labels.max(by: { $0.share < $1.share }) else { return }
    let first = labels.first { $0.share == best.share } ?? best
    prediction.value.slot = builder.select(
      isMissing, then: .constant(first.label), otherwise: .slot(prediction.value.slot))
    prediction.shares = prediction.shares.map { label, slot in
      let prior = labels.first { $0.label == label }?.share ?? 0
      return (
        label,
        builder.select(isMissing, then: .constant(prior / sum), otherwise: .slot(slot))
      )
    }
  }
}

extension [XMLElement] {
  /// The classes that have a prior probability.
  fileprivate var priors: [(String, Double)] {
    get throws(Fault) {
      var result: [(String, Double)] = []
      for element in self {
        guard let value = element["value"],
          let prior = try element.optionalNumber("priorProbability")
        else { continue }
        result.append((value, prior))
      }
      return result
    }
  }
}
