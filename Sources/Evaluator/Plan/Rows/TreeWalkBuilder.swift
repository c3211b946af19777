import KernelViews

/// The contents of a walk's tables.
struct TreeWalkTables: Sendable {
  /// One of the two is empty.
  var narrow: [NarrowNode] = []
  var wide: [WideNode] = []
  var roots: [UInt32] = []
  var shift: UInt32 = 0
  var cells: RowCellTables
  /// How many bytes the row's cells need, all of them initialised.
  var cellBytes = 256

  /// What walking the trees takes, decided before anything is built.
  struct Plan: Sendable {
    var isNarrow: Bool
    var shift: Int
    var cellCount: Int
    var byteCount: Int
    var mostLeaves: Int
  }

  /// Plans the walk, or says that it cannot be: more than 65,000 trees, 65,536 cells, or 4,096
  /// leaves in a tree.
  static func plan(
    _ trees: [RowTree], predicates: [RowPredicate], columns: [RowColumn]
  ) -> Plan? {
    let cells = RowCellTables.Numbering(predicates, columns)
    let mostLeaves = trees.reduce(1) { max($0, $1.leaves.count) }
    guard trees.count <= 65_000, cells.count <= 65_536, mostLeaves <= 4_096 else { return nil }
    let nodes = trees.reduce(0) { $0 + $1.left.count + $1.leaves.count }
    var shift = 0
    while 1 << shift < 2 * mostLeaves - 1 { shift += 1 }
    let narrowBytes = ((trees.count + walkerCount) << shift) * MemoryLayout<NarrowNode>.stride
    let wideBytes = (nodes + walkerCount) * MemoryLayout<WideNode>.stride
    // Padding that no row reads costs memory but no time, up to a point.
    let isNarrow = cells.count <= 256 && mostLeaves <= 256 && narrowBytes <= 2 * wideBytes
    let bytes =
      (isNarrow ? narrowBytes : wideBytes) + 4 * (trees.count + walkerCount) + cells.byteCount
    guard bytes < 1 << 32 else { return nil }
    return Plan(
      isNarrow: isNarrow, shift: shift, cellCount: cells.count, byteCount: bytes,
      mostLeaves: mostLeaves)
  }

  init(
    _ trees: [RowTree], predicates: [RowPredicate], columns: [RowColumn], plan: Plan
  ) {
    let numbering = RowCellTables.Numbering(predicates, columns)
    cells = RowCellTables(numbering, predicates: predicates, columns: columns)
    shift = UInt32(plan.shift)
    if !plan.isNarrow { cellBytes = max(256, plan.cellCount, plan.mostLeaves) }
    // After the trees, one tree a walker that is a leaf leading to itself.
    let starts = Self.starts(trees, plan)
    roots = starts.map { UInt32($0) }
    for (t, tree) in trees.enumerated() {
      let base = starts[t]
      let afterLeaf = starts[t + walkerCount] - base
      for (i, node) in WalkLayout.nodes(of: tree, line: plan.isNarrow ? 16 : 8).enumerated() {
        switch node {
        case .leaf(let number):
          add(cell: number, bound: 255, skip: afterLeaf - i, tree: t, plan)
        case .split(let split, let child):
          let (cell, bound) = numbering.places[Int(tree.predicate[split])]
          add(cell: cell, bound: bound, skip: child - i, tree: t, plan)
        }
      }
      while plan.isNarrow && narrow.count < starts[t + 1] {
        add(cell: 0, bound: 255, skip: 0, tree: t, plan)
      }
    }
    for k in 0..<walkerCount {
      repeat {
        add(cell: 0, bound: 255, skip: 0, tree: trees.count + k, plan)
      } while plan.isNarrow && narrow.count < (trees.count + k + 1) << plan.shift
    }
  }

  private mutating func add(cell: Int, bound: Int, skip: Int, tree: Int, _ plan: Plan) {
    if plan.isNarrow {
      narrow.append(NarrowNode(cell: UInt8(cell), bound: UInt8(bound), skip: UInt16(skip)))
    } else {
      wide.append(
        WideNode(
          cell: UInt16(cell), bound: UInt8(bound), skip: UInt16(skip), tree: UInt16(tree)))
    }
  }

  /// Where each tree starts, and the `walkerCount` that follow the last.
  private static func starts(_ trees: [RowTree], _ plan: Plan) -> [Int] {
    var starts: [Int] = []
    var next = 0
    for t in 0..<trees.count + walkerCount {
      starts.append(next)
      let size = t < trees.count ? trees[t].left.count + trees[t].leaves.count : 1
      next = plan.isNarrow ? (t + 1) << plan.shift : next + size
    }
    return starts
  }
}

/// In which order a tree's nodes lie in memory.
enum WalkLayout {
  enum Node {
    /// A leaf and its number from the left.
    case leaf(Int)
    /// A split and where its left child is; the right child is next to it.
    case split(Int, child: Int)
  }

  /// The tree's nodes: siblings together, children after parents, and in every cache line as much
  /// of one subtree as it holds, the splits over the most leaves first.
  static func nodes(of tree: RowTree, line: Int) -> [Node] {
    let ranges = tree.leafRanges
    var numbers = [Int](repeating: 0, count: tree.leaves.count)
    for (number, leaf) in tree.leavesInOrder.enumerated() { numbers[leaf] = number }
    var nodes: [Node] = []
    func add(_ link: Int32) {
      nodes.append(link < 0 ? .leaf(numbers[Int(~link)]) : .split(Int(link), child: 0))
    }
    add(tree.left.isEmpty ? -1 : 0)
    /// Placed splits without placed children, by line in which they wait.
    var waiting = tree.left.isEmpty ? [] : [0]
    var nextWaiting = 0
    while nextWaiting < waiting.count {
      var subtree = [waiting[nextWaiting]]
      nextWaiting += 1
      repeat {
        var best = 0
        for k in subtree.indices where width(subtree[k]) > width(subtree[best]) { best = k }
        let place = subtree.remove(at: best)
        guard case .split(let split, _) = nodes[place] else { continue }
        nodes[place] = .split(split, child: nodes.count)
        for link in [tree.left[split], tree.right[split]] {
          if link >= 0 { subtree.append(nodes.count) }
          add(link)
        }
      } while !subtree.isEmpty && nodes.count % line < line - 1
      waiting += subtree
    }
    return nodes

    func width(_ place: Int) -> Int {
      guard case .split(let split, _) = nodes[place] else { return 0 }
      return ranges[split].end - ranges[split].start
    }
  }
}
