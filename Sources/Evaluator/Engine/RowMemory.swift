import KernelViews
import TreeIR

/// Where the parts of a row's memory lie: found out once, so that a single row need not.
struct RowMemoryLayout: Sendable {
  private let lineRows: Int
  private let cells: Int
  private let predicates: Int
  private let leaves: Int
  private let sums: Int
  let byteCount: Int

  /// - Parameters:
  ///   - cells: Bytes that a walk reads cells from.
  ///   - predicates: Bytes for predicates.
  ///   - leaves: Leaf numbers that a walk writes.
  init(columns: Int, cells: Int = 0, predicates: Int = 0, leaves: Int = 0, outputs: Int) {
    var size = 0
    // Whole cache lines each, so that all parts are aligned.
    func part(_ byteCount: Int) -> Int {
      defer { size += (byteCount + 63) / 64 * 64 }
      return size
    }
    // States come first.
    _ = part(columns * MemoryLayout<UInt16>.stride)
    lineRows = part(columns * MemoryLayout<UInt32>.stride)
    self.cells = part(cells)
    self.predicates = part(predicates)
    self.leaves = part(leaves * MemoryLayout<UInt16>.stride)
    sums = part(outputs * MemoryLayout<Double>.stride)
    byteCount = size
  }

  /// The parts of memory that begins at `base` and has ``byteCount`` bytes, all initialised.
  func scratch(_ base: UnsafeMutableRawPointer) -> RowScratch {
    RowScratch(
      states: base.assumingMemoryBound(to: UInt16.self),
      lineRows: (base + lineRows).assumingMemoryBound(to: UInt32.self),
      cells: (base + cells).assumingMemoryBound(to: UInt8.self),
      predicates: (base + predicates).assumingMemoryBound(to: UInt8.self),
      leaves: (base + leaves).assumingMemoryBound(to: UInt16.self), sums: base + sums)
  }
}

/// The sums of a row, where they start, and where they go.
struct RowSums: Sendable {
  private let baseScores: [Double]
  let areFloat: Bool

  init(_ ensemble: Ensemble) {
    baseScores = ensemble.baseScores
    areFloat = ensemble.profile.accumulator == .float32
  }

  /// Scores rows one by one; `add` adds the trees of a row, which starts at the address that it
  /// is given.
  @inline(__always)
  func score(
    _ rows: borrowing RowMatrix, _ scores: inout MutableSpan<Double>, _ places: ScorePlaces,
    _ scratch: RowScratch, add: (UnsafePointer<Double>, RowScratch) -> Void
  ) {
    rows.withBase { base in
      for row in 0..<rows.count {
        start(scratch.sums)
        add(base + row * rows.stride, scratch)
        copy(scratch.sums, to: &scores, first: places.first + row * places.stride)
      }
    }
  }

  @inline(__always)
  private func start(_ sums: UnsafeMutableRawPointer) {
    for output in baseScores.indices {
      if areFloat {
        sums.assumingMemoryBound(to: Float.self)[output] = Float(baseScores[output])
      } else {
        sums.assumingMemoryBound(to: Double.self)[output] = baseScores[output]
      }
    }
  }

  @inline(__always)
  private func copy(
    _ sums: UnsafeMutableRawPointer, to scores: inout MutableSpan<Double>, first: Int
  ) {
    for output in baseScores.indices {
      scores[first + output] =
        areFloat
        ? Double(sums.assumingMemoryBound(to: Float.self)[output])
        : sums.assumingMemoryBound(to: Double.self)[output]
    }
  }
}
