/// Chooses the leaves' codes.
struct LeafCoder {
  private(set) var shape = CodeTree()
  /// Of the leaves from left to right.
  private var placed: [LeafCode] = []
  private var best: [LeafCode] = []
  /// Of the leaves by number.
  private(set) var codes: [LeafCode] = []
  private(set) var bitCount = 0
  private var splitter = CodeSplitter()
  private var cost = CodeCost()

  /// Finds the code of least cost: its operations, and `penalty` of its number of bits. Widths
  /// without a penalty, or with one of `Int.max`, are not allowed; where no width is, the least
  /// that tells the leaves apart is taken.
  mutating func encode(_ tree: MuxTree, penalty: [Int]) {
    shape.read(tree)
    let least = ceilLog2(shape.leafCount)
    let allowed = least..<max(least, min(penalty.count, MuxCompiler.maximumBits + 1))
    var bestCost = Int.max
    for bits in allowed where penalty[bits] < bestCost {
      let used = splitter.split(shape, bits: bits, into: &placed)
      // Bits to spare may be left out, if the narrower width is allowed.
      let width = (used...bits).first { penalty[$0] <= penalty[bits] } ?? bits
      let total = cost.count(shape, placed) + penalty[width]
      if total < bestCost {
        bestCost = total
        bitCount = width
        swap(&placed, &best)
      }
    }
    if bestCost == Int.max { bitCount = splitter.split(shape, bits: least, into: &best) }
    codes.removeAll(keepingCapacity: true)
    codes.append(contentsOf: best)
    for (place, number) in shape.leafNumber.enumerated() { codes[Int(number)] = best[place] }
  }
}

/// Counts the operations that a code needs, but for equal ones.
struct CodeCost {
  private var zeros: [UInt16] = []
  private var ones: [UInt16] = []

  /// `codes` are those of the leaves from left to right.
  mutating func count(_ shape: CodeTree, _ codes: [LeafCode]) -> Int {
    zeros.removeAll(keepingCapacity: true)
    ones.removeAll(keepingCapacity: true)
    zeros.append(contentsOf: repeatElement(0, count: shape.splitCount))
    ones.append(contentsOf: repeatElement(0, count: shape.splitCount))
    for code in codes {
      zeros.append(code.care & ~code.value)
      ones.append(code.value)
    }
    var total = 0
    for split in (0..<shape.splitCount).reversed() {
      let (l, r) = (Int(shape.left[split]), Int(shape.right[split]))
      let (lz, lo, rz, ro) = (zeros[l], ones[l], zeros[r], ones[r])
      let (z, o) = (lz | rz, lo | ro)
      let isFree = lz & ~lo & ro & ~rz
      total += ((lz | lo) & (rz | ro) & z & o & ~isFree).nonzeroBitCount
      zeros[split] = z
      ones[split] = o
    }
    return total
  }
}
