import TreeIR

extension PMMLCompiler {
  func averageOfShares(
    _ combination: PMMLCombination, _ method: String, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    switch method {
    case "average", "weightedAverage", "max", "median": break
    default:
      throw combination.segmentation.fault(
        "\(method) combines numbers, and the model is a classification", .unsupported)
    }
    let isWeighted = method == "weightedAverage"
    let precision = combination.precision
    let labelType = context.labelType ?? .string
    let weights = combination.segments.map { isWeighted ? precision.rounded($0.weight) : 1 }
    guard weights.allSatisfy({ $0 >= 0 }), weights.contains(where: { $0 > 0 }) else {
      throw combination.segmentation.fault(
        "the weights of the segments are negative, or all of them are 0")
    }
    var inner = context
    inner.needs = PMMLNeeds(shares: true)
    guard method == "average" || isWeighted, combination.missing.skipThreshold == nil,
      let trees = try plainTrees(combination, inner), trees.allSatisfy(\.isClassification)
    else {
      inner.needs.places = true
      return try consensus(combination, method, weights, inner)
    }
    var recipes: [PMMLLeafRecipe] = []
    var classes: [Double] = []
    for tree in trees {
      var tree = tree
      if precision == .float32 { tree.precision = .float32 }
      var recipe = PMMLLeafRecipe(tree, labelType: labelType)
      try recipe.prepare(inner.needs, self)
      for label in recipe.classes where !classes.contains(label) { classes.append(label) }
      recipes.append(recipe)
    }
    var scored = trees
    for place in scored.indices { scored[place].precision = precision }
    let slots = try scoreByPresence(
      scored, recipes.map { $0.arranged(classes) }, weights: weights
    ) { () throws(Fault) in
      try refuseByTrees(scored, recipes, returnsMissing: combination.missing.returnsMissing)
    }
    let divisor =
      isWeighted ? weights.reduce(0) { precision.rounded($0 + $1) } : Double(trees.count)
    let shares = zip(classes, slots).map { label, slot in
      (
        label: label,
        slot: builder.arithmetic(
          .divide, .slot(slot), .constant(divisor), precision: precision)
      )
    }
    var prediction = try classification(
      shares, labelType, ranks: try ranks(of: classes, scored, recipes))
    prediction.keysAreTyped = context.inheritsKeys
    return prediction
  }

  /// Puts together shares of classes that any models give.
  private func consensus(
    _ combination: PMMLCombination, _ method: String, _ weights: [Double], _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    let labelType = context.labelType ?? .string
    let isAverage = method == "average" || method == "weightedAverage"
    let results = try results(combination, context)
    for result in results where !result.prediction.isClassification {
      throw result.segment.model.fault("a regression has no shares of classes", .unsupported)
    }
    let keysAreTyped = try keysAreTyped(results, labelType) ?? context.inheritsKeys
    var classes: [Double] = []
    for label in results.flatMap(\.prediction.shares).map(\.label)
    where !classes.contains(label) {
      classes.append(label)
    }
    // Classes that the target does not list cannot win.
    let candidates = context.targetTexts.compactMap { text in
      number(text, labelType).flatMap { classes.firstIndex(of: $0) }
    }
    guard isAverage || !candidates.isEmpty && (labelType == .string || keysAreTyped) else {
      throw combination.segmentation.fault(
        "none of the segments' classes is a value of the target")
    }
    let missing = slot(of: .nan)
    var segments: [Consensus.Segment] = []
    for (result, weight) in zip(results, weights) {
      let prediction = result.prediction
      var segment = Consensus.Segment(
        shares: [Int](repeating: missing, count: classes.count),
        places: [Int](repeating: missing, count: classes.count), predicate: result.runs,
        weight: weight)
      for (place, share) in prediction.shares.enumerated() {
        guard let position = classes.firstIndex(of: share.label) else { continue }
        segment.shares[position] = share.slot
        segment.places[position] =
          prediction.places.isEmpty ? slot(of: Double(place)) : prediction.places[place]
      }
      if combination.missing.skipThreshold != nil {
        let isPresent = isPresent(prediction.value.slot)
        segment.predicate =
          result.runs.map { runs in withoutGuard { builder.logic(.and, [runs, isPresent]) } }
          ?? isPresent
      }
      segments.append(segment)
    }
    let slots = builder.consensus(
      isAverage ? .average : method == "max" ? .maximum : .median, segments, classes: classes,
      candidates: isAverage ? [] : candidates, precision: combination.precision)
    var value = slots.lowerBound
    var isFine = isPresent(value)
    let isRun = results.compactMap(\.runs)
    if isRun.count == results.count {
      isFine = withoutGuard {
        builder.logic(.or, [isFine, builder.logic(.not, [builder.logic(.or, isRun)])])
      }
    }
    if let threshold = combination.missing.skipThreshold {
      let isMuch = try isTooMuchMissing(
        results.map { ($0.prediction.value.slot, $0.runs, $0.segment.weight) }, threshold)
      isFine = withoutGuard { builder.logic(.or, [isFine, isMuch]) }
      value = builder.select(isMuch, then: .constant(.nan), otherwise: .slot(value))
    } else {
      let gaps = results.map { result in
        withoutGuard {
          let isMissing = builder.logic(.isMissing, [result.prediction.value.slot])
          return result.runs.map { builder.logic(.and, [$0, isMissing]) } ?? isMissing
        }
      }
      isFine = withoutGuard { builder.logic(.or, [isFine] + gaps) }
    }
    builder.require(isFine, reason: "no segment has a class that the target lists")
    return PMMLPrediction(
      value: PMMLField(type: labelType, operationalType: .categorical, slot: value),
      isClassification: true,
      shares: classes.enumerated().map { ($0.element, slots.lowerBound + 1 + $0.offset) },
      keysAreTyped: keysAreTyped, segments: byID(results))
  }

  /// Whether the classes of segments are values of the target's type for JPMML, which must be so
  /// for all or for none; nil where there are no segments.
  func keysAreTyped(
    _ results: [PMMLSegmentResult], _ labelType: FieldType
  ) throws(Fault) -> Bool? {
    guard let first = results.first?.prediction.keysAreTyped else { return nil }
    for result in results
    where labelType != .string && result.prediction.keysAreTyped != first {
      throw result.segment.model.fault(
        "its classes are texts for JPMML, and those of other segments are not, or the other "
          + "way round", .unsupported)
    }
    return first
  }

  /// Makes the slots of when each class is met first.
  typealias Ranks = () throws(Fault) -> [Int]

  /// When each class is met first, where that depends on the row: of classes with the same share
  /// the one that is met first is chosen. nil where it is the order of `classes` for all rows.
  private func ranks(
    of classes: [Double], _ trees: [PMMLTree], _ recipes: [PMMLLeafRecipe]
  ) throws(Fault) -> Ranks? {
    guard let first = recipes.first, try !first.listsAll(classes, self) else { return nil }
    return { () throws(Fault) in
      var ranks = classes.map { _ in self.slot(of: .infinity) }
      for place in trees.indices.reversed() {
        let found = try self.score(
          [trees[place]], [recipes[place].places(of: classes)], weights: [1])
        for (position, slot) in found.enumerated() {
          let rank = self.builder.arithmetic(
            .add, .slot(slot), .constant(Double(place * classes.count)))
          let isMissing = self.builder.logic(.isMissing, [slot])
          ranks[position] = self.builder.select(
            isMissing, then: .slot(ranks[position]), otherwise: .slot(rank))
        }
      }
      return ranks
    }
  }

  /// The class with the largest share, of several the one that is met first: the first one, or that
  /// of the lowest rank.
  func classification(
    _ shares: [(label: Double, slot: Int)], _ type: FieldType, ranks: Ranks? = nil
  ) throws(Fault) -> PMMLPrediction {
    var value = slot(of: shares.first?.label ?? .nan)
    var best = shares.first?.slot ?? value
    for share in shares.dropFirst() {
      let isBetter = builder.compare(.slot(share.slot), .greater, .slot(best))
      value = builder.select(isBetter, then: .constant(share.label), otherwise: .slot(value))
      best = builder.select(isBetter, then: .slot(share.slot), otherwise: .slot(best))
    }
    if let ranks, shares.count > 1 {
      // Few rows have several: the ranks of the others are not asked for.
      let areBest = shares.map { builder.compare(.slot($0.slot), .equal, .slot(best)) }
      let count = builder.linearSum(
        from: 0, areBest.map { LinearSum.Term(slot: $0, coefficient: 1) })
      let areSeveral = builder.compare(.slot(count), .greater, .constant(1))
      let earliest = try guarded(by: areSeveral) { () throws(Fault) in
        let ranks = try ranks()
        var earliest = slot(of: .nan)
        var bestRank = slot(of: .infinity)
        for (share, (isBest, rank)) in zip(shares, zip(areBest, ranks)) {
          let isEarlier = builder.compare(.slot(rank), .less, .slot(bestRank))
          let isChosen = builder.logic(.and, [isBest, isEarlier])
          earliest = builder.select(
            isChosen, then: .constant(share.label), otherwise: .slot(earliest))
          bestRank = builder.select(isChosen, then: .slot(rank), otherwise: .slot(bestRank))
        }
        return earliest
      }
      value = builder.select(areSeveral, then: .slot(earliest), otherwise: .slot(value))
    }
    // Without shares there is no class.
    if let first = shares.first {
      let isMissing = builder.logic(.isMissing, [first.slot])
      value = builder.select(isMissing, then: .constant(.nan), otherwise: .slot(value))
    }
    return PMMLPrediction(
      value: PMMLField(type: type, operationalType: .categorical, slot: value),
      isClassification: true, shares: shares)
  }
}
