/// How one column of a matrix becomes bytes: the rank of a value is the number of thresholds
/// below it.
///
/// `ranks[key(x)]` counts the thresholds whose key is smaller; the next `probes` of them are
/// compared with the value itself. A key never falls where the value rises, so the rank is exact
/// whatever the grid.
///
/// A column of more than 255 thresholds becomes several byte columns, one behind the other. The
/// first has the grid and the ranks of all thresholds of all of them; theirs follow from it.
package struct ByteColumn: Sendable, BitwiseCopyable {
  package enum Key: UInt8, Sendable, BitwiseCopyable {
    /// The grid of the lane: computed for eight columns at once.
    case lane
    /// A uniform grid of the column's own.
    case uniform
    /// The leading bits of the value: a logarithmic grid.
    case logarithmic
  }

  /// Where the uniform grid begins.
  package var lower: Double = 0
  /// Cells per unit.
  package var scale: Double = 0
  /// A value whose magnitude is not above it is missing; negative where only NaN is.
  package var missingMagnitude: Double = -1
  /// What is taken off the leading bits of a value to give its key.
  package var keyBase: Int64 = 0
  /// How many of a value's trailing bits its key ignores.
  package var keyShift: Int64 = 0
  /// The column of the matrix.
  package var input: Int32 = 0
  /// First of the column's thresholds, and their number: 1 to 255.
  package var firstThreshold: Int32 = 0
  package var thresholdCount: Int32 = 0
  /// Where the ranks of the keys begin: in `ranks`, or in `jointRanks`.
  package var firstRank: Int32 = 0
  /// The byte columns that the values become, of which this is the first.
  package var parts: Int32 = 1
  /// Most thresholds that share a key: 1 or more.
  package var probes: Int32 = 1
  package var key: Key = .lane
  /// Whether the plan asks which rows have no value.
  package var wantsMissing: Bool = false
  /// The rank of a missing value.
  package var missingRank: UInt8 = 0

  package init() {}
}

/// Eight neighbouring columns of a matrix, whose keys are computed together.
package struct LaneGroup: Sendable, BitwiseCopyable {
  /// The first of the eight.
  package var input: Int32
  /// The byte columns that read one of the eight.
  package var firstColumn: Int32
  package var endColumn: Int32
  /// Whether all of them are what ``LaneColumn`` tells.
  package var isPlain = true

  package init(input: Int32, firstColumn: Int32, endColumn: Int32) {
    self.input = input
    self.firstColumn = firstColumn
    self.endColumn = endColumn
  }
}

/// What a single row needs of a ``ByteColumn`` that is alone and has a grid of the lane.
package struct LaneColumn: Sendable, BitwiseCopyable {
  /// Which of the eight columns it reads.
  package var lane: UInt16
  /// The state of a missing value.
  package var missingState: UInt16
  package var probes: Int32
  package var firstRank: Int32
  package var firstThreshold: Int32

  package init(
    lane: UInt16, missingState: UInt16, probes: Int32, firstRank: Int32, firstThreshold: Int32
  ) {
    self.lane = lane
    self.missingState = missingState
    self.probes = probes
    self.firstRank = firstRank
    self.firstThreshold = firstThreshold
  }
}

/// All byte columns of a plan.
///
/// Whoever makes one guarantees: `groups` and their columns exist, and a lane column for every one of
/// these; eight grids a group; for every
/// column its thresholds ascending, then as many times +∞ as it has probes, and the ranks of all
/// keys. Of columns of several parts the thresholds of all parts follow each other, with at least
/// eight +∞ behind them, and the first part's key is not of the lane.
package struct QuantiserView: @unchecked Sendable {
  package var columns: UnsafePointer<ByteColumn>
  package var laneColumns: UnsafePointer<LaneColumn>
  package var groups: UnsafePointer<LaneGroup>
  package var groupCount: Int
  /// Eight a group.
  package var laneLowers: UnsafePointer<Double>
  package var laneScales: UnsafePointer<Double>
  package var thresholds: UnsafePointer<Double>
  /// By column and key.
  package var ranks: UnsafePointer<UInt8>
  /// The same for columns of several parts.
  package var jointRanks: UnsafePointer<UInt16>

  package init(
    columns: UnsafePointer<ByteColumn>, laneColumns: UnsafePointer<LaneColumn>,
    groups: UnsafePointer<LaneGroup>, groupCount: Int,
    laneLowers: UnsafePointer<Double>, laneScales: UnsafePointer<Double>,
    thresholds: UnsafePointer<Double>, ranks: UnsafePointer<UInt8>,
    jointRanks: UnsafePointer<UInt16>
  ) {
    self.columns = columns
    self.laneColumns = laneColumns
    self.groups = groups
    self.groupCount = groupCount
    self.laneLowers = laneLowers
    self.laneScales = laneScales
    self.thresholds = thresholds
    self.ranks = ranks
    self.jointRanks = jointRanks
  }
}

/// Rows of Doubles: neighbours in a row are neighbours in memory, and eight of them can be read
/// from the first column of every lane group.
package struct RowsView {
  package var base: UnsafePointer<Double>
  /// Elements from a row to the next.
  package var stride: Int
  package var count: Int

  package init(base: UnsafePointer<Double>, stride: Int, count: Int) {
    self.base = base
    self.stride = stride
    self.count = count
  }
}
