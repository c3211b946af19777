import TreeIR

extension PMMLCompiler {
  /// The class that most segments name.
  func vote(
    _ combination: PMMLCombination, isWeighted: Bool, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    let precision = combination.precision
    let labelType = context.labelType ?? .string
    var inner = context
    inner.needs = PMMLNeeds()
    var ballots: [Vote.Ballot] = []
    var classes: [Double] = []
    var keysAreTyped = context.inheritsKeys
    var parts: [String: PMMLPrediction] = [:]
    if let trees = try plainTrees(combination, inner),
      trees.allSatisfy(\.isClassification)
    {
      for (tree, segment) in zip(trees, combination.segments) {
        var recipe = PMMLLeafRecipe(tree, labelType: labelType)
        try recipe.prepare(PMMLNeeds(), self)
        for label in try recipe.labels(self) where !classes.contains(label) {
          classes.append(label)
        }
        let slot = try score([tree], [recipe], weights: [1]).lowerBound
        ballots.append(
          Vote.Ballot(slot, weight: isWeighted ? precision.rounded(segment.weight) : 1))
      }
    } else {
      let results = try results(combination, inner)
      keysAreTyped = try self.keysAreTyped(results, labelType) ?? keysAreTyped
      parts = byID(results)
      for result in results where !result.prediction.isClassification {
        throw result.segment.model.fault("a regression cannot vote", .unsupported)
      }
      for result in results {
        ballots.append(
          Vote.Ballot(
            result.prediction.value.slot, predicate: result.runs,
            weight: isWeighted ? precision.rounded(result.segment.weight) : 1))
      }
    }
    for text in context.targetTexts {
      if let label = number(text, labelType), !classes.contains(label) { classes.append(label) }
    }
    if combination.missing.returnsMissing {
      let present = ballots.map { isPresent($0.slot) }
      let all = withoutGuard { builder.logic(.and, present) }
      ballots = ballots.map { ballot in
        var ballot = ballot
        ballot.predicate =
          ballot.predicate.map { own in withoutGuard { builder.logic(.and, [own, all]) } } ?? all
        return ballot
      }
    }
    if combination.missing.threshold < 1 {
      let isMuch = try isTooMuchMissing(
        zip(ballots, combination.segments).map { ($0.slot, $0.predicate, $1.weight) },
        combination.missing.threshold)
      let isLittle = withoutGuard { builder.logic(.not, [isMuch]) }
      ballots = ballots.map { ballot in
        var ballot = ballot
        ballot.predicate =
          ballot.predicate.map { own in withoutGuard { builder.logic(.and, [own, isLittle]) } }
          ?? isLittle
        return ballot
      }
    }
    if !combination.missing.returnsMissing {
      // JPMML does not know what to say where nobody votes.
      let isSome = withoutGuard { builder.logic(.or, ballots.map { isPresent($0.slot) }) }
      let isCast = ballots.compactMap(\.predicate)
      let isNone =
        isCast.count == ballots.count
        ? withoutGuard { builder.logic(.not, [builder.logic(.or, isCast)]) } : nil
      builder.require(
        isNone.map { isNone in withoutGuard { builder.logic(.or, [isSome, isNone]) } } ?? isSome,
        reason: "no segment has a prediction")
    }
    let slots = builder.vote(
      ballots, classes: classes, skipsMissing: combination.missing.skipThreshold != nil,
      precision: precision)
    return PMMLPrediction(
      value: PMMLField(type: labelType, operationalType: .categorical, slot: slots.lowerBound),
      isClassification: true,
      shares: classes.enumerated().map { ($0.element, slots.lowerBound + 1 + $0.offset) },
      keysAreTyped: keysAreTyped, segments: parts)
  }
}
