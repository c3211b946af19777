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
  private var scores: PMMLNodeScores?
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
    for node in tree.nodes {
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
    let scores = PMMLNodeScores(
      tree, labelType: labelType, allowsOtherLabels: allowsOtherLabels,
      needsShares: self.needs.shares || self.needs.confidences, compiler)
    self.scores = scores
    refusesRows = try mayRefuse(scores)
  }

  /// Whether any leaf or predicate may refuse a row: found generously.
  private func mayRefuse(_ scores: PMMLNodeScores) throws(Fault) -> Bool {
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
    for place in 0..<tree.nodes.count where try scores.state(place) == .refused { return true }
    return false
  }

  /// Whether the child that a node names is one of its own.
  private func hasDefaultChild(_ node: PMMLNode) -> Bool {
    var child = node.firstChild
    while let number = child {
      let next = tree.nodes[number]
      if let id = next.id, id == node.defaultChild { return true }
      child = next.nextSibling
    }
    return false
  }

  /// Appends the values of a leaf; returns whether rows that come there are refused.
  func append(
    _ result: PMMLTreeCompiler.Result, to values: inout [Double], _ compiler: PMMLCompiler
  ) throws(Fault) -> Bool {
    var state = PMMLNodeScores.State.missing
    switch result {
    case .node(let number, _): state = try scores?.state(number - tree.first) ?? .missing
    case .missing, .several: break
    case .refused: state = .refused
    }
    if isFlag {
      switch state {
      case .missing: values.append(isEvent ? 1 : 0)
      case .refused: values.append(isEvent ? 2 : 1)
      case .scored: values.append(0)
      }
      return state == .refused
    }
    if state == .scored, case .node(let number, let substitutes) = result, let scores {
      try append(scores, number - tree.first, substitutes, to: &values, compiler)
    } else {
      let known = width - (refusesRows ? 1 : 0) - (tellsSeveral ? 1 : 0)
      for _ in 0..<known { values.append(.nan) }
    }
    if tellsSeveral { values.append(result == .several ? 1 : 0) }
    if refusesRows { values.append(state == .refused ? 1 : 0) }
    return state == .refused
  }

  /// Appends what is asked for of a node.
  private func append(
    _ scores: PMMLNodeScores, _ place: Int, _ substitutes: Int, to values: inout [Double],
    _ compiler: PMMLCompiler
  ) throws(Fault) {
    if hasScore || !tree.isClassification { values.append(scores.numbers[place]) }
    if needs.shares {
      if namesPlaces {
        scores.append(placesOf: classes, node: place, to: &values)
      } else {
        scores.append(sharesOf: classes, node: place, to: &values)
      }
    }
    if needs.places { scores.append(placesOf: classes, node: place, to: &values) }
    if needs.confidences {
      values += try confidences(of: tree.nodes[tree.first + place], substitutes, compiler)
    }
    if needs.entity {
      let id = tree.nodes[tree.first + place].id ?? String(place + 1)
      values.append(compiler.code(of: id))
    }
  }

  private func label(
    _ text: String, _ node: PMMLNode, _ compiler: PMMLCompiler
  ) throws(Fault) -> Double {
    try compiler.label(text, labelType, node, allowsOthers: allowsOtherLabels)
  }

  /// The model in the node of a leaf, and the value where it has none.
  func linear(
    of result: PMMLTreeCompiler.Result, _ value: Double, _ compiler: PMMLCompiler
  ) throws(Fault) -> LeafDraft.LinearModel {
    guard case .node(let number, _) = result,
      let model = tree.nodes[number].model
    else { return LeafDraft.LinearModel(constant: value, terms: []) }
    return try compiler.linearModel(compiler.document.embedded[model], in: tree.scope)
  }

  private func confidences(
    of node: PMMLNode, _ substitutes: Int, _ compiler: PMMLCompiler
  ) throws(Fault) -> [Double] {
    let type = tree.precision.fieldType
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
      tree.isClassification ? labelType : tree.precision.fieldType
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
  ///
  /// - Parameter allowsOthers: Whether the class is NaN where it is no value of the type; else the
  ///   document is refused.
  func label(
    _ text: String, _ type: FieldType, _ node: PMMLNode, allowsOthers: Bool = false
  ) throws(Fault) -> Double {
    guard let label = label(text, type) else {
      if allowsOthers { return .nan }
      throw Fault(
        .invalid, at: nil, key: "line \(node.line), Node",
        "the class '\(text)' is no value of the target's type")
    }
    return label
  }

  /// The number of a class; nil where the text is no value of its type.
  func label(_ text: String, _ type: FieldType) -> Double? {
    let label = number(text, type)
    if type != .string, let label, labelTexts[label.bitPattern]?.contains(text) != true {
      labelTexts[label.bitPattern, default: []].insert(text)
    }
    return label
  }
}
