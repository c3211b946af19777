/// Growing columns behind ``EnsembleBuilder``.
struct SplitColumns {
  private var slots: [UInt32] = []
  private var conditions: [UInt8] = []
  private var missingRules: [UInt8] = []
  private var operands: [UInt64] = []
  private var gains: [Float] = []
  private var hasGains = false

  var count: Int { slots.count }

  /// Appends `splits` in the order `order`, or as they stand when it is empty.
  mutating func append(_ splits: [Split], in order: [Int]) {
    for position in splits.indices {
      let split = splits[order.isEmpty ? position : order[position]]
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

extension Split {
  /// Whether the operand is a set exactly where the condition tests one.
  var operandSuitsCondition: Bool {
    switch operand {
    case .threshold: !condition.testsCategorySet
    case .categorySet: condition.testsCategorySet
    }
  }
}

struct ChildColumns {
  private var left: [Int32] = []
  private var right: [Int32] = []
  private var covers = OptionalColumn()
  private var nativeIDs = NumberColumn()

  /// Appends the nodes of `tree`, whose lengths have been checked.
  mutating func append(_ tree: TreeDraft, order: TreeOrder) {
    let rows = tree.left.count
    if order.nodes.isEmpty {
      nativeIDs.append(tree.nodeIDs, rows: rows, after: left.count)
      left.append(contentsOf: tree.left)
      right.append(contentsOf: tree.right)
      covers.append(tree.nodeCovers, rows: rows)
      return
    }
    let numbers = order.nodes.map { tree.nodeIDs.isEmpty ? Int32($0) : tree.nodeIDs[$0] }
    nativeIDs.append(numbers, rows: rows, after: left.count)
    left.append(contentsOf: order.nodes.map { order.renumbered(tree.left[$0]) })
    right.append(contentsOf: order.nodes.map { order.renumbered(tree.right[$0]) })
    covers.append(
      tree.nodeCovers.isEmpty ? [] : order.nodes.map { tree.nodeCovers[$0] }, rows: rows)
  }

  consuming func table() -> ChildTable {
    ChildTable(
      left: Column(left), right: Column(right), covers: covers.column(),
      nativeIDs: nativeIDs.column())
  }
}

struct LeafColumns {
  private(set) var values: [Double] = []
  private var covers = OptionalColumn()
  private var nativeIDs = NumberColumn()
  private var constants: [Double] = []
  private var termStarts: [UInt32] = [0]
  private var termSlots: [UInt32] = []
  private var termCoefficients: [Double] = []
  private var isLinear = false

  /// The number of leaves in `draft`, after a check that they can be appended.
  func checkedCount(
    of draft: LeafDraft, width: Int, limit: Int, tree: Int
  ) throws(ModelError) -> Int {
    let count = draft.values.count / width
    guard draft.values.count == count * width else {
      throw ModelError(
        .invalid, "tree \(tree)", "\(draft.values.count) leaf values, not a multiple of \(width)")
    }
    for (what, length) in [("covers", draft.covers.count), ("numbers", draft.nativeIDs.count)]
    where length != 0 && length != count {
      throw ModelError(.invalid, "tree \(tree)", "\(length) \(what) for \(count) leaves")
    }
    guard draft.nativeIDs.allSatisfy({ $0 >= ChildTable.ownPosition }) else {
      throw ModelError(.invalid, "tree \(tree)", "a leaf has a negative number")
    }
    guard isLinear || !draft.linear.isEmpty else { return count }
    guard width == 1, draft.linear.isEmpty || draft.linear.count == count else {
      throw ModelError(
        .invalid, "tree \(tree)",
        "\(draft.linear.count) linear models for \(count) leaves of \(width) values")
    }
    var room = limit - termSlots.count
    for model in draft.linear {
      room -= model.terms.count
      guard room >= 0 else {
        throw ModelError(
          .limit, "tree \(tree)", "more than \(limit) terms of linear models")
      }
    }
    return count
  }

  /// Appends the leaves of a draft that has been checked.
  mutating func append(_ draft: LeafDraft, width: Int) {
    let before = values.count / width
    let added = draft.values.count / width
    values.append(contentsOf: draft.values)
    covers.append(draft.covers, rows: added)
    nativeIDs.append(draft.nativeIDs, rows: added, after: before)
    guard isLinear || !draft.linear.isEmpty else { return }
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
struct OptionalColumn {
  private var values: [Double] = []
  private var isComplete = true

  /// Appends a value for each of `rows` rows, or none.
  mutating func append(_ newValues: [Double], rows: Int) {
    isComplete = isComplete && newValues.count == rows
    if isComplete {
      values.append(contentsOf: newValues)
    } else {
      values = []
    }
  }

  consuming func column() -> Column<Double> {
    Column(values)
  }
}

/// The source file's numbers of rows, which decide outputs and are never dropped: rows
/// without one have ``ChildTable/ownPosition``. Empty while no row has one.
struct NumberColumn {
  private var values: [Int32] = []

  /// Appends a number for each of `rows` rows, or none, after `count` rows.
  mutating func append(_ numbers: [Int32], rows: Int, after count: Int) {
    if values.isEmpty && !numbers.isEmpty {
      values.append(contentsOf: repeatElement(ChildTable.ownPosition, count: count))
    }
    if numbers.isEmpty && !values.isEmpty {
      values.append(contentsOf: repeatElement(ChildTable.ownPosition, count: rows))
    }
    values.append(contentsOf: numbers)
  }

  consuming func column() -> Column<Int32> {
    Column(values)
  }
}
