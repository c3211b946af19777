import TreeIR

/// A TreeModel, before it becomes an ensemble: alone, or with others.
struct PMMLTree {
  var element: XMLElement
  /// Those of the document that are the tree's, the root first.
  var nodes: ArraySlice<PMMLNode>
  var tests: [PMMLNodeTest]
  var strategy: PMMLTreeCompiler.Strategy
  var returnsLast: Bool
  var isClassification: Bool
  var precision: NumericProfile.Precision
  /// What models in nodes read.
  var scope: PMMLScope

  /// What confidences are multiplied by for each answer that stands in for another.
  var penalty: Double
  /// Whether such answers are counted.
  var countsSubstitutes = false

  /// Whether JPMML makes probabilities of the counts of every node that a row ends in.
  var countsAlways: Bool {
    let strategy = element["missingValueStrategy"]
    return isClassification && (strategy == "weightedConfidence" || strategy == "aggregateNodes")
  }

  /// The root's position in the document's list.
  var first: Int { nodes.startIndex }

  /// Whether some nodes have a model instead of a score.
  var hasModels: Bool { nodes.contains { $0.model != nil } }
}

extension PMMLCompiler {
  /// The tree of a TreeModel, whose predicates read the fields of `scope`.
  func tree(_ element: XMLElement, in scope: PMMLScope) throws(Fault) -> PMMLTree {
    guard let first = element.child("Node")?.payload else {
      throw element.fault("the tree has no Node")
    }
    var end = first
    // A tree's nodes follow one another in the list.
    var open = [first]
    while let number = open.popLast() {
      end = max(end, number)
      if let child = document.nodes[number].firstChild { open.append(child) }
      if number != first, let sibling = document.nodes[number].nextSibling { open.append(sibling) }
    }
    let nodes = document.nodes[first...end]
    var tests: [PMMLNodeTest] = []
    tests.reserveCapacity(nodes.count)
    // Of predicates whose tests are operations of the graph, too, and should be that once.
    var known: [PMMLPredicate: PMMLNodeTest] = [:]
    var ids: Set<String> = []
    for node in nodes {
      if let id = node.id, !ids.insert(id).inserted {
        throw Fault(
          .invalid, at: nil, key: "line \(node.line), Node", "the id '\(id)' stands twice")
      }
      guard let predicate = node.predicate else {
        tests.append(
          PMMLNodeTest(test: .refusal(unlessMissing: nil, reason: "a node has no predicate")))
        continue
      }
      let place = XMLElement(name: "Node", line: node.line)
      if let test = try comparison(predicate, in: scope, from: place) {
        tests.append(PMMLNodeTest(test: test))
        continue
      }
      if let test = known[predicate] {
        tests.append(test)
        continue
      }
      let test = try test(predicate, in: scope, from: place)
      known[predicate] = test
      tests.append(test)
    }
    return PMMLTree(
      element: element, nodes: nodes, tests: tests,
      strategy: strategy(of: element),
      returnsLast: element["noTrueChildStrategy"] == "returnLastPrediction",
      isClassification: try isClassification(element),
      precision: try NumericProfile.Precision(mathContextOf: element), scope: scope,
      penalty: try element.optionalNumber("missingValuePenalty") ?? 1)
  }

  func isClassification(_ element: XMLElement) throws(Fault) -> Bool {
    switch try element.required("functionName") {
    case "classification": return true
    case "regression": return false
    case "mixed": return false
    case let name: throw element.unknown("functionName", name)
    }
  }

  private func strategy(of element: XMLElement) -> PMMLTreeCompiler.Strategy {
    switch element["missingValueStrategy"] {
    case "lastPrediction": .lastPrediction
    case "nullPrediction": .nullPrediction
    case "defaultChild": .defaultChild
    case "weightedConfidence", "aggregateNodes": .several
    default: .none
    }
  }

  /// A TreeModel on its own.
  func treePrediction(
    _ element: XMLElement, _ context: PMMLContext, targetType: FieldType
  ) throws(Fault) -> PMMLPrediction {
    var tree = try tree(element, in: context.scope)
    tree.countsSubstitutes = context.needs.confidences && tree.penalty != 1
    let mixture = try PMMLMixture(tree, context.needs, labelType: targetType, self)
    if case .several = tree.strategy, mixture == nil {
      tree.strategy = .refuse
    }
    // Classes are texts, and stand for values of a target around the model only in the end.
    var recipe = PMMLLeafRecipe(
      tree, labelType: targetType, allowsOtherLabels: !context.inheritsKeys)
    try recipe.prepare(context.needs, self)
    let slots = try score([tree], [recipe], weights: [1])
    let prediction = recipe.prediction(slots, self)
    guard let mixture, let isSeveral = recipe.severalSlot(slots) else { return prediction }
    return try mixture.mixed(prediction, where: isSeveral, self)
  }

  /// Scores trees, each with the leaves of its recipe, in one ensemble: their values are added.
  func score(
    _ trees: [PMMLTree], _ recipes: [PMMLLeafRecipe], weights: [Double]
  ) throws(Fault) -> Range<Int> {
    let slots = builder.score(builder.add(try ensemble(of: trees, recipes, weights).ensemble))
    if let recipe = recipes.first(where: \.refusesRows) {
      refuse(where: slots.upperBound - 1, recipe.refusal)
    }
    return slots
  }

  /// The same for trees whose leaves do not tell which rows are refused; `refuseRows` sees to these.
  ///
  /// Rows that have all values need none of the splits that look for missing ones, which are many:
  /// where that matters, such rows are scored by an ensemble without them.
  func scoreByPresence(
    _ trees: [PMMLTree], _ recipes: [PMMLLeafRecipe], weights: [Double],
    refuseRows: () throws(Fault) -> Void
  ) throws(Fault) -> Range<Int> {
    let all = try ensemble(of: trees, recipes, weights)
    var facts = PMMLTreeFacts()
    facts.assumesPresence = true
    guard all.splitCount >= Self.fewSplits,
      case let present = try ensemble(of: trees, recipes, weights, facts),
      present.splitCount < all.splitCount, !present.refusesRows
    else {
      let slots = builder.score(builder.add(all.ensemble))
      try refuseRows()
      return slots
    }
    let isPresent = withoutGuard { presence(of: trees) }
    let shortcut = EnsembleScore.Shortcut(
      ensemble: builder.add(present.ensemble), where: isPresent)
    let slots = builder.score(builder.add(all.ensemble), shortcut: shortcut)
    // Such rows are none of the others.
    let isNotPresent = withoutGuard { builder.logic(.not, [isPresent]) }
    try guarded(by: isNotPresent, refuseRows)
    return slots
  }

  /// Ensembles of fewer splits are not made twice.
  private static let fewSplits = 100

  /// The truth value of whether all that the trees test is there.
  private func presence(of trees: [PMMLTree]) -> Int {
    var slots: Set<Int> = []
    var failures: Set<Int> = []
    for test in trees.lazy.flatMap(\.tests) {
      if let slot = test.test.slot { slots.insert(slot) }
      failures.formUnion(test.failures)
    }
    let key = [slots.sorted(), failures.sorted()]
    if let known = presences[key] { return known }
    // Those of inputs are found in a way of their own.
    let inputs = key[0].filter { $0 < builder.input.count }
    let others = key[0].filter { $0 >= builder.input.count }
    var reasons: [Int] = []
    if !inputs.isEmpty { reasons.append(builder.logic(.isMissing, inputs)) }
    if !others.isEmpty { reasons.append(builder.logic(.isMissing, others)) }
    reasons += key[1].map { builder.compare(.slot($0), .equal, .constant(1)) }
    let isPresent =
      reasons.isEmpty ? alwaysTrue : builder.logic(.not, [builder.logic(.or, reasons)])
    presences[key] = isPresent
    return isPresent
  }

  private struct CompiledTrees {
    var ensemble: Ensemble
    var splitCount = 0
    /// Whether a row may come to where it is refused.
    var refusesRows = false
  }

  /// - Parameter facts: What is known of all rows.
  private func ensemble(
    of trees: [PMMLTree], _ recipes: [PMMLLeafRecipe], _ weights: [Double],
    _ facts: PMMLTreeFacts = PMMLTreeFacts()
  ) throws(Fault) -> CompiledTrees {
    let width = recipes.map(\.width).max() ?? 1
    let precision = trees.first?.precision ?? .float64
    var ensemble = EnsembleBuilder(
      profile: .pmml(precision), outputCount: width, leafWidth: width, limits: limits)
    var sets: [[Double]: Int] = [:]
    var draft = TreeDraft()
    let isLinear = width == 1 && trees.contains(where: \.hasModels)
    var splitCount = 0
    var refusesRows = false
    for (tree, (recipe, weight)) in zip(trees, zip(recipes, weights)) {
      let compiler = PMMLTreeCompiler(
        tree.nodes, tests: tree.tests, strategy: tree.strategy,
        returnsLast: tree.returnsLast, countsSubstitutes: tree.countsSubstitutes,
        limit: min(limits.splits, max(1 << 22, 64 * tree.nodes.count)), facts: facts)
      try compiler.compile(
        into: &draft,
        leaf: { (result, leaves) throws(Fault) in
          let first = leaves.values.count
          if try recipe.append(result, to: &leaves.values, self) { refusesRows = true }
          if isLinear {
            leaves.linear.append(try recipe.linear(of: result, leaves.values[first], self))
          }
        },
        set: { (numbers) throws(Fault) in
          if let set = sets[numbers] { return set }
          do throws(ModelError) {
            let set = try ensemble.addCategorySet(words: Self.words(of: numbers))
            sets[numbers] = set
            return set
          } catch {
            throw Fault(error, at: nil)
          }
        })
      draft.weight = weight
      splitCount += draft.splits.count
      do throws(ModelError) {
        try ensemble.add(draft)
      } catch {
        throw Fault(error, at: nil, key: "line \(tree.element.line), TreeModel")
      }
      ensemble.endIteration()
    }
    return CompiledTrees(
      ensemble: ensemble.build(), splitCount: splitCount, refusesRows: refusesRows)
  }

  private static func words(of numbers: [Double]) -> [UInt32] {
    var words: [UInt32] = []
    for number in numbers where number >= 0 {
      let code = Int(number)
      while words.count <= code / 32 { words.append(0) }
      words[code / 32] |= 1 << UInt32(code % 32)
    }
    return words
  }
}

extension NumericProfile {
  /// PMML: numbers are compared as they are, and summed in the precision of the model.
  static func pmml(_ precision: Precision) -> NumericProfile {
    NumericProfile(
      input: .float64, flushesTinyToZero: false, categories: .truncateToInt32,
      accumulator: precision, addsConstantLast: true)
  }
}
