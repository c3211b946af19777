import TreeIR

/// What the nodes of a tree predict, read from their texts once: the score, and the share of each
/// class.
struct PMMLNodeScores {
  enum State {
    case missing
    case refused
    case scored
  }

  /// By node.
  private var states: [State] = []
  /// What is wrong with a node, for whoever asks for it.
  private var faults: [Int: Fault] = [:]
  /// By node: the number, or that of the class.
  private(set) var numbers: [Double] = []
  /// By node, where its shares begin; and where the last ones end.
  private var starts: [Int] = []
  /// Of each share, in the order of the document.
  private var labels: [Double] = []
  private var shares: [Double] = []
  /// The class that stood last at each place of a list: most nodes list them alike.
  private var lastLabels: [(text: String, label: Double)] = []

  /// - Parameter needsShares: Whether nodes without shares refuse rows.
  init(
    _ tree: PMMLTree, labelType: FieldType, allowsOtherLabels: Bool, needsShares: Bool,
    _ compiler: PMMLCompiler
  ) {
    states.reserveCapacity(tree.nodes.count)
    numbers.reserveCapacity(tree.nodes.count)
    starts.reserveCapacity(tree.nodes.count + 1)
    let reader = Reader(
      tree: tree, labelType: labelType, allowsOtherLabels: allowsOtherLabels, compiler: compiler)
    for node in tree.nodes {
      starts.append(labels.count)
      do throws(Fault) {
        let score = try reader.score(of: node)
        numbers.append(score.number)
        states.append(
          score.state == .scored ? try addShares(of: node, reader, needsShares) : score.state)
      } catch {
        if numbers.count < starts.count { numbers.append(.nan) }
        faults[states.count] = error
        states.append(.refused)
      }
    }
    starts.append(labels.count)
  }

  /// What a row finds at a node.
  ///
  /// - Throws: ``Fault`` where the document is wrong there.
  func state(_ node: Int) throws(Fault) -> State {
    if !faults.isEmpty, let fault = faults[node] { throw fault }
    return states[node]
  }

  /// The probabilities that a node gives `classes`, 0 for those that it does not list.
  func append(sharesOf classes: [Double], node: Int, to values: inout [Double]) {
    forEach(of: classes, node) { values.append($0.map { shares[$0] } ?? 0) }
  }

  /// By class, its place in the node's list; missing where it is not there.
  func append(placesOf classes: [Double], node: Int, to values: inout [Double]) {
    let start = starts[node]
    forEach(of: classes, node) { values.append($0.map { Double($0 - start) } ?? .nan) }
  }

  /// Where the share of each class is; nil where it has none.
  private func forEach(of classes: [Double], _ node: Int, _ body: (Int?) -> Void) {
    let own = starts[node]..<starts[node + 1]
    // Mostly the classes are in the same order.
    var next = own.lowerBound
    for label in classes {
      if next < own.upperBound, labels[next] == label {
        body(next)
        next += 1
      } else {
        let found = own.first { labels[$0] == label }
        body(found)
        if let found { next = found + 1 }
      }
    }
  }

  /// Adds the shares of a node, where they are probabilities.
  private mutating func addShares(
    of node: PMMLNode, _ reader: Reader, _ areNeeded: Bool
  ) throws(Fault) -> State {
    guard areNeeded || reader.tree.countsAlways && !node.distribution.isEmpty else {
      return .scored
    }
    guard let first = node.distribution.first else { return .refused }
    let start = labels.count
    let precision = reader.tree.precision
    var sum = 0.0
    for (place, score) in node.distribution.enumerated() {
      let text = first.probability != nil ? score.probability : score.recordCount
      guard let text, let number = PMMLText.number(text, precision.fieldType) else {
        return remove(from: start)
      }
      let label = try label(score.value, at: place, node, reader)
      if labels[start...].contains(label) { return remove(from: start) }
      labels.append(label)
      shares.append(number)
      sum = precision.rounded(sum + number)
    }
    if sum == 0 { return remove(from: start) }
    if sum != 1 {
      for place in start..<shares.count {
        shares[place] = precision.rounded(shares[place] / sum)
      }
    }
    return .scored
  }

  private mutating func remove(from start: Int) -> State {
    labels.removeSubrange(start...)
    shares.removeSubrange(start...)
    return .refused
  }

  private mutating func label(
    _ text: String, at place: Int, _ node: PMMLNode, _ reader: Reader
  ) throws(Fault) -> Double {
    if place < lastLabels.count,
      lastLabels[place].text.utf8.elementsEqual(text.utf8)
    {
      return lastLabels[place].label
    }
    let label = try reader.label(text, node)
    if place == lastLabels.count {
      lastLabels.append((text, label))
    } else if place < lastLabels.count {
      lastLabels[place] = (text, label)
    }
    return label
  }
}

extension PMMLNodeScores {
  /// Reads the texts of nodes.
  private struct Reader {
    let tree: PMMLTree
    let labelType: FieldType
    let allowsOtherLabels: Bool
    let compiler: PMMLCompiler

    func score(of node: PMMLNode) throws(Fault) -> (state: State, number: Double) {
      guard let text = node.score else {
        if node.model != nil {
          throw Fault(
            .unsupported, at: nil, key: "line \(node.line), Node",
            "the node has a model, and no score for rows that it does not take")
        }
        // An inner node without a score has no prediction; a leaf must have one.
        return (node.firstChild == nil ? .refused : .missing, .nan)
      }
      if tree.isClassification {
        let label = try label(text, node)
        return (label.isNaN ? .refused : .scored, label)
      }
      guard let number = PMMLText.number(text, tree.precision.fieldType) else {
        return (.refused, .nan)
      }
      guard !number.isNaN else {
        throw Fault(.unsupported, at: nil, key: "line \(node.line), Node", "the score is NaN")
      }
      return (.scored, number)
    }

    func label(_ text: String, _ node: PMMLNode) throws(Fault) -> Double {
      try compiler.label(text, labelType, node, allowsOthers: allowsOtherLabels)
    }
  }
}

extension NumericProfile.Precision {
  /// The type of numbers of this precision.
  var fieldType: FieldType { self == .float32 ? .float : .double }
}
