import TreeIR

/// What the leaves of a tree hold: the score, and what else is asked for.
struct PMMLLeafRecipe {
  private let tree: PMMLTree
  private let labelType: FieldType
  /// Whether rows are refused that come to a class which is no value of its type; else the document
  /// is.
  private let allowsOtherLabels: Bool
  /// The classes whose probabilities leaves hold, in the order in which they are met.
  private(set) var classes: [Double] = []
  private var needs = PMMLNeeds()
  private var entityType = FieldType.string
  /// Whether some rows that come to a leaf are refused: then the last value of a leaf is 1 for
  /// them.
  private(set) var refusesRows = false
  /// Whether leaves hold the score, and not only what else is asked for.
  private var hasScore = true
  /// Whether leaves say only which rows are refused.
  private var isFlag = false
  /// Whether leaves hold places of classes instead of probabilities.
  private var namesPlaces = false
  /// Whether they also say which rows have no prediction.
  private var isEvent = false
  private(set) var refusal = "a tree has no result for it"

  init(_ tree: PMMLTree, labelType: FieldType, allowsOtherLabels: Bool = false) {
    self.tree = tree
    self.labelType = labelType
    self.allowsOtherLabels = allowsOtherLabels
  }

  /// Values of a leaf.
  var width: Int {
    isFlag
      ? 1
      : (hasScore ? 1 : 0) + (needs.shares ? classes.count : 0) + (needs.places ? classes.count : 0)
        + (needs.confidences ? classes.count : 0)
        + (needs.entity ? 1 : 0) + (tellsSeveral ? 1 : 0) + (refusesRows ? 1 : 0)
  }

  /// Whether leaves tell which rows end in several nodes.
  private var tellsSeveral: Bool {
    if case .several = tree.strategy { true } else { false }
  }

  /// The slot that is 1 for rows that end in several nodes; nil where none do.
  func severalSlot(_ slots: Range<Int>) -> Int? {
    tellsSeveral ? slots.upperBound - (refusesRows ? 2 : 1) : nil
  }

  /// The same without a value that tells of refused rows.
  var withoutFlags: PMMLLeafRecipe {
    var recipe = self
    recipe.refusesRows = false
    return recipe
  }

  /// Leaves with nothing but a value that tells of refused rows.
  var flags: PMMLLeafRecipe {
    var recipe = self
    recipe.isFlag = true
    recipe.refusesRows = false
    return recipe
  }

  /// Leaves with what a tree does to a row: 1 where it has no prediction, 2 where it refuses it.
  var events: PMMLLeafRecipe {
    var recipe = flags
    recipe.isEvent = true
    return recipe
  }

  /// The same with other classes, or in another order, and without the score and a value that
  /// tells of refused rows.
  func arranged(_ classes: [Double]) -> PMMLLeafRecipe {
    var recipe = withoutFlags
    recipe.classes = classes
    // Leaves must hold something.
    recipe.hasScore = classes.isEmpty
    return recipe
  }

  /// Leaves with the place of each class in the list of a leaf's probabilities; missing where it is
  /// not there.
  func places(of classes: [Double]) -> PMMLLeafRecipe {
    var recipe = arranged(classes)
    recipe.namesPlaces = true
    return recipe
  }

  /// Whether all leaves list all classes in one order.
  func listsAll(_ classes: [Double], _ compiler: PMMLCompiler) throws(Fault) -> Bool {
    for number in tree.nodes.indices {
      let node = tree.nodes[number]
      if node.score == nil || node.distribution.isEmpty { continue }
      var labels: [Double] = []
      for score in node.distribution { labels.append(try label(score.value, node, compiler)) }
      if labels != classes { return false }
    }
    return true
  }

  /// The classes that scores name.
  func labels(_ compiler: PMMLCompiler) throws(Fault) -> [Double] {
    var labels: [Double] = []
    for node in tree.nodes {
      guard let text = node.score else { continue }
      let label = try label(text, node, compiler)
      if !labels.contains(label) { labels.append(label) }
    }
    return labels
  }

  /// Finds out what is needed.
  mutating func prepare(_ needs: PMMLNeeds, _ compiler: PMMLCompiler) throws(Fault) {
    self.needs = needs
    if tree.isClassification, needs.shares || needs.confidences {
      for node in tree.nodes {
        for score in node.distribution {
          let label = try label(score.value, node, compiler)
          if !label.isNaN, !classes.contains(label) { classes.append(label) }
        }
      }
    } else {
      self.needs.shares = false
      self.needs.places = false
      self.needs.confidences = false
    }
    refusesRows = try mayRefuse(compiler)
  }

  /// Whether any leaf or predicate may refuse a row: found generously.
  private func mayRefuse(_ compiler: PMMLCompiler) throws(Fault) -> Bool {
    if tree.tests.contains(where: { !$0.failures.isEmpty }) { return true }
    for test in tree.tests {
      if case .refusal = test.test { return true }
    }
    switch tree.strategy {
    case .refuse: return true
    case .defaultChild:
      if tree.nodes.contains(where: { $0.firstChild != nil && !hasDefaultChild($0) }) {
        return true
      }
    case .none, .lastPrediction, .nullPrediction, .several: break
    }
    for number in tree.nodes.indices {
      if case .refused = try score(of: tree.first + number, 0, compiler) { return true }
    }
    return false
  }

  /// Whether the child that a node names is one of its own.
  private func hasDefaultChild(_ node: PMMLNode) -> Bool {
    var child = node.firstChild
    while let number = child {
      let next = tree.nodes[number - tree.first]
      if let id = next.id, id == node.defaultChild { return true }
      child = next.nextSibling
    }
    return false
  }

  private enum Score {
    case missing
    case refused
    case values([Double])
  }

  /// The values of a leaf, and whether rows that come there are refused.
  func leaf(
    of result: PMMLTreeCompiler.Result, _ compiler: PMMLCompiler
  ) throws(Fault) -> (values: [Double], isRefused: Bool) {
    let score: Score
    switch result {
    case .node(let number, let substitutes):
      score = try self.score(of: number, substitutes, compiler)
    case .missing, .several: score = .missing
    case .refused: score = .refused
    }
    if isFlag {
      switch score {
      case .missing: return ([isEvent ? 1 : 0], false)
      case .refused: return ([isEvent ? 2 : 1], true)
      case .values: return ([0], false)
      }
    }
    let known = width - (refusesRows ? 1 : 0) - (tellsSeveral ? 1 : 0)
    var values = [Double](repeating: .nan, count: known)
    if case .values(let all) = score { values = all }
    if tellsSeveral { values.append(result == .several ? 1 : 0) }
    if refusesRows {
      if case .refused = score { values.append(1) } else { values.append(0) }
    }
    if case .refused = score { return (values, true) }
    return (values, false)
  }

  private func label(
    _ text: String, _ node: PMMLNode, _ compiler: PMMLCompiler
  ) throws(Fault) -> Double {
    if allowsOtherLabels { return compiler.number(text, labelType) ?? .nan }
    return try compiler.label(text, labelType, node)
  }

  private func score(
    of number: Int, _ substitutes: Int, _ compiler: PMMLCompiler
  ) throws(Fault) -> Score {
    let node = tree.nodes[number - tree.first]
    guard let text = node.score else {
      if node.model != nil {
        throw Fault(
          .unsupported, at: nil, key: "line \(node.line), Node",
          "the node has a model, and no score for rows that it does not take")
      }
      // An inner node without a score has no prediction; a leaf must have one.
      return node.firstChild == nil ? .refused : .missing
    }
    var values: [Double] = []
    if tree.isClassification {
      let label = try label(text, node, compiler)
      if label.isNaN { return .refused }
      if hasScore { values.append(label) }
    } else {
      guard let score = PMMLText.number(text, tree.precision == .float32 ? .float : .double)
      else { return .refused }
      guard !score.isNaN else {
        throw Fault(
          .unsupported, at: nil, key: "line \(node.line), Node", "the score is NaN")
      }
      values.append(score)
    }
    if tree.countsAlways, !node.distribution.isEmpty, try shares(of: node, compiler) == nil {
      return .refused
    }
    if needs.shares || needs.confidences {
      guard var shares = try shares(of: node, compiler) else { return .refused }
      if namesPlaces {
        for (place, score) in node.distribution.enumerated() {
          shares[try label(score.value, node, compiler)] = Double(place)
        }
      }
      if needs.shares { values += classes.map { shares[$0] ?? (namesPlaces ? .nan : 0) } }
      if needs.places { values += try places(in: node, compiler) }
      if needs.confidences {
        values += try confidences(of: node, substitutes, compiler)
      }
    }
    if needs.entity {
      let id = node.id ?? String(number - tree.first + 1)
      values.append(compiler.code(of: id))
    }
    return .values(values)
  }

  /// The model in the node of a leaf, and the value where it has none.
  func linear(
    of result: PMMLTreeCompiler.Result, _ value: Double, _ compiler: PMMLCompiler
  ) throws(Fault) -> LeafDraft.LinearModel {
    guard case .node(let number, _) = result,
      let model = tree.nodes[number - tree.first].model
    else { return LeafDraft.LinearModel(constant: value, terms: []) }
    return try compiler.linearModel(compiler.document.embedded[model], in: tree.scope)
  }

  /// The probability of each class that the node has; nil where it has none.
  private func shares(
    of node: PMMLNode, _ compiler: PMMLCompiler
  ) throws(Fault) -> [Double: Double]? {
    guard let first = node.distribution.first else { return nil }
    let type: FieldType = tree.precision == .float32 ? .float : .double
    var shares: [(Double, Double)] = []
    for score in node.distribution {
      let text = first.probability != nil ? score.probability : score.recordCount
      guard let text, let number = PMMLText.number(text, type) else { return nil }
      let label = try label(score.value, node, compiler)
      if shares.contains(where: { $0.0 == label }) { return nil }
      shares.append((label, number))
    }
    var sum = 0.0
    for (_, share) in shares { sum = tree.precision.rounded(sum + share) }
    if sum == 0 { return nil }
    var result: [Double: Double] = [:]
    for (label, share) in shares {
      result[label] = sum == 1 ? share : tree.precision.rounded(share / sum)
    }
    return result
  }

  /// By class, its place in the node's list; missing where it is not there.
  private func places(
    in node: PMMLNode, _ compiler: PMMLCompiler
  ) throws(Fault) -> [Double] {
    var places = [Double](repeating: .nan, count: classes.count)
    for (place, score) in node.distribution.enumerated() {
      let label = try label(score.value, node, compiler)
      if let position = classes.firstIndex(of: label) { places[position] = Double(place) }
    }
    return places
  }

  private func confidences(
    of node: PMMLNode, _ substitutes: Int, _ compiler: PMMLCompiler
  ) throws(Fault) -> [Double] {
    let type: FieldType = tree.precision == .float32 ? .float : .double
    let penalty = tree.precision.rounded(tree.penalty)
    var confidences = [Double](repeating: 0, count: classes.count)
    for score in node.distribution {
      guard let text = score.confidence, var number = PMMLText.number(text, type) else {
        continue
      }
      for _ in 0..<substitutes { number = tree.precision.rounded(number * penalty) }
      let label = try label(score.value, node, compiler)
      if let place = classes.firstIndex(of: label) { confidences[place] = number }
    }
    return confidences
  }

  /// What slots of a leaf's values mean.
  func prediction(_ slots: Range<Int>, _ compiler: PMMLCompiler) -> PMMLPrediction {
    var next = slots.lowerBound
    func take() -> Int {
      defer { next += 1 }
      return next
    }
    let type: FieldType =
      tree.isClassification ? labelType : tree.precision == .float32 ? .float : .double
    var prediction = PMMLPrediction(
      value: PMMLField(
        type: type, operationalType: tree.isClassification ? .categorical : .continuous,
        slot: take()),
      isClassification: tree.isClassification)
    if needs.shares { prediction.shares = classes.map { (label: $0, slot: take()) } }
    if needs.places { prediction.places = classes.map { _ in take() } }
    if needs.confidences { prediction.confidences = classes.map { (label: $0, slot: take()) } }
    if needs.entity {
      prediction.entity = PMMLField(type: .string, operationalType: .categorical, slot: take())
    }
    return prediction
  }
}

extension PMMLCompiler {
  /// The number of a class that a node names.
  func label(_ text: String, _ type: FieldType, _ node: PMMLNode) throws(Fault) -> Double {
    guard let label = number(text, type) else {
      throw Fault(
        .invalid, at: nil, key: "line \(node.line), Node",
        "the class '\(text)' is no value of the target's type")
    }
    return label
  }
}
