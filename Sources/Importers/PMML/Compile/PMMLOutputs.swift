import TreeIR

/// The Output element of a model.
enum PMMLOutputs {
  /// What the model's own outputs ask of it, or of one of its segments.
  static func needs(of model: XMLElement, segment: String? = nil) -> PMMLNeeds {
    var needs = PMMLNeeds()
    for field in model.child("Output")?.children("OutputField") ?? []
    where field["segmentId"] == segment {
      switch field["feature"] {
      case "probability": needs.shares = true
      case "confidence": needs.confidences = true
      case "entityId": needs.entity = true
      default: break
      }
    }
    return needs
  }

  /// Whether the model's outputs ask for its prediction, and not only for what is computed of others.
  static func namesPrediction(_ model: XMLElement) -> Bool {
    (model.child("Output")?.children("OutputField") ?? []).contains { field in
      field["segmentId"] == nil
        && field["feature"] != "transformedValue" && field["feature"] != "decision"
    }
  }

  /// Whether the model's outputs ask for results of single segments.
  static func namesSegments(_ model: XMLElement) -> Bool {
    (model.child("Output")?.children("OutputField") ?? []).contains { $0["segmentId"] != nil }
  }
}

extension PMMLCompiler {
  /// Adds the OutputFields of a model to its prediction.
  func addOutputs(
    of element: XMLElement, to prediction: inout PMMLPrediction, _ scope: PMMLScope,
    namesAreTyped: Bool
  ) throws(Fault) {
    prediction.ownOutputs = []
    guard let output = element.child("Output") else { return }
    // Expressions see what is declared before them.
    let names = PMMLScope(outer: scope)
    for (name, field) in prediction.chained { names.define(name, .field(field)) }
    for part in output.children("OutputField") {
      let name = try part.required("name")
      guard var field = try outputField(part, prediction, names, namesAreTyped: namesAreTyped)
      else { continue }
      if prediction.isList, part["segmentId"] == nil, !isExpression(part) {
        // JPMML does not look at its type, and expressions cannot read it.
        prediction.outputs.append((name, field))
        continue
      }
      if let type = try part["dataType"].map({ (_) throws(Fault) in try FieldType(part) }),
        type != field.type
      {
        field = cast(field, to: type, name: name)
      }
      if let operational = try OperationalType.of(part) { field.operationalType = operational }
      names.define(name, .field(field))
      if !isExpression(part), field.isSet == nil {
        var known = field
        known.isSet = isPresent(prediction.value.slot)
        names.define(name, .field(known))
        field = known
      }
      prediction.outputs.append((name, field))
      prediction.ownOutputs.append((name, field))
    }
  }

  private func isExpression(_ part: XMLElement) -> Bool {
    part["feature"] == "transformedValue" || part["feature"] == "decision"
  }

  private func cast(_ field: PMMLField, to type: FieldType, name: String) -> PMMLField {
    var result = field
    if let slot = withoutGuard({
      lowered(
        .cast(.slot(field.slot, field.type, field.operationalType), to: type, field.operationalType)
      )
    }) {
      result.slot = slot
    } else {
      let (slot, failure) = builder.compute(
        .slot(field.slot, field.type, field.operationalType), type: type, name: name)
      refuse(where: failure, "'\(name)' cannot be given as its type")
      result.slot = slot
    }
    result.type = type
    result.operationalType = type.usualOperationalType
    return result
  }

  /// The value of an OutputField; nil where the model has none.
  private func outputField(
    _ part: XMLElement, _ prediction: PMMLPrediction, _ scope: PMMLScope,
    namesAreTyped: Bool
  ) throws(Fault) -> PMMLField? {
    if let id = part["segmentId"] {
      guard var segment = prediction.segments[id] else {
        if prediction.segments.isEmpty {
          throw part.fault(
            "results of the single segment '\(id)' are not read: its trees are summed with others",
            .unsupported)
        }
        return nil
      }
      if part["feature"] == "transformedValue" {
        return segment.outputs.first { $0.name == part["value"] }?.field
      }
      segment.segments = [:]
      var own = part
      own.attributes.removeAll { $0.name == "segmentId" }
      return try outputField(own, segment, scope, namesAreTyped: false)
    }
    let feature = part["feature"] ?? "predictedValue"
    guard !prediction.isList || feature == "predictedValue" || isExpression(part) else {
      throw part.fault("a list of results (selectAll) has no \(feature)", .unsupported)
    }
    switch feature {
    case "probability": return try share(part, prediction, prediction.shares, namesAreTyped)
    case "confidence": return try share(part, prediction, prediction.confidences, namesAreTyped)
    case "entityId":
      guard let entity = prediction.entity else {
        throw part.fault("the model has no entityId", .unsupported)
      }
      return entity
    case "transformedValue", "decision":
      guard
        let child = part.children.first(where: { PMMLExpressions.isExpression($0) })
      else { throw part.fault("the field has no expression") }
      let value = try expression(child, in: scope)
      let type =
        try part["dataType"].map { (_) throws(Fault) in try FieldType(part) }
        ?? valueType(value) ?? .string
      let field = computed(
        .cast(value, to: type, .continuous), type,
        try OperationalType.of(part) ?? .continuous, name: try part.required("name"))
      if let failure = field.failure {
        refuse(where: failure, "'\(try part.required("name"))' has no value")
      }
      var result = field
      result.failure = nil
      return result
    case "predictedDisplayValue": return displayed(prediction)
    case "warning": return nil
    case "residual", "standardError", "affinity", "reasonCode", "ruleValue", "clusterId",
      "clusterAffinity", "entityAffinity", "standardDeviation":
      throw part.unknown("feature", part["feature"] ?? "")
    default: return prediction.value
    }
  }

  /// The class as it is shown.
  private func displayed(_ prediction: PMMLPrediction) -> PMMLField {
    var shown =
      prediction.value.type == .string
      ? prediction.value : cast(prediction.value, to: .string, name: "predictedDisplayValue")
    for (label, text) in prediction.displayTexts {
      let isThis = builder.compare(.slot(prediction.value.slot), .equal, .constant(label))
      let isKnown = builder.logic(.and, [isThis, isPresent(prediction.value.slot)])
      shown.slot = builder.select(
        isKnown, then: .constant(code(of: text)), otherwise: .slot(shown.slot))
    }
    return shown
  }

  private func share(
    _ part: XMLElement, _ prediction: PMMLPrediction, _ shares: [(label: Double, slot: Int)],
    _ namesAreTyped: Bool
  ) throws(Fault) -> PMMLField {
    guard prediction.isClassification else {
      throw part.fault("a regression has no probabilities", .unsupported)
    }
    var slot: Int
    // JPMML finds no typed label among labels that are texts, nor the other way round.
    let isText = prediction.value.type == .string
    if let text = part["value"] {
      let label = number(text, prediction.value.type)
      guard label != nil || !namesAreTyped else {
        throw part.fault("'\(text)' is no value of the target")
      }
      var isFound = isText || prediction.keysAreTyped == namesAreTyped
      if isFound, !isText, !namesAreTyped, let label {
        // Then JPMML compares texts.
        let texts = labelTexts[label.bitPattern] ?? []
        isFound = texts.isEmpty || texts.contains(text)
        guard !isFound || texts.count <= 1 else {
          throw part.fault(
            "the class '\(text)' is written in several ways in the document", .unsupported)
        }
      }
      slot = (isFound ? shares.first { $0.label == label }?.slot : nil) ?? self.slot(of: 0)
    } else if !isText && !prediction.keysAreTyped {
      slot = self.slot(of: 0)
    } else {
      // That of the class that is predicted.
      slot = self.slot(of: 0)
      for share in shares {
        let isThis = builder.compare(
          .slot(prediction.value.slot), .equal, .constant(share.label))
        slot = builder.select(isThis, then: .slot(share.slot), otherwise: .slot(slot))
      }
    }
    let isMissing = builder.logic(.isMissing, [prediction.value.slot])
    slot = builder.select(isMissing, then: .constant(.nan), otherwise: .slot(slot))
    return PMMLField(type: .double, operationalType: .continuous, slot: slot)
  }
}
