/// Checks the columns of one ensemble against each other.
struct EnsembleValidator {
  let ensemble: Ensemble
  let place: String
  let limits: Limits

  func validate() throws(ModelError) {
    try checkShapes()
    try checkStarts()
    try checkSplits()
    if let children = ensemble.children {
      try check(children)
    } else {
      try checkOblivious()
    }
    try checkLeaves()
  }

  private func checkShapes() throws(ModelError) {
    let trees = ensemble.trees
    try require(
      ensemble.outputCount >= 1 && ensemble.outputCount <= limits.outputs, .limit, place,
      "\(ensemble.outputCount) outputs; 1 to \(limits.outputs) are possible")
    try require(
      ensemble.baseScores.count == ensemble.outputCount, .invalid, place,
      "\(ensemble.baseScores.count) base scores for \(ensemble.outputCount) outputs")
    try require(
      trees.count <= limits.trees && ensemble.splits.count <= limits.splits
        && ensemble.leaves.values.count <= limits.splits, .limit, place,
      "more than \(limits.trees) trees, or \(limits.splits) splits or leaf values")
    let width = ensemble.leaves.width
    try require(
      width == 1 || width == ensemble.outputCount, .invalid, place,
      "leaves of \(width) values in an ensemble of \(ensemble.outputCount) outputs")
    try require(
      ensemble.leaves.values.count % width == 0, .invalid, place,
      "\(ensemble.leaves.values.count) leaf values, not a multiple of \(width)")
    let splits = ensemble.splits
    try require(
      splits.conditions.count == splits.count && splits.missingRules.count == splits.count
        && splits.operands.count == splits.count
        && (splits.gains.isEmpty || splits.gains.count == splits.count), .invalid, place,
      "the columns of the split table differ in length")
    try require(
      trees.weights.isEmpty || trees.weights.count == trees.count, .invalid, place,
      "\(trees.weights.count) weights for \(trees.count) trees")
    let stopping = ensemble.earlyStopping
    try require(
      stopping == .never || (stopping == .bestTwoMargin) == (ensemble.outputCount > 1), .invalid,
      place, "early stopping does not fit \(ensemble.outputCount) outputs")
    if ensemble.profile.accumulator == .float32 {
      try require(
        (ensemble.baseScores + trees.weights).allSatisfy { $0.isNaN || Double(Float($0)) == $0 },
        .invalid, place, "a base score or weight is no Float, but sums are in Float")
      try require(
        ensemble.leaves.values.allSatisfy { $0.isNaN || Double(Float($0)) == $0 },
        .invalid, place, "a leaf's value is no Float, but sums are in Float")
    }
  }

  private func checkStarts() throws(ModelError) {
    let trees = ensemble.trees
    try check(
      trees.splitStarts, rows: trees.count, end: ensemble.splits.count, name: "split starts")
    try check(
      trees.leafStarts, rows: trees.count, end: ensemble.leaves.count, name: "leaf starts")
    try check(
      trees.iterationStarts, rows: trees.iterationStarts.count - 1, end: trees.count,
      name: "iteration starts")
    try check(
      ensemble.categorySets.starts, rows: ensemble.categorySets.starts.count - 1,
      end: ensemble.categorySets.words.count, name: "category set starts")
  }

  /// Starts are `rows + 1` numbers that begin at 0, never fall, and stop at `end`.
  private func check(
    _ starts: Column<UInt32>, rows: Int, end: Int, name: String
  ) throws(ModelError) {
    let span = starts.span
    try require(
      rows >= 0 && span.count == rows + 1 && span[0] == 0 && Int(span[rows]) == end, .invalid,
      place, "\(name) do not cover 0 to \(end)")
    for row in 0..<rows where span[row] > span[row + 1] {
      throw ModelError(.invalid, place, "\(name) fall at row \(row)")
    }
  }

  private func checkSplits() throws(ModelError) {
    let splits = ensemble.splits
    let float32 = ensemble.profile.input == .float32
    for index in 0..<splits.count {
      guard let split = splits[index] else {
        throw ModelError(
          .invalid, place(ofSplit: index), "unknown split condition or missing rule")
      }
      switch split.operand {
      case .categorySet(let number):
        try require(
          number < ensemble.categorySets.count, .invalid, place(ofSplit: index),
          "category set \(number) does not exist; there are \(ensemble.categorySets.count)")
      case .threshold(let threshold):
        try require(
          !threshold.isNaN, .invalid, place(ofSplit: index), "the threshold is not a number")
        try require(
          !float32 || !split.condition.roundsValue || Double(Float(threshold)) == threshold,
          .invalid, place(ofSplit: index),
          "threshold \(threshold) is no Float, but values are compared as Float")
      }
    }
  }

  private func check(_ children: ChildTable) throws(ModelError) {
    let count = ensemble.splits.count
    try require(
      children.left.count == count && children.right.count == count
        && (children.covers.isEmpty || children.covers.count == count)
        && (children.nativeIDs.isEmpty || children.nativeIDs.count == count), .invalid, place,
      "the columns of the child table differ in length from the split table")
    let left = children.left.span
    let right = children.right.span
    var reached: [Bool] = []
    for tree in 0..<ensemble.treeCount {
      let nodes = ensemble.trees.splits(of: tree)
      let leafCount = ensemble.trees.leaves(of: tree).count
      try require(
        leafCount == nodes.count + 1, .invalid, "\(place), tree \(tree)",
        "\(nodes.count) splits and \(leafCount) leaves")
      // One place for each node but the root, then one for each leaf.
      reached.removeAll(keepingCapacity: true)
      reached.append(contentsOf: repeatElement(false, count: nodes.count + leafCount))
      for node in 0..<nodes.count {
        for child in [left[nodes.lowerBound + node], right[nodes.lowerBound + node]] {
          let target = child >= 0 ? Int(child) : nodes.count + Int(~child)
          try require(
            (child >= 0 ? target > node && target < nodes.count : target < reached.count)
              && !reached[target], .invalid, "\(place), tree \(tree), node \(node)",
            "child \(child) does not exist, comes before its parent or is reached twice")
          reached[target] = true
        }
      }
    }
  }

  private func checkOblivious() throws(ModelError) {
    for tree in 0..<ensemble.treeCount {
      let levels = ensemble.trees.splits(of: tree).count
      let leafCount = ensemble.trees.leaves(of: tree).count
      try require(
        levels < 30 && leafCount == 1 << levels, .invalid, "\(place), tree \(tree)",
        "\(levels) levels and \(leafCount) leaves")
    }
  }

  private func checkLeaves() throws(ModelError) {
    let leaves = ensemble.leaves
    for tree in 0..<ensemble.treeCount {
      let output = Int(ensemble.trees.outputs[tree])
      try require(
        output < (leaves.width == 1 ? ensemble.outputCount : 1), .invalid,
        "\(place), tree \(tree)", "output \(output) does not exist")
    }
    try require(
      (leaves.covers.isEmpty || leaves.covers.count == leaves.count)
        && (leaves.nativeIDs.isEmpty || leaves.nativeIDs.count == leaves.count), .invalid,
      place, "the columns of the leaf table differ in length")
    guard let linear = leaves.linear else { return }
    try require(
      leaves.width == 1 && linear.constants.count == leaves.count
        && linear.termCoefficients.count == linear.termSlots.count, .invalid, place,
      "the columns of the linear leaves differ in length")
    try check(
      linear.termStarts, rows: leaves.count, end: linear.termSlots.count, name: "term starts")
  }

  private func place(ofSplit index: Int) -> String {
    var tree = 0
    while tree + 1 < ensemble.treeCount && ensemble.trees.splits(of: tree).upperBound <= index {
      tree += 1
    }
    return "\(place), tree \(tree), split \(index - ensemble.trees.splits(of: tree).lowerBound)"
  }
}
