import TreeIR

/// The prediction of a segment, and when it counts.
struct PMMLSegmentResult {
  var prediction: PMMLPrediction
  /// The truth value of the segment's predicate; nil where it always holds.
  var runs: Int?
  var segment: PMMLSegment
}

extension PMMLCompiler {
  /// Whether a segment is a tree and nothing else, so that it can be scored together with others.
  private func isPlainTree(_ segment: PMMLSegment) throws(Fault) -> Bool {
    guard segment.predicate == .always, segment.model.name == "TreeModel" else { return false }
    switch segment.model["missingValueStrategy"] {
    case "weightedConfidence", "aggregateNodes": return false
    default: break
    }
    for name in ["Output", "Targets"] where segment.model.child(name) != nil {
      return false
    }
    let schema = try PMMLMiningSchema(of: segment.model)
    for field in schema.inputs {
      if let dataField = dataFields[field.name], field.preparesAgain(dataField) { return false }
    }
    return true
  }

  /// The trees of the segments, where all are plain trees; nil otherwise.
  private func plainTrees(
    _ combination: PMMLCombination, _ context: PMMLContext
  ) throws(Fault) -> [PMMLTree]? {
    // Results of single segments are asked for.
    if PMMLOutputs.namesSegments(combination.element) { return nil }
    for segment in combination.segments {
      if try !isPlainTree(segment) { return nil }
    }
    var trees: [PMMLTree] = []
    for segment in combination.segments {
      let scope = PMMLScope(outer: global)
      let schema = try PMMLMiningSchema(of: segment.model)
      for field in schema.inputs {
        guard let entry = context.scope.entry(field.name) else { continue }
        // A result of an earlier model that may not be there.
        if case .field(let known) = entry, known.isSet != nil { return nil }
        if case .derived = entry {
          _ = try self.field(field.name, in: context.scope, from: field.element)
        }
        scope.define(field.name, context.scope.entry(field.name) ?? entry)
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
  func results(
    _ combination: PMMLCombination, _ context: PMMLContext
  ) throws(Fault) -> [PMMLSegmentResult] {
    var results: [PMMLSegmentResult] = []
    // Whether no segment so far was without a prediction.
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
        prediction: try isHandedOn(prediction, by: segment)
          ? prediction : without(prediction), runs: runs, segment: segment)
      results.append(result)
      if combination.missing.returnsMissing {
        goesOn = stillGoesOn(goesOn, after: result.prediction, runs)
      }
    }
    return results
  }

  /// Whether JPMML finds the prediction of a segment: it asks a chain for its own target, and has
  /// the result under the target of the segment that ran.
  private func isHandedOn(
    _ prediction: PMMLPrediction, by segment: PMMLSegment
  ) throws(Fault) -> Bool {
    guard isChain(segment.model), prediction.parts.isEmpty else { return true }
    return try PMMLMiningSchema(of: segment.model).targets.first?.name == prediction.target
  }

  /// A prediction that is always missing.
  private func without(_ prediction: PMMLPrediction) -> PMMLPrediction {
    var result = prediction
    let missing = slot(of: .nan)
    result.value.slot = missing
    result.shares = prediction.shares.map { ($0.label, missing) }
    return result
  }

  /// Whether no segment so far was without a prediction, after one more.
  private func stillGoesOn(
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
    return truth(of: test.test)
  }

  // MARK: Numbers

  func combinedNumber(
    _ combination: PMMLCombination, _ method: String, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    let isWeighted = method.hasPrefix("weighted")
    let precision = combination.precision
    let type: FieldType = precision == .float32 ? .float : .double
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
    let sum = try score(scored, recipes.map { $0.withoutFlags }, weights: weights).lowerBound
    if recipes.contains(where: \.refusesRows) {
      try refuseByTrees(scored, recipes, returnsMissing: returnsMissing)
    }
    return sum
  }

  /// Refuses rows that a tree refuses: any, or where the first tree without a prediction ends
  /// everything, one before that.
  private func refuseByTrees(
    _ trees: [PMMLTree], _ recipes: [PMMLLeafRecipe], returnsMissing: Bool
  ) throws(Fault) {
    let chosen = recipes.indices.filter { recipes[$0].refusesRows }
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

  /// Whether segments without a prediction have more than a share of the weight of those that run.
  private func isTooMuchMissing(
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

  // MARK: Classes

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
      let trees = try plainTrees(combination, inner)
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
    let slots = try score(scored, recipes.map { $0.arranged(classes) }, weights: weights)
    if recipes.contains(where: \.refusesRows) {
      try refuseByTrees(scored, recipes, returnsMissing: combination.missing.returnsMissing)
    }
    let divisor =
      isWeighted ? weights.reduce(0) { precision.rounded($0 + $1) } : Double(trees.count)
    let shares = classes.enumerated().map { position, label in
      (
        label: label,
        slot: builder.arithmetic(
          .divide, .slot(slots.lowerBound + 1 + position), .constant(divisor),
          precision: precision)
      )
    }
    var prediction = classification(
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
  private func keysAreTyped(
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

  /// When each class is met first, where that depends on the row: of classes with the same share
  /// the one that is met first is chosen. nil where it is the order of `classes` for all rows.
  private func ranks(
    of classes: [Double], _ trees: [PMMLTree], _ recipes: [PMMLLeafRecipe]
  ) throws(Fault) -> [Int]? {
    guard let first = recipes.first, try !first.listsAll(classes, self) else { return nil }
    var ranks = classes.map { _ in slot(of: .infinity) }
    for place in trees.indices.reversed() {
      let found = try score([trees[place]], [recipes[place].places(of: classes)], weights: [1])
      for (position, slot) in found.dropFirst().enumerated() {
        let rank = builder.arithmetic(
          .add, .slot(slot), .constant(Double(place * classes.count)))
        let isMissing = builder.logic(.isMissing, [slot])
        ranks[position] = builder.select(
          isMissing, then: .slot(ranks[position]), otherwise: .slot(rank))
      }
    }
    return ranks
  }

  /// The class with the largest share, the first of those that have it.
  func classification(
    _ shares: [(label: Double, slot: Int)], _ type: FieldType, ranks: [Int]? = nil
  ) -> PMMLPrediction {
    var value = slot(of: shares.first?.label ?? .nan)
    var (best, bestRank) = (shares.first?.slot ?? value, ranks?.first)
    for (position, share) in shares.enumerated().dropFirst() {
      var isBetter = builder.compare(.slot(share.slot), .greater, .slot(best))
      if let ranks, let rank = bestRank {
        let isSame = builder.compare(.slot(share.slot), .equal, .slot(best))
        let isEarlier = builder.compare(.slot(ranks[position]), .less, .slot(rank))
        isBetter = builder.logic(.or, [isBetter, builder.logic(.and, [isSame, isEarlier])])
        bestRank = builder.select(
          isBetter, then: .slot(ranks[position]), otherwise: .slot(rank))
      }
      value = builder.select(isBetter, then: .constant(share.label), otherwise: .slot(value))
      best = builder.select(isBetter, then: .slot(share.slot), otherwise: .slot(best))
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
    if let trees = try plainTrees(combination, inner) {
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

  // MARK: Chains

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
      if combination.missing.returnsMissing {
        goesOn = stillGoesOn(goesOn, after: prediction, runs)
      }
    }
    if combination.missing.returnsMissing, let last = all.last,
      combination.segments.allSatisfy({ $0.predicate == .always })
    {
      // All run, unless the chain ends before them.
      var result = last.prediction
      result.entity = idField(of: last)
      result.segments = byID(all)
      result.chained = all.dropLast().flatMap(\.prediction.ownOutputs)
      return result
    }
    guard let last = all.last else {
      throw combination.segmentation.fault("the chain has no segments")
    }
    guard last.runs != nil else {
      var result = last.prediction
      result.entity = idField(of: last)
      result.segments = byID(all)
      result.chained = all.dropLast().flatMap(\.prediction.ownOutputs)
      return result
    }
    return try lastThatRuns(all, isClassification: try isClassification(combination.element))
  }

  /// What one of two segments of a chain hands on under a name: not both may.
  private func either(_ first: PMMLField, _ second: PMMLField, name: String) -> PMMLField {
    let reason = "two segments of a chain hand on a result called '\(name)'"
    guard let isFirst = first.isSet, let isSecond = second.isSet else {
      refuse(where: alwaysTrue, reason)
      return second
    }
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
    (result.slot, result.isSet, result.failure, result.expression) = (slot, any, nil, nil)
    return result
  }

  private func byID(_ all: [PMMLSegmentResult]) -> [String: PMMLPrediction] {
    Dictionary(all.map { ($0.segment.id, $0.prediction) }) { first, _ in first }
  }

  private func idField(of result: PMMLSegmentResult) -> PMMLField {
    PMMLField(
      type: .string, operationalType: .categorical, slot: slot(of: code(of: result.segment.id)))
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
    var all = try results(combination, context)
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
    return try lastThatRuns(
      all.reversed(), isClassification: try isClassification(combination.element))
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
    result.value.slot = chosen(first.runs, result.value.slot, nothing)
    result.shares = result.shares.map { ($0.label, chosen(first.runs, $0.slot, nothing)) }
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
      // Names that several segments have are one result.
      for output in prediction.outputs {
        if let place = result.outputs.firstIndex(where: { $0.name == output.name }) {
          result.outputs[place].field.slot = chosen(
            next.runs, output.field.slot, result.outputs[place].field.slot)
        } else {
          result.outputs.append(output)
        }
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
        goesOn = stillGoesOn(goesOn, after: prediction, nil)
      }
    }
    if combination.missing.returnsMissing, let goesOn {
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
