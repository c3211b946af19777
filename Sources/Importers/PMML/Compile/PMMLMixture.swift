import TreeIR

/// What a tree gives for rows that may belong to several nodes, because a value is missing: the
/// missingValueStrategy `weightedConfidence` or `aggregateNodes`.
///
/// The first child whose predicate is not false takes the row; where it is unknown, later ones that
/// are not false take it, too. Each of them is scored, and again so below it.
/// - `weightedConfidence`: the confidences of the children are weighted by their shares of the
///   children's records.
/// - `aggregateNodes`: the records of all leaves that are reached are added up.
struct PMMLMixture {
  enum Kind {
    case weightedConfidence
    case aggregateNodes
  }

  /// What a node has for each class: what is weighted, and what is given as probability.
  private struct Leaf {
    var weights: [Double] = []
    var shares: [Double] = []
    /// Of a regression.
    var score = 0.0
  }

  /// Trees with more nodes refuse rows that may belong to several of them.
  private static let largest = 1 << 14

  private let kind: Kind
  private let tree: PMMLTree
  private let labelType: FieldType
  private let needs: PMMLNeeds
  private var classes: [Double] = []
  /// By node, for those where rows may end.
  private var leaves: [Int: Leaf] = [:]
  /// By node, the number of its records.
  private var counts: [Double] = []

  /// The tree's mixture; nil where the tree has another strategy, or lacks what is needed.
  init?(
    _ tree: PMMLTree, _ needs: PMMLNeeds, labelType: FieldType, _ compiler: PMMLCompiler
  ) throws(Fault) {
    guard case .several = tree.strategy, tree.nodes.count <= Self.largest else { return nil }
    kind =
      tree.element["missingValueStrategy"] == "aggregateNodes"
      ? .aggregateNodes : .weightedConfidence
    // A regression has no confidences; and it is not told how often other values stood in for
    // missing ones in a mixture.
    if kind == .weightedConfidence && !tree.isClassification { return nil }
    if tree.countsSubstitutes && tree.tests.contains(where: { !$0.parts.isEmpty }) { return nil }
    for test in tree.tests {
      if case .refusal = test.test { return nil }
    }
    (self.tree, self.labelType, self.needs) = (tree, labelType, needs)
    if tree.isClassification { try findClasses(compiler) }
    for (place, node) in tree.nodes.enumerated() {
      guard let count = Self.count(of: node) else { return nil }
      counts.append(count)
      guard node.firstChild == nil || tree.returnsLast else { continue }
      guard let leaf = try leaf(node, compiler) else { return nil }
      leaves[place] = leaf
    }
  }

  private mutating func findClasses(_ compiler: PMMLCompiler) throws(Fault) {
    for node in tree.nodes {
      for score in node.distribution {
        let label = try compiler.label(score.value, labelType, node)
        if !classes.contains(label) { classes.append(label) }
      }
    }
  }

  private static func count(of node: PMMLNode) -> Double? {
    if let text = node.recordCount { return PMMLText.number(text, .double) }
    if node.distribution.isEmpty { return nil }
    var sum = 0.0
    for score in node.distribution {
      guard let count = score.recordCount.flatMap({ PMMLText.number($0, .double) }) else {
        return nil
      }
      sum += count
    }
    return sum
  }

  /// What a node has to mix; nil where that is not known.
  private func leaf(_ node: PMMLNode, _ compiler: PMMLCompiler) throws(Fault) -> Leaf? {
    guard node.model == nil else { return nil }
    var leaf = Leaf()
    guard tree.isClassification else {
      guard let score = node.score.flatMap({ PMMLText.number($0, .double) }), score.isFinite
      else { return nil }
      leaf.score = score
      return leaf
    }
    guard !node.distribution.isEmpty else { return nil }
    leaf.weights = classes.map { _ in 0 }
    leaf.shares = leaf.weights
    func numbers(_ text: (PMMLNode.Score) -> String?) -> [Double]? {
      let numbers = node.distribution.compactMap { score in
        text(score).flatMap { PMMLText.number($0, .double) }
      }
      return numbers.count == node.distribution.count ? numbers : nil
    }
    let records = numbers(\.recordCount)
    let total = records?.reduce(0, +) ?? 0
    let recordShares = total > 0 ? records?.map { $0 / total } : nil
    let weights =
      kind == .aggregateNodes ? records : numbers(\.confidence) ?? recordShares
    guard let weights, let shares = numbers(\.probability) ?? recordShares ?? Optional(weights)
    else { return nil }
    for (place, score) in node.distribution.enumerated() {
      let label = try compiler.label(score.value, labelType, node)
      guard let position = classes.firstIndex(of: label) else { continue }
      leaf.weights[position] += weights[place]
      leaf.shares[position] += shares[place]
    }
    return leaf
  }

  // MARK: Slots

  /// The prediction of the tree, and that of the mixture where `isSeveral` is 1.
  func mixed(
    _ prediction: PMMLPrediction, where isSeveral: Int, _ compiler: PMMLCompiler
  ) throws(Fault) -> PMMLPrediction {
    let condition = compiler.builder.compare(.slot(isSeveral), .equal, .constant(1))
    let mixture = try compiler.guarded(by: condition) { () throws(Fault) in
      for failure in Set(tree.tests.flatMap(\.failures)).sorted() {
        compiler.refuse(where: failure, "a derived field has no value for it")
      }
      return try mix(ends(compiler), compiler)
    }
    func chosen(_ new: Int?, _ old: Int) -> Int {
      compiler.builder.select(
        condition, then: new.map { .slot($0) } ?? .constant(0), otherwise: .slot(old))
    }
    var result = prediction
    result.value.slot = chosen(mixture.value, prediction.value.slot)
    for (place, share) in prediction.shares.enumerated() {
      let position = classes.firstIndex(of: share.label)
      result.shares[place].slot = chosen(position.map { mixture.shares[$0] }, share.slot)
      if !prediction.places.isEmpty {
        result.places[place] = compiler.builder.select(
          condition, then: .constant(Double(place)), otherwise: .slot(prediction.places[place]))
      }
    }
    for (place, confidence) in prediction.confidences.enumerated() {
      let position = classes.firstIndex(of: confidence.label)
      result.confidences[place].slot = chosen(
        position.map { mixture.weights[$0] }, confidence.slot)
    }
    return result
  }

  /// A node where a row ends, and the slot of its weight.
  private typealias End = (node: Int, weight: Int)

  private func mix(
    _ ends: [End], _ compiler: PMMLCompiler
  ) throws(Fault) -> (value: Int, weights: [Int], shares: [Int]) {
    func sum(_ coefficient: (Leaf, Int) -> Double) -> Int {
      compiler.builder.linearSum(
        from: 0,
        ends.compactMap { end in
          leaves[end.node].map {
            LinearSum.Term(slot: end.weight, coefficient: coefficient($0, end.node))
          }
        })
    }
    func divided(_ slot: Int, by total: Int) -> Int {
      compiler.builder.arithmetic(.divide, .slot(slot), .slot(total))
    }
    guard tree.isClassification else {
      let total = sum { _, node in counts[node] }
      return (divided(sum { leaf, node in counts[node] * leaf.score }, by: total), [], [])
    }
    // The weights of the ends add up to 1, or to 0 where there are none; records to their number.
    let total = sum { leaf, _ in kind == .aggregateNodes ? leaf.weights.reduce(0, +) : 1 }
    let isSome = compiler.builder.compare(.slot(total), .greater, .constant(0))
    let weights = classes.indices.map { place in
      let weight = sum { leaf, _ in leaf.weights[place] }
      return compiler.builder.select(
        isSome,
        then: .slot(kind == .aggregateNodes ? divided(weight, by: total) : weight),
        otherwise: .constant(.nan))
    }
    var shares = weights
    if needs.shares, kind == .weightedConfidence {
      shares = classes.indices.map { place in sum { leaf, _ in leaf.shares[place] } }
    }
    let value = try compiler.classification(Array(zip(classes, weights)), labelType).value
    return (value.slot, weights, shares)
  }

  /// The nodes where rows may end, with slots of their weights, and for `aggregateNodes` of whether
  /// rows end there.
  private func ends(_ compiler: PMMLCompiler) throws(Fault) -> [End] {
    var takes = try takes(compiler)
    if kind == .weightedConfidence && !tree.returnsLast { leaveOutDeadEnds(&takes, compiler) }
    var ends: [End] = []
    // By node; nil where it is 1.
    var weights = [Int?](repeating: nil, count: tree.nodes.count)
    for (place, node) in tree.nodes.enumerated() {
      let children = children(of: node)
      let all = children.compactMap { takes[$0] }
      guard !children.isEmpty else {
        ends.append((place, weights[place] ?? compiler.slot(of: 1)))
        continue
      }
      if tree.returnsLast {
        let stays = compiler.builder.logic(.not, [compiler.builder.logic(.or, all)])
        ends.append((place, product(weights[place], stays, compiler)))
      }
      guard kind == .weightedConfidence else {
        for (child, taken) in zip(children, all) {
          weights[child] = product(weights[place], taken, compiler)
        }
        continue
      }
      let total = compiler.builder.linearSum(
        from: 0,
        zip(children, all).map { LinearSum.Term(slot: $1, coefficient: counts[$0]) })
      for (child, taken) in zip(children, all) {
        let count = compiler.builder.arithmetic(.multiply, .slot(taken), .constant(counts[child]))
        let share = compiler.builder.arithmetic(.divide, .slot(count), .slot(total))
        weights[child] = product(weights[place], share, compiler)
      }
    }
    return ends
  }

  private func product(_ weight: Int?, _ slot: Int, _ compiler: PMMLCompiler) -> Int {
    guard let weight else { return slot }
    return compiler.builder.arithmetic(.multiply, .slot(weight), .slot(slot))
  }

  private func children(of node: PMMLNode) -> [Int] {
    var children: [Int] = []
    var next = node.firstChild
    while let number = next {
      children.append(number - tree.first)
      next = tree.nodes[number].nextSibling
    }
    return children
  }

  /// By node below the root, the slot of whether it takes rows that come to its parent.
  private func takes(_ compiler: PMMLCompiler) throws(Fault) -> [Int: Int] {
    var takes: [Int: Int] = [:]
    var truths: [PMMLTest: Int] = [:]
    for node in tree.nodes {
      // Whether an earlier child has taken the row for itself.
      var isTaken: Int?
      // Whether an earlier child may have it.
      var isShared: Int?
      for child in children(of: node) {
        let test = tree.tests[child].test
        let truth: Int
        if let known = truths[test] {
          truth = known
        } else {
          truth = compiler.truth(of: test)
          truths[test] = truth
        }
        let builder = { (op: Logic.Operator, slots: [Int]) in compiler.builder.logic(op, slots) }
        let isUnknown = builder(.isMissing, [truth])
        let isPossible = builder(.or, [isUnknown, truth])
        takes[child] =
          isTaken.map { builder(.and, [isPossible, builder(.not, [$0])]) } ?? isPossible
        // A true one is the last; but confidences are taken of all, once they are shared.
        var ends = [builder(.not, [isUnknown]), truth]
        if kind == .weightedConfidence, let isShared { ends.append(builder(.not, [isShared])) }
        let endsHere = builder(.and, ends)
        isTaken = isTaken.map { builder(.or, [$0, endsHere]) } ?? endsHere
        isShared = isShared.map { builder(.or, [$0, isPossible]) } ?? isPossible
      }
    }
    return takes
  }

  /// Children below which no row of theirs ends take none.
  private func leaveOutDeadEnds(_ takes: inout [Int: Int], _ compiler: PMMLCompiler) {
    // By node, whether rows end below it; nil where all do.
    var ends = [Int?](repeating: nil, count: tree.nodes.count)
    for (place, node) in tree.nodes.enumerated().reversed() where node.firstChild != nil {
      var all: [Int] = []
      for child in children(of: node) {
        guard let taken = takes[child] else { continue }
        let isTaken = ends[child].map { compiler.builder.logic(.and, [taken, $0]) } ?? taken
        takes[child] = isTaken
        all.append(isTaken)
      }
      ends[place] = compiler.builder.logic(.or, all)
    }
  }
}
