/// What engines for single rows take for a row, in nanoseconds, from counts of what they do and
/// the measured price of each; see ``BlockCosts``.
struct RowCosts {
  var columns: Int
  var classColumns: Int
  var instructionSet: InstructionSet

  /// Turning the values into states.
  private var input: Double {
    15 + (columns <= 64 ? 1.5 : 3.5) * Double(columns) + 8 * Double(classColumns)
  }

  func tables(trees: Int, lineReads: Int, byteCount: Int) -> Double {
    // Tables that do not fit the nearer caches take longer to read.
    var line =
      switch byteCount {
      case ...(1 << 19): 0.42
      case ...(1 << 20): 0.52
      case ...(2 << 20): 0.62
      case ...(4 << 20): 0.78
      case ...(16 << 20): 1.6
      default: 7.0
      }
    if instructionSet == .baseline { line += 0.6 }
    return input + line * Double(lineReads) + 0.5 * Double(trees)
  }

  func walk(cells: Int, _ trees: [RowTree], nodeBytes: Int) -> Double {
    let steps = trees.reduce(0.0) { $0 + $1.meanPath + 1 }
    var step = nodeBytes <= 1 << 19 ? 0.85 : nodeBytes <= 2 << 20 ? 1.4 : 2.8
    if instructionSet == .baseline { step += 0.15 }
    return input + 1.5 * Double(cells) + step * steps + 0.5 * Double(trees.count)
  }

  func depthWalk(cells: Int, predicateBytes: Int, steps: Int, trees: Int, byteCount: Int)
    -> Double
  {
    let bytes = (instructionSet == .baseline ? 1.7 : 0.8) * Double(predicateBytes) / 64
    let step = byteCount <= 1 << 20 ? 0.48 : 0.8
    return input + 1.2 * Double(cells) + bytes + step * Double(steps) + 0.3 * Double(trees)
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
