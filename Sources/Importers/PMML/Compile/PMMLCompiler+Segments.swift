import TreeIR

/// The prediction of a segment, and when it counts.
struct PMMLSegmentResult {
  var prediction: PMMLPrediction
  /// The truth value of the segment's predicate; nil where it always holds.
  var runs: Int?
  var segment: PMMLSegment
}

extension PMMLCompiler {
  /// The MiningSchema of a segment that is a tree and nothing else, so that it can be scored
  /// together with others; nil of other segments.
  private func schemaOfPlainTree(_ segment: PMMLSegment) throws(Fault) -> PMMLMiningSchema? {
    guard segment.predicate == .always, segment.model.name == "TreeModel" else { return nil }
    switch segment.model["missingValueStrategy"] {
    case "weightedConfidence", "aggregateNodes": return nil
    default: break
    }
    for name in ["Output", "Targets"] where segment.model.child(name) != nil {
      return nil
    }
    let schema = try PMMLMiningSchema(of: segment.model)
    for field in schema.fields where field.usage == .input {
      if field.isPlain { continue }
      if let dataField = dataFields[field.name], field.preparesAgain(dataField) { return nil }
    }
    return schema
  }

  /// The trees of the segments, where all are plain trees; nil otherwise.
  func plainTrees(
    _ combination: PMMLCombination, _ context: PMMLContext
  ) throws(Fault) -> [PMMLTree]? {
    // Results of single segments are asked for.
    if PMMLOutputs.namesSegments(combination.element) { return nil }
    var schemas: [PMMLMiningSchema] = []
    for segment in combination.segments {
      guard let schema = try schemaOfPlainTree(segment) else { return nil }
      schemas.append(schema)
    }
    var trees: [PMMLTree] = []
    for (segment, schema) in zip(combination.segments, schemas) {
      let scope = PMMLScope(outer: global, capacity: schema.fields.count)
      for field in schema.fields where field.usage == .input {
        guard let entry = context.scope.entry(field.name) else { continue }
        // A result of an earlier model that may not be there.
        if case .field(let known) = entry, known.isSet != nil { return nil }
        scope.define(field.name, .inScope(context.scope))
      }
      for field in segment.model.child("LocalTransformations")?.children("DerivedField") ?? [] {
        let name = try field.required("name")
        if dataFields[name] != nil, schema.inputs.contains(where: { $0.name == name }) { continue }
        scope.define(name, .derived(field, scope))
      }
      trees.append(try tree(segment.model, in: scope))
    }
    return trees
  }

  /// The predictions of all segments, each where its predicate holds.
  ///
  /// - Parameter isFirstEnough: Whether nobody asks for segments after one with a prediction.
  func results(
    _ combination: PMMLCombination, _ context: PMMLContext, isFirstEnough: Bool = false
  ) throws(Fault) -> [PMMLSegmentResult] {
    var results: [PMMLSegmentResult] = []
    // Whether further segments are asked for.
    var goesOn: Int?
    for segment in combination.segments {
      let (prediction, runs) = try guarded(by: goesOn) { () throws(Fault) in
        let runs = try predicate(of: segment, context.scope)
        var inner = context
        inner.needs = inner.needs.union(
          PMMLOutputs.needs(of: combination.element, segment: segment.id))
        let prediction = try guarded(by: runs) { () throws(Fault) in
          try self.prediction(of: segment.model, inner)
        }
        return (prediction, runs)
      }
      let result = PMMLSegmentResult(
        prediction: try found(prediction, of: segment), runs: runs, segment: segment)
      results.append(result)
      if combination.missing.returnsMissing {
        goesOn = stillGoesOn(goesOn, after: result.prediction, runs)
      }
      if isFirstEnough, segment.id != combination.segments.last?.id {
        goesOn = isStillAsked(
          goesOn, after: result.prediction, runs,
          skips: combination.missing.skipThreshold != nil)
      }
    }
    return results
  }

  /// The prediction of a segment as JPMML finds it: it asks a chain for its own target, and has the
  /// result under the target of the segment that ran. It is missing where these are not the same.
  func found(
    _ prediction: PMMLPrediction, of segment: PMMLSegment
  ) throws(Fault) -> PMMLPrediction {
    guard isChain(segment.model), prediction.parts.isEmpty else { return prediction }
    let target = try PMMLMiningSchema(of: segment.model).targets.first?.name
    if prediction.targetSlot == nil, prediction.target == target { return prediction }
    var result = prediction
    let missing = slot(of: .nan)
    withoutGuard {
      let isFound = prediction.targetSlot.map {
        builder.compare(.slot($0), .equal, .constant(codeOfTarget(target)))
      }
      func select(_ slot: Int) -> Int {
        isFound.map { builder.select($0, then: .slot(slot), otherwise: .slot(missing)) } ?? missing
      }
      result.value.slot = select(prediction.value.slot)
      result.shares = prediction.shares.map { ($0.label, select($0.slot)) }
    }
    return result
  }

  /// The slot of the code of a prediction's target.
  func targetSlot(of prediction: PMMLPrediction) -> Int {
    prediction.targetSlot ?? slot(of: codeOfTarget(prediction.target))
  }

  private func codeOfTarget(_ name: String?) -> Double {
    name.map { code(of: $0) } ?? -1
  }

  /// Whether no segment so far was without a prediction, after one more.
  func stillGoesOn(
    _ goesOn: Int?, after prediction: PMMLPrediction, _ runs: Int?
  ) -> Int {
    let isPresent = isPresent(prediction.value.slot)
    return withoutGuard {
      // A segment that does not run is not without a prediction.
      let isFine = runs.map { builder.logic(.or, [builder.logic(.not, [$0]), isPresent]) }
      return ([goesOn, isFine ?? isPresent].compactMap { $0 }).reduce(alwaysTrue) {
        builder.logic(.and, [$0, $1])
      }
    }
  }

  /// Whether no segment so far has run, after one more.
  ///
  /// - Parameter skips: Whether one without a prediction does not count.
  private func isStillAsked(
    _ goesOn: Int?, after prediction: PMMLPrediction, _ runs: Int?, skips: Bool
  ) -> Int {
    let isPresent = skips ? isPresent(prediction.value.slot) : nil
    return withoutGuard {
      let hasRun = builder.logic(.and, [runs ?? alwaysTrue, isPresent].compactMap { $0 })
      return builder.logic(.and, [goesOn, builder.logic(.not, [hasRun])].compactMap { $0 })
    }
  }

  /// The truth value of a segment's predicate; nil where it always holds.
  func predicate(of segment: PMMLSegment, _ scope: PMMLScope) throws(Fault) -> Int? {
    if segment.predicate == .always { return nil }
    let test = try test(segment.predicate, in: scope, from: segment.element)
    for failure in test.failures { refuse(where: failure, "a segment's predicate has no value") }
    if case .refusal(let slot, let reason) = test.test {
      let isMissing = withoutGuard {
        slot.map { builder.logic(.isMissing, [$0]) } ?? truth(of: .never)
      }
      builder.require(isMissing, reason: reason)
    }
    let isTrue = truth(of: test.test)
    // Where it is not known whether a segment runs, it does not.
    return withoutGuard {
      builder.logic(.and, [isTrue, builder.logic(.not, [builder.logic(.isMissing, [isTrue])])])
    }
  }

  /// Whether segments without a prediction have more than a share of the weight of those that run.
  func isTooMuchMissing(
    _ segments: [(slot: Int, runs: Int?, weight: Double)], _ threshold: Double
  ) throws(Fault) -> Int {
    let one = slot(of: 1)
    func sum(_ predicates: [Int?]) -> Int {
      builder.aggregate(
        .sum,
        zip(segments, predicates).map {
          Aggregate.Segment(values: one..<one + 1, predicate: $1, weight: $0.weight)
        }
      ).lowerBound
    }
    return withoutGuard {
      let missing = segments.map { segment in
        let isMissing = builder.logic(.isMissing, [segment.slot])
        return segment.runs.map { builder.logic(.and, [$0, isMissing]) } ?? isMissing
      }
      // Where nobody is missing the sum has no terms, and is missing itself.
      let share = builder.arithmetic(
        .divide, .slot(sum(missing)), .slot(sum(segments.map(\.runs))))
      let isMuch = builder.compare(.slot(share), .greater, .constant(threshold))
      return builder.logic(.and, [isMuch, isPresent(share)])
    }
  }

  /// The segments' predictions by their ids.
  func byID(_ all: [PMMLSegmentResult]) -> [String: PMMLPrediction] {
    Dictionary(all.map { ($0.segment.id, $0.prediction) }) { first, _ in first }
  }
}
