import KernelViews
import KernelsBaseline

/// The byte columns of a plan, laid out for the kernels.
final class QuantiserPlan: Sendable {
  let columnCount: Int
  private let columns: AlignedBuffer<ByteColumn>
  private let groups: AlignedBuffer<LaneGroup>
  private let laneLowers: AlignedBuffer<Double>
  private let laneScales: AlignedBuffer<Double>
  private let thresholds: AlignedBuffer<Double>
  private let ranks: AlignedBuffer<UInt8>

  /// Columns of a lane group.
  static let lanes = 8

  /// - Parameters:
  ///   - sources: The columns, ordered by slot.
  ///   - rowWidth: The width of the rows; at least 8.
  init(_ sources: some RandomAccessCollection<ThresholdColumn>, rowWidth: Int) {
    var columns: [ByteColumn] = []
    var groups: [LaneGroup] = []
    var lowers: [Double] = []
    var scales: [Double] = []
    var thresholds: [Double] = []
    var ranks: [UInt8] = []
    var lastSlot: Int?
    for (number, source) in sources.enumerated() {
      let grid = KeyGrid(source.thresholds)
      var column = ByteColumn()
      column.input = Int32(source.slot)
      column.firstThreshold = Int32(thresholds.count)
      column.thresholdCount = Int32(source.thresholds.count)
      column.probes = Int32(grid.probes)
      column.missingMagnitude = source.missingMagnitude
      column.missingRank = UInt8(source.missingRank)
      column.wantsMissing = source.asksForMissing
      (column.lower, column.scale) = (grid.lower, grid.scale)
      (column.keyShift, column.keyBase) = (grid.shift, grid.base)
      if groups.last.map({ source.slot >= Int($0.input) + Self.lanes }) ?? true {
        groups.append(
          LaneGroup(
            input: Int32(min(source.slot, rowWidth - Self.lanes)), firstColumn: Int32(number),
            endColumn: Int32(number)))
        lowers += [Double](repeating: 0, count: Self.lanes)
        scales += [Double](repeating: 0, count: Self.lanes)
      }
      groups[groups.count - 1].endColumn = Int32(number + 1)
      let isFirstOfSlot = lastSlot != source.slot
      lastSlot = source.slot
      if grid.isLogarithmic {
        column.key = .logarithmic
      } else if isFirstOfSlot && source.missingMagnitude < 0 {
        column.key = .lane
        let lane = (groups.count - 1) * Self.lanes + source.slot - Int(groups.last?.input ?? 0)
        (lowers[lane], scales[lane]) = (grid.lower, grid.scale)
      } else {
        column.key = .uniform
      }
      columns.append(column)
      thresholds += source.thresholds
      thresholds += [Double](repeating: .infinity, count: grid.probes)
      ranks += grid.ranks
      ranks += [UInt8](
        repeating: UInt8(source.missingRank),
        count: KeySpace.tableStride - KeySpace.cellCount)
    }
    columnCount = columns.count
    self.columns = AlignedBuffer(columns, filler: ByteColumn())
    self.groups = AlignedBuffer(
      groups, filler: LaneGroup(input: 0, firstColumn: 0, endColumn: 0))
    laneLowers = AlignedBuffer(lowers, filler: 0)
    laneScales = AlignedBuffer(scales, filler: 0)
    self.thresholds = AlignedBuffer(thresholds, filler: .infinity)
    self.ranks = AlignedBuffer(ranks, filler: 0)
  }

  /// What kernels see; valid as long as the plan lives.
  var view: QuantiserView {
    QuantiserView(
      columns: columns.base, groups: groups.base, groupCount: groups.count,
      laneLowers: laneLowers.base, laneScales: laneScales.base, thresholds: thresholds.base,
      ranks: ranks.base)
  }

  var byteCount: Int {
    columns.byteCount + groups.byteCount + laneLowers.byteCount + laneScales.byteCount
      + thresholds.byteCount + ranks.byteCount
  }
}

extension ThresholdColumn {
  /// Whether a predicate asks which rows have no value.
  var asksForMissing: Bool { asksForPresence || !raised.isEmpty || !lowered.isEmpty }
}
