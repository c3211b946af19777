import TreeIR

/// Walks the trees of an ensemble by the book: one row, one tree, one split at a time.
struct EnsembleScorer: Sendable {
  let ensemble: Ensemble

  init(_ ensemble: Ensemble) {
    self.ensemble = ensemble
  }

  /// Writes the raw scores of the row in `slots` to the slots `outputs`.
  func score(
    _ slots: inout [Double], to outputs: Range<Int>, iterations: Range<Int>,
    earlyStopping: PredictionOptions.EarlyStopping?
  ) {
    for output in 0..<ensemble.outputCount {
      slots[outputs.lowerBound + output] = ensemble.baseScores[output]
    }
    var sinceCheck = 0
    for iteration in iterations {
      for tree in ensemble.trees(ofIterations: iteration..<iteration + 1) {
        add(leaf(of: tree, slots), of: tree, to: outputs, &slots)
      }
      guard let earlyStopping, ensemble.earlyStopping != .never else { continue }
      sinceCheck += 1
      guard sinceCheck == earlyStopping.frequency else { continue }
      if margin(slots, outputs) > earlyStopping.margin { return }
      sinceCheck = 0
    }
  }

  /// The row of ``LeafTable`` that the row in `slots` reaches in `tree`.
  func leaf(of tree: Int, _ slots: [Double]) -> Int {
    leaf(of: tree) { slots[$0] }
  }

  /// The row of ``LeafTable`` that a row reaches in `tree`; `slot` tells its values.
  func leaf(of tree: Int, slot: (Int) -> Double) -> Int {
    let splits = ensemble.trees.splits(of: tree)
    let leaves = ensemble.trees.leaves(of: tree)
    guard let children = ensemble.children else {
      var leaf = 0
      for (level, split) in splits.enumerated() where goesLeft(split, slot) {
        leaf |= 1 << level
      }
      return leaves.lowerBound + leaf
    }
    guard !splits.isEmpty else { return leaves.lowerBound }
    var node: Int32 = 0
    while node >= 0 {
      let split = splits.lowerBound + Int(node)
      node = goesLeft(split, slot) ? children.left[split] : children.right[split]
    }
    return leaves.lowerBound + Int(~node)
  }

  /// The number that the source file gives to `leaf` of `tree`.
  func nativeID(of leaf: Int, in tree: Int) -> Int {
    let ids = ensemble.leaves.nativeIDs
    guard ids.isEmpty || ids[leaf] == ChildTable.ownPosition else { return Int(ids[leaf]) }
    return leaf - ensemble.trees.leaves(of: tree).lowerBound
  }

  private func goesLeft(_ index: Int, _ slot: (Int) -> Double) -> Bool {
    guard let split = ensemble.splits[index] else { return false }
    let x = slot(split.slot)
    let value = split.condition.roundsValue ? ensemble.profile.prepared(x) : x
    return split.goesLeft(value, ensemble.profile, ensemble.categorySets)
  }

  /// Adds what `leaf` of `tree` gives to the row's scores.
  func add(_ leaf: Int, of tree: Int, to outputs: Range<Int>, _ slots: inout [Double]) {
    let first = outputs.lowerBound + Int(ensemble.trees.outputs[tree])
    for position in 0..<ensemble.leaves.width {
      let value = value(of: leaf, position, of: tree) { slots[$0] }
      slots[first + position] = ensemble.profile.add(slots[first + position], value)
    }
  }

  /// What `leaf` of `tree` adds to the output at `position`, for a row of which `slot` tells the
  /// values.
  func value(
    of leaf: Int, _ position: Int, of tree: Int, slot: (Int) -> Double
  ) -> Double {
    let value =
      linearValue(of: leaf, slot) ?? ensemble.leaves.values[leaf * ensemble.leaves.width + position]
    let weight = ensemble.trees.weights.isEmpty ? 1 : ensemble.trees.weights[tree]
    return weight == 1 ? value : ensemble.profile.multiply(value, weight)
  }

  /// The value of the linear model in `leaf`; nil when there is none, or when a value that
  /// it needs is missing.
  private func linearValue(of leaf: Int, _ slot: (Int) -> Double) -> Double? {
    guard let linear = ensemble.leaves.linear else { return nil }
    let constant = linear.constants[leaf]
    var sum = ensemble.profile.addsConstantLast ? 0 : constant
    for term in linear.terms(of: leaf) {
      let value = ensemble.profile.prepared(slot(Int(linear.termSlots[term])))
      if value.isNaN { return nil }
      let product = linear.termCoefficients[term] * value
      sum += product
    }
    // A constant of 0 is none, and leaves −0 as it is.
    return ensemble.profile.addsConstantLast && constant != 0 ? sum + constant : sum
  }

  private func margin(_ slots: [Double], _ outputs: Range<Int>) -> Double {
    switch ensemble.earlyStopping {
    case .never: return 0
    case .binaryMargin: return 2 * abs(slots[outputs.lowerBound])
    case .bestTwoMargin:
      // Two best so far, the lower one first. The order of comparisons is that of
      // std::partial_sort, which LightGBM uses: it decides where NaN goes.
      var best = ordered(slots[outputs.lowerBound], slots[outputs.lowerBound + 1])
      for slot in outputs.dropFirst(2) where slots[slot] > best.lower {
        best = ordered(slots[slot], best.upper)
      }
      return best.upper - best.lower
    }
  }

  private func ordered(_ left: Double, _ right: Double) -> (lower: Double, upper: Double) {
    right > left ? (left, right) : (right, left)
  }
}
