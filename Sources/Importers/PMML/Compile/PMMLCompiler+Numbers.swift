import TreeIR

extension PMMLCompiler {
  func combinedNumber(
    _ combination: PMMLCombination, _ method: String, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    let isWeighted = method.hasPrefix("weighted")
    let precision = combination.precision
    let type = precision.fieldType
    func result(_ slot: Int) -> PMMLPrediction {
      PMMLPrediction(
        value: PMMLField(type: type, operationalType: .continuous, slot: slot),
        isClassification: false)
    }
    let isSum = method == "sum" || method == "weightedSum"
    let isAverage = method == "average" || method == "weightedAverage"
    var inner = context
    inner.needs = PMMLNeeds()
    if isSum || isAverage, combination.missing.skipThreshold == nil,
      let trees = try plainTrees(combination, inner),
      trees.allSatisfy({ !$0.isClassification })
    {
      let weights = combination.segments.map { isWeighted ? precision.rounded($0.weight) : 1 }
      guard !isWeighted || weights.allSatisfy({ $0 >= 0 }) else {
        throw combination.segmentation.fault("a segment has a negative weight")
      }
      guard isSum || !isWeighted || weights.contains(where: { $0 > 0 }) else {
        throw combination.segmentation.fault("the weights of all segments are 0")
      }
      var recipes: [PMMLLeafRecipe] = []
      for tree in trees {
        var tree = tree
        // Scores are rounded by the model that adds them.
        if precision == .float32 { tree.precision = .float32 }
        var recipe = PMMLLeafRecipe(tree, labelType: type)
        try recipe.prepare(PMMLNeeds(), self)
        recipes.append(recipe)
      }
      let sum = try sumOfTrees(
        trees, recipes, weights, precision, returnsMissing: combination.missing.returnsMissing)
      if isSum { return result(sum) }
      let divisor: Double
      if isWeighted {
        divisor = weights.reduce(0) { precision.rounded($0 + $1) }
      } else {
        divisor = Double(trees.count)
      }
      return result(
        builder.arithmetic(.divide, .slot(sum), .constant(divisor), precision: precision))
    }
    guard !isWeighted || combination.segments.allSatisfy({ $0.weight >= 0 }) else {
      throw combination.segmentation.fault("a segment has a negative weight")
    }
    let results = try results(combination, inner)
    for result in results where result.prediction.isClassification {
      throw result.segment.model.fault(
        "a classification among numbers that are combined", .unsupported)
    }
    var segments: [Aggregate.Segment] = []
    for result in results {
      // The numbers are rounded by the model that combines them.
      let slot = inPrecision(result.prediction.value, precision)
      var runs = result.runs
      if combination.missing.skipThreshold != nil {
        let isPresent = isPresent(slot)
        runs =
          runs.map { runs in withoutGuard { builder.logic(.and, [runs, isPresent]) } } ?? isPresent
      }
      segments.append(
        Aggregate.Segment(
          values: slot..<slot + 1, predicate: runs,
          weight: isWeighted ? precision.rounded(result.segment.weight) : 1))
    }
    let aggregateMethod: Aggregate.Method =
      isSum ? .sum : isAverage ? .average : method == "median" ? .median : .weightedMedian
    var slot = builder.aggregate(aggregateMethod, segments, precision: precision).lowerBound
    if method == "median", precision == .float32 {
      refuse(where: isPresent(slot), "JPMML has no median for x-mathContext float")
    }
    if let threshold = combination.missing.skipThreshold {
      slot = try skipping(results, slot, threshold, isSum: isSum)
    }
    var prediction = result(slot)
    prediction.segments = byID(results)
    return prediction
  }

  /// A number in the precision of the model that takes it.
  private func inPrecision(
    _ value: PMMLField, _ precision: NumericProfile.Precision
  ) -> Int {
    guard precision == .float32, value.type != .float else { return value.slot }
    return builder.arithmetic(
      .add, .slot(value.slot), .constant(0), precision: .float32)
  }

  /// Sums trees in an ensemble; rows that any of them refuses are refused.
  private func sumOfTrees(
    _ trees: [PMMLTree], _ recipes: [PMMLLeafRecipe], _ weights: [Double],
    _ precision: NumericProfile.Precision, returnsMissing: Bool
  ) throws(Fault) -> Int {
    var scored = trees
    for place in scored.indices { scored[place].precision = precision }
    return try scoreByPresence(
      scored, recipes.map { $0.withoutFlags }, weights: weights
    ) { () throws(Fault) in
      try refuseByTrees(scored, recipes, returnsMissing: returnsMissing)
    }.lowerBound
  }

  /// Refuses rows that a tree refuses: any, or where the first tree without a prediction ends
  /// everything, one before that.
  func refuseByTrees(
    _ trees: [PMMLTree], _ recipes: [PMMLLeafRecipe], returnsMissing: Bool
  ) throws(Fault) {
    let chosen = recipes.indices.filter { recipes[$0].refusesRows }
    guard !chosen.isEmpty else { return }
    let count = try score(
      chosen.map { trees[$0] }, chosen.map { recipes[$0].flags },
      weights: [Double](repeating: 1, count: chosen.count)
    ).lowerBound
    let isAny = withoutGuard { builder.compare(.slot(count), .greater, .constant(0)) }
    guard returnsMissing else {
      refuse(where: isAny, "a tree has no result for it")
      return
    }
    // For rows that some tree refuses: what each tree does, from the last to the first.
    try guarded(by: isAny) { () throws(Fault) in
      var first = slot(of: 0)
      for place in trees.indices.reversed() {
        let event = try score([trees[place]], [recipes[place].events], weights: [1]).lowerBound
        let isEvent = builder.compare(.slot(event), .greater, .constant(0))
        first = builder.select(isEvent, then: .slot(event), otherwise: .slot(first))
      }
      let isRefusal = builder.compare(.slot(first), .equal, .constant(2))
      refuse(where: isRefusal, "a tree has no result for it")
    }
  }

  /// What is left where segments without a prediction are left out.
  private func skipping(
    _ results: [PMMLSegmentResult], _ value: Int, _ threshold: Double, isSum: Bool
  ) throws(Fault) -> Int {
    let isMuch = try isTooMuchMissing(
      results.map { ($0.prediction.value.slot, $0.runs, $0.segment.weight) }, threshold)
    let isRun = results.compactMap(\.runs)
    let ranSome = withoutGuard {
      isRun.count < results.count ? alwaysTrue : builder.logic(.or, isRun)
    }
    var value = value
    let isEmpty = builder.logic(.and, [builder.logic(.isMissing, [value]), ranSome])
    if isSum {
      value = builder.select(isEmpty, then: .constant(0), otherwise: .slot(value))
    } else {
      let isFine = builder.logic(.or, [builder.logic(.not, [isEmpty]), isMuch])
      builder.require(isFine, reason: "no segment has a prediction")
    }
    return builder.select(isMuch, then: .constant(.nan), otherwise: .slot(value))
  }
}
