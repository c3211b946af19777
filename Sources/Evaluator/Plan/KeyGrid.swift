import KernelViews
import KernelsBaseline

/// Finds the grid that spreads the thresholds of a column best, so that few of them share a cell
/// and few comparisons are left.
struct KeyGrid {
  private(set) var isLogarithmic = false
  private(set) var lower = 0.0
  private(set) var scale = 0.0
  private(set) var shift: Int64 = 0
  private(set) var base: Int64 = 0
  /// Most thresholds in one cell, and at least 1.
  private(set) var probes = 1
  /// By cell, how many thresholds lie in cells before it.
  private(set) var ranks: [UInt16]

  /// Outermost thresholds on each side that may be left outside the grid: libraries write
  /// sentinels such as ±1e-35 and 1.8e308.
  private static let trimmed = 3

  /// - Parameters:
  ///   - thresholds: Ascending, at least one, and fewer than 65,535.
  ///   - cells: How many cells the grid has.
  init(_ thresholds: [Double], cells count: Int = KeySpace.cellCount) {
    ranks = [UInt16](repeating: 0, count: count)
    // One cell for all: what remains where no grid has a scale.
    probes = thresholds.count
    guard probes > 1 else { return }
    for (low, high) in Self.ends(thresholds) {
      let scale = high > low ? Double(count - 1) / (high - low) : 0
      guard scale > 0, scale.isFinite else { continue }
      let cells = thresholds.map { uniformCell($0, low, scale, of: count) }
      if improve(cells) { (isLogarithmic, lower, self.scale) = (false, low, scale) }
      if probes == 1 { return }
    }
    guard probes > 2 else { return }
    for (low, high) in Self.ends(thresholds) where high > low {
      let (first, last) = (logarithmicOrder(low), logarithmicOrder(high))
      // From 1 on the difference of any two orders is an Int64.
      var shift: Int64 = 1
      while (last >> shift) - (first >> shift) >= count { shift += 1 }
      let base = first >> shift
      let cells = thresholds.map { logarithmicCell($0, shift, base, of: count) }
      if improve(cells) { (isLogarithmic, self.shift, self.base) = (true, shift, base) }
      if probes == 1 { return }
    }
  }

  /// Pairs of thresholds between which a grid may be laid.
  private static func ends(_ thresholds: [Double]) -> [(Double, Double)] {
    var ends: [(Double, Double)] = []
    for left in 0...trimmed {
      for right in 0...trimmed where left + right < thresholds.count - 1 {
        ends.append((thresholds[left], thresholds[thresholds.count - 1 - right]))
      }
    }
    return ends
  }

  /// Takes the cells of all thresholds, ascending, if no grid so far is as good.
  private mutating func improve(_ cells: [Int]) -> Bool {
    var most = 1
    var run = 1
    for place in 1..<cells.count {
      run = cells[place] == cells[place - 1] ? run + 1 : 1
      most = max(most, run)
    }
    guard most < probes else { return false }
    probes = most
    var before = 0
    for cell in ranks.indices {
      while before < cells.count, cells[before] < cell { before += 1 }
      ranks[cell] = UInt16(before)
    }
    return true
  }

  private func logarithmicOrder(_ x: Double) -> Int64 {
    let bits = Int64(bitPattern: x.bitPattern)
    return bits ^ ((bits >> 63) & .max)
  }
}
