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

  mutating func encode(_ tree: MuxTree, penalty: [Int]) {
    shape.read(tree)
    let least = ceilLog2(shape.leafCount)
    var bestCost = Int.max
    bitCount = -1
    for bits in least...max(least, MuxCompiler.maximumBits) {
      let fee = bits < penalty.count ? penalty[bits] : Int.max
      if fee < bestCost { bestCost = min(bestCost, attempt(bits, fee, bestCost)) }
    }
    if bitCount < 0 { _ = attempt(least, 0, Int.max) }
    codes.removeAll(keepingCapacity: true)
    codes.append(contentsOf: best)
    for (place, number) in shape.leafNumber.enumerated() { codes[Int(number)] = best[place] }
  }

  /// Makes a code, keeps it if it costs less than `bestCost`, and returns its cost.
  private mutating func attempt(_ bits: Int, _ fee: Int, _ bestCost: Int) -> Int {
    splitter.split(shape, bits: bits, into: &placed)
    let total = cost.count(shape, placed) + fee
    if total < bestCost {
      bitCount = bits
      swap(&placed, &best)
    }
    return total
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
