import KernelViews

/// What engines for single rows take for a row, in nanoseconds, from counts of what they do and
/// the measured price of each; see ``BlockCosts``.
enum RowCosts {
  /// What every row takes whatever its engine: the call, and its sums.
  private static let call = 25.0
  /// For the rank of a value.
  private static let column = 2.2

  static func tables(
    columns: Int, trees: Int, lineReads: Int, byteCount: Int, _ instructionSet: InstructionSet
  ) -> Double {
    // Tables that do not fit the nearer caches take longer to read.
    var line = byteCount <= 1 << 20 ? 1.1 : byteCount <= 2 << 20 ? 1.3 : 1.8
    if instructionSet == .baseline { line += 0.4 }
    return call + column * Double(columns) + line * Double(lineReads) + 0.9 * Double(trees)
  }

  static func walk(
    columns: Int, cells: Int, _ trees: [RowTree], byteCount: Int, isNarrow: Bool,
    _ instructionSet: InstructionSet
  ) -> Double {
    let steps = trees.reduce(0.0) { $0 + $1.meanPath + 1 }
    var step = byteCount <= 1 << 19 ? 0.73 : byteCount <= 2 << 20 ? 0.95 : 2.0
    switch instructionSet {
    case .baseline: step *= 1.3
    case .avx2: step *= 1.15
    case .avx512: break
    }
    if !isNarrow { step *= 1.3 }
    return call + column * Double(columns) + 0.6 * Double(cells) + step * steps
      + 0.9 * Double(trees.count)
  }

  static func depthWalk(
    columns: Int, cells: Int, predicateBytes: Int, steps: Int, isNarrow: Bool, byteCount: Int,
    _ instructionSet: InstructionSet
  ) -> Double {
    let bytes = (instructionSet == .baseline ? 1.7 : 0.9) * Double(predicateBytes) / 64
    let step = (byteCount <= 1 << 20 ? 0.55 : 0.8) * (isNarrow ? 1 : 1.25)
    return call + column * Double(columns) + 1.5 * Double(cells) + bytes + step * Double(steps)
  }
}

extension RowTree {
  /// Splits on the way to a leaf, where every split halves the rows that reach it.
  var meanPath: Double {
    var mean = 0.0
    var reach = [Double](repeating: 0, count: left.count)
    if !reach.isEmpty { reach[0] = 1 }
    // Children come after their parents.
    for split in left.indices {
      mean += reach[split]
      for link in [left[split], right[split]] where link >= 0 {
        reach[Int(link)] += reach[split] / 2
      }
    }
    return mean
  }
}
