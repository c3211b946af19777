import KernelViews
import KernelsBaseline

/// The contents of a table QuickScorer's tables.
struct TableQuickScorerTables: Sendable {
  var entry: LineEntry
  var treeCount: Int
  var blockStride: Int
  var states: [UInt32] = []
  var lineNumbers: [UInt16] = []
  var columnStarts: [UInt32] = [0]
  var columns: [UInt16] = []
  var lineStarts: [UInt32] = []
  /// To be copied to a 64-byte boundary.
  var lines: [SIMD8<UInt64>] = []

  /// What scoring the trees by tables takes, decided before anything is built.
  struct Plan: Sendable {
    var entry: LineEntry
    var groupCount: Int
    /// How many lines a row reads.
    var lineReads = 0
    /// At most how many lines there are.
    var lineCount = 0
    var stateCount: Int
    var byteCount: Int
  }

  /// Plans the tables, or says that they cannot be: trees of more than 64 leaves that are not
  /// oblivious (or of more than 16 levels), no trees, no columns, more than 65,536 columns, or
  /// of 8,192 lines of a group.
  static func plan(
    _ trees: [RowTree], predicates: [RowPredicate], columns: [RowColumn]
  ) -> Plan? {
    guard !trees.isEmpty, !columns.isEmpty, columns.count <= 65_536, let entry = entry(trees) else {
      return nil
    }
    let perGroup = entry.treesPerLine * TableGroup.blockCount
    let groups = (trees.count + perGroup - 1) / perGroup
    let stateCount = columns.reduce(0) { $0 + $1.stateCount }
    var plan = Plan(entry: entry, groupCount: groups, stateCount: stateCount, byteCount: 0)
    for number in 0..<groups {
      let group = TableColumnGroup(number, entry, trees, predicates)
      let lines = group.blocks.joined().reduce(group.blocks.count) {
        $0 + $1.kindBound(columns[$1.column], predicates)
      }
      guard lines <= lineLimit else { return nil }
      plan.lineCount += lines
      plan.lineReads += group.columns.count * TableGroup.blockCount
    }
    let columnCount = plan.lineReads / TableGroup.blockCount
    plan.byteCount =
      plan.lineCount * 64 + stateCount * groups * TableGroup.blockCount * 2 + columnCount * 2
      + groups * 8 + columns.count * 4
    return plan
  }

  /// Lines that a group may have: eight times their numbers have 16 bits.
  private static let lineLimit = 1 << 13

  private static func number(_ line: Int) -> UInt16 { UInt16(8 * line) }

  private static func entry(_ trees: [RowTree]) -> LineEntry? {
    var levels: Int? = 0
    for tree in trees {
      guard let most = levels, let own = tree.levelPredicates else {
        levels = nil
        break
      }
      levels = max(most, own.count)
    }
    if let levels, levels <= 16 { return levels <= 8 ? .levels8 : .levels16 }
    switch trees.reduce(1, { max($0, $1.leaves.count) }) {
    case ...8: return .leaves8
    case ...16: return .leaves16
    case ...32: return .leaves32
    case ...64: return .leaves64
    default: return nil
    }
  }

  init(
    _ trees: [RowTree], predicates: [RowPredicate], columns: [RowColumn], plan: Plan
  ) {
    entry = plan.entry
    treeCount = trees.count
    blockStride = plan.groupCount * TableGroup.blockCount
    var next = 0
    for column in columns {
      states.append(UInt32(next))
      next += column.stateCount
    }
    lineNumbers = Array(repeating: 0, count: next * blockStride)
    lines.reserveCapacity(plan.lineCount)
    for number in 0..<plan.groupCount {
      let group = TableColumnGroup(number, entry, trees, predicates)
      let first = lines.count
      lineStarts.append(UInt32(first))
      for (place, used) in group.blocks.enumerated() {
        let block = number * TableGroup.blockCount + place
        // What all lines begin with: no bits above a tree's levels.
        let start =
          entry.isLevels ? Self.levelBits(block, entry, trees) : SIMD8(repeating: ~0)
        let usedColumns = Set(used.map(\.column))
        for column in group.columns where !usedColumns.contains(column) {
          share(Self.number(lines.count - first), column, block, columns)
        }
        lines.append(start)
        for column in used { add(column, from: start, block, first, predicates, columns) }
      }
      self.columns += group.columns.map { UInt16($0) }
      columnStarts.append(UInt32(self.columns.count))
    }
  }

  /// Has all states of a column share a line in a block.
  private mutating func share(
    _ line: UInt16, _ column: Int, _ block: Int, _ columns: [RowColumn]
  ) {
    let firstState = Int(states[column])
    for state in 0..<columns[column].stateCount {
      lineNumbers[(firstState + state) * blockStride + block] = line
    }
  }

  /// Adds the lines of one column of a block, one for every kind of state.
  private mutating func add(
    _ column: BlockColumn, from start: SIMD8<UInt64>, _ block: Int, _ first: Int,
    _ predicates: [RowPredicate], _ columns: [RowColumn]
  ) {
    let kinds = column.kinds(columns[column.column], predicates)
    let firstState = Int(states[column.column])
    for (state, kind) in kinds.ofState.enumerated() {
      lineNumbers[(firstState + state) * blockStride + block] = Self.number(
        lines.count - first + kind)
    }
    for state in kinds.examples {
      var line = start
      for (predicate, use) in column.uses {
        let isTrue = predicates[predicate].isTrue(state, columns[column.column])
        if isTrue == use.whenTrue { line[use.word] &= ~use.bits }
      }
      lines.append(line)
    }
  }
}

extension TableQuickScorerTables {
  /// The bits of a block's line that are levels of trees.
  private static func levelBits(
    _ block: Int, _ entry: LineEntry, _ trees: [RowTree]
  ) -> SIMD8<UInt64> {
    let perLine = entry.treesPerLine
    let width = 512 / perLine
    var line = SIMD8<UInt64>(repeating: 0)
    for t in min(trees.count, block * perLine)..<min(trees.count, (block + 1) * perLine) {
      let low = t % perLine * width
      let levels = trees[t].levelPredicates?.count ?? 0
      line[low / 64] |= ones(levels) << UInt64(low % 64)
    }
    return line
  }
}

extension RowTree {
  /// The predicate of each level from the root, if all splits of a level share it and all leaves
  /// are below the last.
  var levelPredicates: [Int]? {
    var levels: [Int] = []
    var links: [Int32] = [left.isEmpty ? -1 : 0]
    while let first = links.first, first >= 0 {
      let level = predicate[Int(first)]
      var below: [Int32] = []
      for link in links {
        guard link >= 0, predicate[Int(link)] == level else { return nil }
        below += [left[Int(link)], right[Int(link)]]
      }
      levels.append(Int(level))
      links = below
    }
    return links.allSatisfy { $0 < 0 } ? levels : nil
  }
}

extension LineEntry {
  var isLevels: Bool { self == .levels8 || self == .levels16 }
}

/// The columns that the blocks of a group ask about.
private struct TableColumnGroup {
  /// Of all blocks, at least one.
  let columns: [Int]
  let blocks: [[BlockColumn]]

  init(_ number: Int, _ entry: LineEntry, _ trees: [RowTree], _ predicates: [RowPredicate]) {
    let first = number * TableGroup.blockCount
    let blocks = (first..<first + TableGroup.blockCount).map {
      BlockColumn.all(block: $0, entry, trees, predicates)
    }
    let used = Set(blocks.joined().map(\.column)).sorted()
    columns = used.isEmpty ? [0] : used
    self.blocks = blocks
  }
}

/// A column that a block's splits ask about, and what each answer clears.
private struct BlockColumn {
  struct Use {
    var word: Int
    var bits: UInt64
    /// Whether the bits are cleared where the predicate is true, or where it is false.
    var whenTrue: Bool
  }
  var column: Int
  var uses: [(predicate: Int, use: Use)] = []

  init(column: Int) { self.column = column }

  /// At most how many kinds of states the block's predicates tell apart.
  func kindBound(_ column: RowColumn, _ predicates: [RowPredicate]) -> Int {
    switch column {
    case .thresholds:
      // n thresholds make n + 1 kinds of ranks, and a missing value may be one more.
      let indices = uses.map { use in
        if case .above(_, let index, _) = predicates[use.predicate] { index } else { 0 }
      }
      return min(Set(indices).count + 2, column.stateCount)
    case .classes(let count):
      let sets = Set(uses.map(\.predicate)).count
      return sets < 16 ? min(1 << sets, count) : count
    }
  }

  /// The states that the block's predicates tell apart: the kind of each state, and a state of each
  /// kind.
  func kinds(
    _ column: RowColumn, _ predicates: [RowPredicate]
  ) -> (ofState: [Int], examples: [Int]) {
    var kinds = [Int](repeating: 0, count: column.stateCount)
    switch column {
    case .thresholds(let thresholds, _):
      // Ranks are of a kind between two thresholds of the block; missing values are their own.
      var isUsed = [Bool](repeating: false, count: thresholds.count)
      for use in uses {
        if case .above(_, let index, _) = predicates[use.predicate] { isUsed[index] = true }
      }
      var examples = [0]
      for rank in thresholds.indices.map({ $0 + 1 }) {
        if isUsed[rank - 1] { examples.append(rank) }
        kinds[rank] = examples.count - 1
      }
      kinds[thresholds.count + 1] = examples.count
      return (kinds, examples + [thresholds.count + 1])
    case .classes:
      // One predicate after the other refines the kinds.
      var kindCount = 1
      for predicate in Set(uses.map(\.predicate)).sorted() {
        var refined = [Int](repeating: -1, count: kindCount * 2)
        kindCount = 0
        for state in kinds.indices {
          let key = kinds[state] * 2 + (predicates[predicate].isTrue(state, column) ? 1 : 0)
          if refined[key] < 0 {
            refined[key] = kindCount
            kindCount += 1
          }
          kinds[state] = refined[key]
        }
      }
      var examples = [Int](repeating: 0, count: kindCount)
      for (state, kind) in kinds.enumerated() { examples[kind] = state }
      return (kinds, examples)
    }
  }

  static func all(
    block: Int, _ entry: LineEntry, _ trees: [RowTree], _ predicates: [RowPredicate]
  ) -> [BlockColumn] {
    let perLine = entry.treesPerLine
    let width = 512 / perLine
    var places: [Int: Int] = [:]
    var found: [BlockColumn] = []
    func add(_ predicate: Int, _ use: Use) {
      let column = predicates[predicate].column
      let place = places[column, default: found.count]
      if place == found.count {
        places[column] = place
        found.append(BlockColumn(column: column))
      }
      found[place].uses.append((predicate, use))
    }
    // Blocks that fill a group have no trees.
    for t in min(trees.count, block * perLine)..<min(trees.count, (block + 1) * perLine) {
      let tree = trees[t]
      let low = (t % perLine) * width
      if entry.isLevels {
        let levels = tree.levelPredicates ?? []
        for (depth, predicate) in levels.enumerated() {
          let bit = low + levels.count - 1 - depth
          add(predicate, Use(word: bit / 64, bits: 1 << UInt64(bit % 64), whenTrue: false))
        }
        continue
      }
      for (split, range) in tree.leafRanges.enumerated() {
        let left = ones(range.middle - range.start)
        let bits = left << UInt64(range.start + low % 64)
        add(Int(tree.predicate[split]), Use(word: low / 64, bits: bits, whenTrue: true))
      }
    }
    return found.sorted { $0.column < $1.column }
  }
}

/// The `count` lowest bits; count is below 64.
private func ones(_ count: Int) -> UInt64 { ((1 as UInt64) << UInt64(count)) - 1 }
