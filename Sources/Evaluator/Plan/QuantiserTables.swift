import KernelViews
import KernelsBaseline

/// What the tables of a quantiser hold.
struct QuantiserTables {
  private(set) var columns: [ByteColumn] = []
  private(set) var laneColumns: [LaneColumn] = []
  private(set) var groups: [LaneGroup] = []
  /// Eight a group.
  private(set) var laneLowers: [Double] = []
  private(set) var laneScales: [Double] = []
  private(set) var thresholds: [Double] = []
  private(set) var ranks: [UInt8] = []
  private(set) var jointRanks: [UInt16] = []

  private let rowWidth: Int
  private var lastSlot: Int?

  init(rowWidth: Int) {
    self.rowWidth = rowWidth
  }

  /// Adds the byte columns of one column, whose thresholds ascend from one to the next.
  mutating func add(_ parts: [ThresholdColumn]) {
    guard let head = parts.first else { return }
    let all = parts.flatMap(\.thresholds)
    let isJoint = parts.count > 1
    let grid = KeyGrid(all, cells: isJoint ? KeySpace.jointCellCount : KeySpace.cellCount)
    let isFirstOfSlot = lastSlot != head.slot
    lastSlot = head.slot
    openGroup(for: head.slot, parts.count)

    var column = ByteColumn()
    column.input = Int32(head.slot)
    column.probes = Int32(grid.probes)
    column.missingMagnitude = head.missingMagnitude
    (column.lower, column.scale) = (grid.lower, grid.scale)
    (column.keyShift, column.keyBase) = (grid.shift, grid.base)
    column.firstRank = Int32(isJoint ? jointRanks.count : ranks.count)
    column.parts = Int32(parts.count)
    if grid.isLogarithmic {
      column.key = .logarithmic
    } else if isFirstOfSlot && head.missingMagnitude < 0 && !isJoint {
      column.key = .lane
      let lane = (groups.count - 1) * QuantiserPlan.lanes + head.slot - groupInput
      (laneLowers[lane], laneScales[lane]) = (grid.lower, grid.scale)
    } else {
      column.key = .uniform
    }
    for part in parts {
      column.firstThreshold = Int32(thresholds.count)
      column.thresholdCount = Int32(part.thresholds.count)
      column.missingRank = UInt8(part.missingRank)
      column.wantsMissing = part.asksForMissing
      columns.append(column)
      laneColumns.append(
        LaneColumn(
          lane: UInt16(head.slot - groupInput), missingState: UInt16(part.thresholds.count + 1),
          probes: column.probes, firstRank: column.firstRank,
          firstThreshold: column.firstThreshold))
      if column.key != .lane { groups[groups.count - 1].isPlain = false }
      column.parts = 1
      thresholds += part.thresholds
    }
    let padding = isJoint ? max(grid.probes, KeySpace.jointProbes) : grid.probes
    thresholds += [Double](repeating: .infinity, count: padding)
    if isJoint {
      jointRanks += grid.ranks
    } else {
      ranks += grid.ranks.map { UInt8($0) }
      ranks += [UInt8](
        repeating: UInt8(head.missingRank), count: KeySpace.tableStride - KeySpace.cellCount)
    }
  }

  private var groupInput: Int { Int(groups.last?.input ?? 0) }

  /// Sees to a group that has the slot, and adds byte columns to it.
  private mutating func openGroup(for slot: Int, _ count: Int) {
    if groups.isEmpty || slot >= groupInput + QuantiserPlan.lanes {
      groups.append(
        LaneGroup(
          input: Int32(min(slot, rowWidth - QuantiserPlan.lanes)),
          firstColumn: Int32(columns.count), endColumn: Int32(columns.count)))
      laneLowers += [Double](repeating: 0, count: QuantiserPlan.lanes)
      laneScales += [Double](repeating: 0, count: QuantiserPlan.lanes)
    }
    groups[groups.count - 1].endColumn = Int32(columns.count + count)
  }
}

extension ThresholdColumn {
  /// Whether a predicate asks which rows have no value.
  var asksForMissing: Bool { asksForPresence || !raised.isEmpty || !lowered.isEmpty }
}
