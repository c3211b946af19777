import KernelViews
import KernelsBaseline

/// The byte columns of a plan, laid out for the kernels.
final class QuantiserPlan: Sendable {
  let columnCount: Int
  /// The byte columns that are the first of several parts.
  let jointColumnCount: Int
  /// Those that are a further part.
  let furtherPartCount: Int
  private let columns: AlignedBuffer<ByteColumn>
  private let laneColumns: AlignedBuffer<LaneColumn>
  private let groups: AlignedBuffer<LaneGroup>
  private let laneLowers: AlignedBuffer<Double>
  private let laneScales: AlignedBuffer<Double>
  private let thresholds: AlignedBuffer<Double>
  private let ranks: AlignedBuffer<UInt8>
  private let jointRanks: AlignedBuffer<UInt16>

  /// Columns of a lane group.
  static let lanes = 8
  /// Byte columns whose thresholds are counted together: the highest rank is that of a missing value.
  private static let mostParts = Int(KeySpace.jointMissingRank) / (ThresholdColumn.capacity + 1)

  /// - Parameters:
  ///   - sources: The columns, ordered by slot, and of a slot by threshold.
  ///   - rowWidth: The width of the rows; at least 8.
  init(_ sources: some RandomAccessCollection<ThresholdColumn>, rowWidth: Int) {
    var tables = QuantiserTables(rowWidth: rowWidth)
    var rest = sources[...]
    while let first = rest.first {
      let parts = rest.prefix(Self.mostParts).prefix {
        $0.slot == first.slot && $0.missingMagnitude == first.missingMagnitude
      }
      tables.add(Array(parts))
      rest = rest.dropFirst(parts.count)
    }
    columnCount = tables.columns.count
    let heads = tables.columns.filter { $0.parts > 1 }
    jointColumnCount = heads.count
    furtherPartCount = heads.reduce(0) { $0 + Int($1.parts) - 1 }
    columns = AlignedBuffer(tables.columns, filler: ByteColumn())
    laneColumns = AlignedBuffer(
      tables.laneColumns,
      filler: LaneColumn(lane: 0, missingState: 0, probes: 0, firstRank: 0, firstThreshold: 0))
    groups = AlignedBuffer(
      tables.groups, filler: LaneGroup(input: 0, firstColumn: 0, endColumn: 0))
    laneLowers = AlignedBuffer(tables.laneLowers, filler: 0)
    laneScales = AlignedBuffer(tables.laneScales, filler: 0)
    thresholds = AlignedBuffer(tables.thresholds, filler: .infinity)
    ranks = AlignedBuffer(tables.ranks, filler: 0)
    jointRanks = AlignedBuffer(tables.jointRanks, filler: 0)
  }

  /// What kernels see; valid as long as the plan lives.
  var view: QuantiserView {
    QuantiserView(
      columns: columns.base, laneColumns: laneColumns.base, groups: groups.base,
      groupCount: groups.count, laneLowers: laneLowers.base, laneScales: laneScales.base,
      thresholds: thresholds.base, ranks: ranks.base, jointRanks: jointRanks.base)
  }

  var byteCount: Int {
    columns.byteCount + laneColumns.byteCount + groups.byteCount + laneLowers.byteCount
      + laneScales.byteCount
      + thresholds.byteCount + ranks.byteCount + jointRanks.byteCount
  }
}
