/// The contents of a depth walk's tables.
struct DepthWalkTables<Value: BinaryFloatingPoint & Sendable>: Sendable {
  /// One of the two is empty.
  var narrow: [UInt16] = []
  var wide: [UInt32] = []
  var nodeStarts: [Int32] = []
  var depths: [UInt8] = []
  var valueStarts: [UInt32] = []
  var values: [Value] = []
  /// Empty where there is one output.
  var outputs: [UInt16] = []
  var cells: RowCellTables
  /// See `PredicateBytesView`.
  var predicateStarts: [UInt32]
  var rankCells: Int
  /// How many bytes the row's predicates need.
  var predicateBytes: Int

  /// Builds what `plan` says.
  init(
    _ trees: [RowTree], predicates: [RowPredicate], columns: [RowColumn], outputCount: Int,
    plan: DepthWalkPlan
  ) {
    let numbering = RowCellTables.Numbering(predicates, columns)
    cells = RowCellTables(numbering, predicates: predicates, columns: columns)
    predicateStarts = numbering.starts.map { UInt32($0) }
    rankCells = numbering.rankCount
    predicateBytes = numbering.predicateCount + 64
    if outputCount > 1 { outputs = trees.map { UInt16($0.output) } }
    for (group, depth) in plan.depths.enumerated() {
      let first = 8 * group
      let group = trees[first..<min(trees.count, first + 8)]
      nodeStarts.append(Int32(max(narrow.count, wide.count) - 8))
      depths.append(UInt8(depth))
      valueStarts.append(UInt32(values.count))
      values += Array(repeating: 0, count: 8 << depth)
      var level: [Int32?] = (0..<8).map { k in
        k < group.count ? (group[first + k].left.isEmpty ? -1 : 0) : nil
      }
      for d in 0..<depth {
        var below: [Int32?] = []
        for (place, link) in level.enumerated() {
          guard let link, link >= 0 else {
            add(predicate: 0, plan)
            below += [link, link]
            continue
          }
          let tree = group[first + place >> d]
          add(predicate: numbering.byte(Int(tree.predicate[Int(link)])), plan)
          below += [tree.left[Int(link)], tree.right[Int(link)]]
        }
        level = below
      }
      for (place, link) in level.enumerated() {
        guard let link else { continue }
        values[values.count - (8 << depth) + place] = Value(
          group[first + place >> depth].leaves[Int(~link)])
      }
    }
    // The kernel takes the list that is not empty.
    add(predicate: 0, plan)
  }

  private mutating func add(predicate: Int, _ plan: DepthWalkPlan) {
    if plan.isNarrow {
      narrow.append(UInt16(predicate))
    } else {
      wide.append(UInt32(predicate))
    }
  }
}

/// What walking trees by depth takes, decided before anything is built.
struct DepthWalkPlan: Sendable {
  /// Each group's depth.
  var depths: [Int]
  var isNarrow: Bool
  var byteCount: Int
  /// How many steps a row takes.
  var stepCount: Int

  /// Plans the walk, or says that it cannot be: trees deeper than 12 levels, more than 65,536
  /// cells, or tables that 32-bit offsets do not reach.
  init?(
    _ trees: [RowTree], predicates: [RowPredicate], columns: [RowColumn], valueBytes: Int,
    outputCount: Int
  ) {
    let cells = RowCellTables.Numbering(predicates, columns)
    guard cells.count <= 65_536 else { return nil }
    isNarrow = cells.predicateCount <= 65_536
    depths = []
    var leaves = 0
    for first in stride(from: 0, to: trees.count, by: 8) {
      var depth = 0
      for tree in trees[first..<min(trees.count, first + 8)] { depth = max(depth, tree.depth) }
      guard depth <= 12 else { return nil }
      depths.append(depth)
      leaves += 8 << depth
    }
    guard leaves < 1 << 31 else { return nil }
    stepCount = 8 * depths.reduce(0, +)
    byteCount =
      leaves * (valueBytes + (isNarrow ? 2 : 4)) + depths.count * 9 + cells.byteCount
      + cells.starts.count * 4
      + (outputCount > 1 ? 2 * trees.count : 0)
  }
}

extension RowTree {
  /// The most splits between the root and a leaf, both counted.
  var depth: Int {
    var depth = 0
    var links: [Int32] = left.isEmpty ? [] : [0]
    while !links.isEmpty {
      depth += 1
      links = links.flatMap { [left[Int($0)], right[Int($0)]] }.filter { $0 >= 0 }
    }
    return depth
  }
}
