import TreeIR

extension PMMLCompiler {
  /// Segments of which each may read the results of those before; the last that runs gives the
  /// prediction.
  func chain(
    _ combination: PMMLCombination, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    guard combination.missing.skipThreshold == nil else {
      throw combination.segmentation.fault("a chain cannot skip segments", .unsupported)
    }
    var inner = context
    let scope = PMMLScope(outer: context.scope)
    inner.scope = scope
    var all: [PMMLSegmentResult] = []
    // Whether no segment so far was without a prediction.
    var goesOn: Int?
    for (number, segment) in combination.segments.enumerated() {
      inner.needs = PMMLOutputs.needs(of: combination.element, segment: segment.id)
      if number == combination.segments.count - 1 { inner.needs = inner.needs.union(context.needs) }
      var runs = try guarded(by: goesOn) { () throws(Fault) in try predicate(of: segment, scope) }
      if let goesOn {
        runs = runs.map { runs in withoutGuard { builder.logic(.and, [runs, goesOn]) } } ?? goesOn
      }
      let prediction = try guarded(by: runs) { () throws(Fault) in
        try self.prediction(of: segment.model, inner)
      }
      try guarded(by: runs) { () throws(Fault) in requireOutputs(prediction, combination) }
      for output in prediction.ownOutputs {
        var field = output.field
        if let runs, field.isSet == nil { field.isSet = runs }
        if case .field(let other)? = scope.ownEntry(output.name) {
          field = either(other, field, name: output.name)
        }
        scope.define(output.name, .field(field))
      }
      all.append(PMMLSegmentResult(prediction: prediction, runs: runs, segment: segment))
      if combination.missing.returnsMissing, try mayEnd(prediction, of: segment) {
        goesOn = stillGoesOn(goesOn, after: try found(prediction, of: segment), runs)
      }
    }
    if let goesOn { try refuseStopped(where: goesOn, combination) }
    if combination.missing.returnsMissing, let last = all.last,
      combination.segments.allSatisfy({ $0.predicate == .always })
    {
      // All run, unless the chain ends before them.
      return try ending(with: last, all, combination)
    }
    guard let last = all.last else {
      throw combination.segmentation.fault("the chain has no segments")
    }
    guard last.runs != nil else {
      return try ending(with: last, all, combination)
    }
    return try lastThatRuns(all, isClassification: try isClassification(combination.element))
  }

  /// Whether a missing prediction of a segment ends the chain: JPMML does not look for that of a
  /// chain without a target.
  private func mayEnd(
    _ prediction: PMMLPrediction, of segment: PMMLSegment
  ) throws(Fault) -> Bool {
    guard isChain(segment.model), prediction.parts.isEmpty else { return true }
    return try !PMMLMiningSchema(of: segment.model).targets.isEmpty
  }

  /// What one of two segments of a chain hands on under a name: not both may.
  private func either(_ first: PMMLField, _ second: PMMLField, name: String) -> PMMLField {
    let reason = "two segments of a chain hand on a result called '\(name)'"
    let (isFirst, isSecond) = (first.isSet ?? alwaysTrue, second.isSet ?? alwaysTrue)
    var result = second
    let (both, any, slot) = withoutGuard {
      let isFirst = builder.compare(.slot(isFirst), .equal, .constant(1))
      let isSecond = builder.compare(.slot(isSecond), .equal, .constant(1))
      // Where it is not known whether a segment has run, it has not.
      let known = [isFirst, isSecond].map { slot in
        builder.logic(.and, [slot, builder.logic(.not, [builder.logic(.isMissing, [slot])])])
      }
      return (
        builder.logic(.and, known), builder.logic(.or, known),
        builder.select(known[0], then: .slot(first.slot), otherwise: .slot(second.slot))
      )
    }
    refuse(where: both, reason)
    if first.type != second.type {
      guard first.type.isNumeric, second.type.isNumeric else { return second }
      result.type = .double
    }
    (result.slot, result.isSet, result.failure) = (slot, any, nil)
    return result
  }

  private func idField(of result: PMMLSegmentResult) -> PMMLField {
    PMMLField(
      type: .string, operationalType: .categorical, slot: slot(of: code(of: result.segment.id)))
  }

  /// The prediction of a chain whose last segment always runs.
  private func ending(
    with last: PMMLSegmentResult, _ all: [PMMLSegmentResult], _ combination: PMMLCombination
  ) throws(Fault) -> PMMLPrediction {
    guard try last.prediction.isClassification == isClassification(combination.element) else {
      throw last.segment.model.fault(
        "the last segment is of another kind than its MiningModel: one is a classification, and "
          + "the other is not")
    }
    var result = last.prediction
    result.entity = idField(of: last)
    result.segments = byID(all)
    result.chained = all.dropLast().flatMap(\.prediction.ownOutputs)
    return result
  }

  /// Refuses rows for which the first missing prediction has ended everything, where the model has
  /// outputs of its own, but no target that they could be of: JPMML does not find it.
  ///
  /// - Parameter goesOn: The slot that is 0 for such rows.
  private func refuseStopped(
    where goesOn: Int, _ combination: PMMLCombination
  ) throws(Fault) {
    guard try PMMLMiningSchema(of: combination.element).targets.isEmpty,
      PMMLOutputs.namesPrediction(combination.element)
    else { return }
    let hasStopped = withoutGuard { builder.compare(.slot(goesOn), .equal, .constant(0)) }
    refuse(where: hasStopped, "a segment has no prediction, and the model has no target")
  }

  /// Refuses rows for which a segment of a chain has a result that is not there: JPMML hands on all
  /// of them, unless the first missing prediction ends the chain.
  private func requireOutputs(_ prediction: PMMLPrediction, _ combination: PMMLCombination) {
    guard !combination.missing.returnsMissing else { return }
    for isSet in Set(prediction.ownOutputs.compactMap(\.field.isSet)).sorted() {
      let isMissing = withoutGuard { builder.compare(.slot(isSet), .notEqual, .constant(1)) }
      refuse(where: isMissing, "a segment has no prediction for the results that it hands on")
    }
  }

  /// The prediction of the first segment whose predicate holds.
  func firstOf(
    _ combination: PMMLCombination, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    var all = try results(combination, context, isFirstEnough: true)
    if combination.missing.skipThreshold != nil {
      all = all.map { result in
        var result = result
        let isPresent = isPresent(result.prediction.value.slot)
        result.runs =
          result.runs.map { runs in withoutGuard { builder.logic(.and, [runs, isPresent]) } }
          ?? isPresent
        return result
      }
    }
    // The first that runs is the last that runs, from behind.
    let result = try lastThatRuns(
      all.reversed(), isClassification: try isClassification(combination.element))
    if combination.missing.returnsMissing {
      let isRun = all.compactMap(\.runs)
      let isMissing = withoutGuard { builder.logic(.isMissing, [result.value.slot]) }
      let hasStopped =
        isRun.count < all.count
        ? isMissing
        : withoutGuard { builder.logic(.and, [isMissing, builder.logic(.or, isRun)]) }
      try refuseStopped(
        where: withoutGuard { builder.logic(.not, [hasStopped]) }, combination)
    }
    return result
  }

  /// The prediction of the last segment that runs; rows are refused for which it is of another
  /// kind than the model.
  private func lastThatRuns(
    _ segments: [PMMLSegmentResult], isClassification: Bool
  ) throws(Fault) -> PMMLPrediction {
    let all = segments.filter { $0.prediction.isClassification == isClassification }
    guard var result = all.first?.prediction, let first = all.first else {
      throw segments.first?.segment.element.fault(
        "no segment is of the kind that the model's functionName says")
        ?? Fault(.invalid, at: nil, "there are no segments")
    }
    func chosen(_ runs: Int?, _ new: Int, _ old: Int) -> Int {
      guard let runs else { return new }
      // Where it is not known whether it runs, it does not.
      let isTrue = builder.logic(.and, [runs, isPresent(runs)])
      return builder.select(isTrue, then: .slot(new), otherwise: .slot(old))
    }
    let nothing = slot(of: .nan)
    if all.count < segments.count {
      var isOther = slot(of: 0)
      for segment in segments {
        let value = segment.prediction.isClassification == isClassification ? 0.0 : 1.0
        isOther = chosen(segment.runs, slot(of: value), isOther)
      }
      refuse(
        where: builder.compare(.slot(isOther), .equal, .constant(1)),
        "the last segment that runs is of another kind than the model")
    }
    var entity = nothing
    for segment in segments {
      entity = chosen(segment.runs, slot(of: code(of: segment.segment.id)), entity)
    }
    result.entity = PMMLField(type: .string, operationalType: .categorical, slot: entity)
    result.segments = byID(segments)
    let targets = Set(all.map(\.prediction.target))
    if targets.count > 1 || all.contains(where: { $0.prediction.targetSlot != nil }) {
      result.targetSlot = nothing
      for next in all {
        result.targetSlot = chosen(
          next.runs, targetSlot(of: next.prediction), result.targetSlot ?? nothing)
      }
    }
    result.value.slot = chosen(first.runs, result.value.slot, nothing)
    result.shares = result.shares.map { ($0.label, chosen(first.runs, $0.slot, nothing)) }
    for place in result.outputs.indices {
      result.outputs[place].field.slot = chosen(
        first.runs, result.outputs[place].field.slot, nothing)
    }
    for next in all.dropFirst() {
      var prediction = next.prediction
      if prediction.value.type != result.value.type, prediction.value.type.isNumeric,
        result.value.type.isNumeric
      {
        prediction.value.type = .double
        result.value.type = .double
      }
      guard prediction.value.type == result.value.type,
        prediction.isClassification == result.isClassification
      else {
        throw next.segment.model.fault(
          "segments of which one is chosen give results of different types", .unsupported)
      }
      result.value.slot = chosen(next.runs, prediction.value.slot, result.value.slot)
      var shares: [(label: Double, slot: Int)] = []
      for share in prediction.shares {
        let old = result.shares.first { $0.label == share.label }?.slot ?? nothing
        shares.append((share.label, chosen(next.runs, share.slot, old)))
      }
      for share in result.shares where !shares.contains(where: { $0.label == share.label }) {
        shares.append((share.label, chosen(next.runs, nothing, share.slot)))
      }
      result.shares = shares
      // Names that several segments have are one result; others are results only of their own.
      for place in result.outputs.indices {
        let new = prediction.outputs.first { $0.name == result.outputs[place].name }
        result.outputs[place].field.slot = chosen(
          next.runs, new?.field.slot ?? nothing, result.outputs[place].field.slot)
      }
      for output in prediction.outputs
      where !result.outputs.contains(where: { $0.name == output.name }) {
        var field = output.field
        field.slot = chosen(next.runs, field.slot, nothing)
        result.outputs.append((output.name, field))
      }
    }
    return result
  }

  /// Segments that all give results.
  func multipleChain(
    _ combination: PMMLCombination, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    var inner = context
    let scope = PMMLScope(outer: context.scope)
    inner.scope = scope
    var parts: [PMMLPrediction] = []
    var goesOn: Int?
    for segment in combination.segments {
      var runs = try predicate(of: segment, scope)
      if let goesOn {
        runs = runs.map { runs in withoutGuard { builder.logic(.and, [runs, goesOn]) } } ?? goesOn
      }
      let prediction = try guarded(by: runs) { () throws(Fault) in
        try self.prediction(of: segment.model, inner)
      }
      try guarded(by: runs) { () throws(Fault) in requireOutputs(prediction, combination) }
      for output in prediction.ownOutputs { scope.define(output.name, .field(output.field)) }
      parts.append(prediction)
      if combination.missing.returnsMissing {
        goesOn = stillGoesOn(goesOn, after: prediction, runs)
      }
    }
    if combination.missing.returnsMissing, let goesOn {
      try refuseStopped(where: goesOn, combination)
      // Then there are no results at all.
      parts = parts.map { part in
        var part = part
        part.value.slot = builder.select(
          goesOn, then: .slot(part.value.slot), otherwise: .constant(.nan))
        part.outputs = part.outputs.map { name, field in
          var field = field
          field.slot = builder.select(goesOn, then: .slot(field.slot), otherwise: .constant(.nan))
          return (name, field)
        }
        return part
      }
    }
    guard var result = parts.last else {
      throw combination.segmentation.fault("there are no segments")
    }
    result.parts = parts
    result.outputs = parts.flatMap(\.outputs)
    return result
  }
}
