/// Growing columns behind ``EnsembleBuilder``.
struct SplitColumns {
  private var slots: [UInt32] = []
  private var conditions: [UInt8] = []
  private var missingRules: [UInt8] = []
  private var operands: [UInt64] = []
  private var gains: [Float] = []
  private var hasGains = false

  var count: Int { slots.count }

  /// Appends `splits`, taking them in the order `order` if there is one.
  mutating func append(_ splits: [Split], in order: [Int]?) {
    for position in splits.indices {
      let split = splits[order?[position] ?? position]
      // A slot that does not fit is one that does not exist; the validator says so.
      slots.append(UInt32(exactly: split.slot) ?? .max)
      conditions.append(split.condition.rawValue)
      missingRules.append(split.missing.rawValue)
      switch split.operand {
      case .threshold(let threshold): operands.append(threshold.bitPattern)
      case .categorySet(let number): operands.append(UInt64(exactly: number) ?? .max)
      }
      gains.append(split.gain)
      hasGains = hasGains || split.gain != 0
    }
  }

  consuming func table() -> SplitTable {
    SplitTable(
      slots: Column(slots), conditions: Column(conditions), missingRules: Column(missingRules),
      operands: Column(operands), gains: Column(hasGains ? gains : []))
  }
}

struct ChildColumns {
  private var left: [Int32] = []
  private var right: [Int32] = []
  private var covers = OptionalColumn<Double>()
  private var nativeIDs: [Int32] = []

  mutating func append(_ tree: TreeDraft, order: TreeOrder) {
    if let nodes = order.nodes {
      if nativeIDs.isEmpty {
        nativeIDs = Array(repeating: ChildTable.ownPosition, count: left.count)
      }
      nativeIDs.append(contentsOf: nodes.map { Int32($0) })
      left.append(contentsOf: nodes.map { order.renumbered(tree.left[$0]) })
      right.append(contentsOf: nodes.map { order.renumbered(tree.right[$0]) })
    } else {
      if !nativeIDs.isEmpty {
        nativeIDs.append(
          contentsOf: repeatElement(ChildTable.ownPosition, count: tree.left.count))
      }
      left.append(contentsOf: tree.left)
      right.append(contentsOf: tree.right)
    }
    if let nodes = order.nodes, tree.nodeCovers.count == nodes.count {
      covers.append(nodes.map { tree.nodeCovers[$0] }, rows: nodes.count)
    } else {
      covers.append(tree.nodeCovers, rows: tree.left.count)
    }
  }

  consuming func table() -> ChildTable {
    ChildTable(
      left: Column(left), right: Column(right), covers: covers.column(),
      nativeIDs: Column(nativeIDs))
  }
}

struct LeafColumns {
  private(set) var values: [Double] = []
  private var covers = OptionalColumn<Double>()
  private var nativeIDs = OptionalColumn<Int32>()
  private var constants: [Double] = []
  private var termStarts: [UInt32] = [0]
  private var termSlots: [UInt32] = []
  private var termCoefficients: [Double] = []
  private var isLinear = false

  mutating func append(_ draft: LeafDraft, width: Int, place: String) throws(ModelError) {
    let before = values.count / width
    let added = draft.values.count / width
    guard draft.values.count == added * width else {
      throw ModelError(
        .invalid, place, "\(draft.values.count) leaf values, not a multiple of \(width)")
    }
    values.append(contentsOf: draft.values)
    covers.append(draft.covers, rows: added)
    nativeIDs.append(draft.nativeIDs, rows: added)
    guard isLinear || !draft.linear.isEmpty else { return }
    guard width == 1, draft.linear.isEmpty || draft.linear.count == added else {
      throw ModelError(
        .invalid, place, "\(draft.linear.count) linear models for \(added) leaves")
    }
    if !isLinear {
      isLinear = true
      appendConstantLeaves(0..<before)
    }
    guard !draft.linear.isEmpty else {
      appendConstantLeaves(before..<before + added)
      return
    }
    for model in draft.linear {
      constants.append(model.constant)
      for term in model.terms {
        termSlots.append(UInt32(exactly: term.slot) ?? .max)
        termCoefficients.append(term.coefficient)
      }
      termStarts.append(UInt32(termSlots.count))
    }
  }

  /// A linear model without terms is its constant: the leaf's own value.
  private mutating func appendConstantLeaves(_ leaves: Range<Int>) {
    constants.append(contentsOf: values[leaves])
    termStarts.append(
      contentsOf: repeatElement(UInt32(termSlots.count), count: leaves.count))
  }

  consuming func table(width: Int) -> LeafTable {
    LeafTable(
      width: width, values: Column(values), covers: covers.column(),
      nativeIDs: nativeIDs.column(),
      linear: isLinear
        ? LinearLeaves(
          constants: Column(constants), termStarts: Column(termStarts),
          termSlots: Column(termSlots), termCoefficients: Column(termCoefficients)) : nil)
  }
}

/// A column that a file has for every row or not at all: once rows come without it, what
/// was gathered is dropped.
struct OptionalColumn<Element: BitwiseCopyable & Sendable> {
  private var values: [Element] = []
  private var isComplete = true

  mutating func append(_ newValues: [Element], rows: Int) {
    isComplete = isComplete && newValues.count == rows
    if isComplete {
      values.append(contentsOf: newValues)
    } else {
      values = []
    }
  }

  consuming func column() -> Column<Element> {
    Column(values)
  }
}
