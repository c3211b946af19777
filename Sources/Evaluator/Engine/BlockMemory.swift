import KernelViews

/// The memory of one block, in a workspace's scratch memory.
struct BlockMemory {
  let width: Int
  private let owner: ScratchBuffer
  let view: BlockScratch
  /// For the ``StatisticRanks`` of any plan.
  let statistics: UnsafeMutableRawPointer
  private let outputs: Int

  /// Memory for any of `plans`, whose rows add to `outputs` sums.
  init(_ plans: [BlockPlan], outputs: Int, _ width: Int, _ scratch: inout EngineScratch) {
    let planes = plans.reduce(2) { max($0, $1.planeCount) } * width / 8
    let columns = plans.reduce(1) { max($0, $1.columnCount) }
    // Whole cache lines each, so that all parts are aligned.
    var size = 0
    func part(_ byteCount: Int) -> Int {
      defer { size += (byteCount + 63) / 64 * 64 }
      return size
    }
    let planePart = part(planes)
    let rankPart = part(columns * width)
    let missingPart = part(columns * width)
    let keyPart = part(64 * 8 * MemoryLayout<Double>.size)
    let jointPart = part(64 * MemoryLayout<UInt16>.size)
    let codePart = part(2 * width)
    let wordPart = part(64 * width / 8)
    let classPart = part(width * MemoryLayout<UInt32>.size)
    let sumPart = part(outputs * width * MemoryLayout<Double>.size)
    let statisticPart = part(
      plans.reduce(0) { max($0, $1.statistics?.scratchByteCount(rows: width) ?? 0) })
    owner = scratch.memory(byteCount: size)
    let base = owner.base
    view = BlockScratch(
      planes: base + planePart, ranks: (base + rankPart).assumingMemoryBound(to: UInt8.self),
      missing: (base + missingPart).assumingMemoryBound(to: UInt8.self),
      keys: (base + keyPart).assumingMemoryBound(to: Double.self),
      jointRanks: (base + jointPart).assumingMemoryBound(to: UInt16.self),
      codes: (base + codePart).assumingMemoryBound(to: UInt8.self),
      words: (base + wordPart).assumingMemoryBound(to: UInt64.self),
      classRows: (base + classPart).assumingMemoryBound(to: UInt32.self),
      sums: base + sumPart)
    statistics = base + statisticPart
    self.width = width
    self.outputs = outputs
  }

  // MARK: Leaf codes

  func code(_ row: Int) -> Int {
    precondition(row >= 0 && row < width)
    return Int(view.codes[row]) | Int(view.codes[width + row]) << 8
  }

  /// Makes the high bytes of all codes 0.
  func clearHighCodes() {
    (view.codes + width).update(repeating: 0, count: width)
  }

  // MARK: Sums

  private func place(_ output: Int, _ row: Int) -> Int {
    precondition(output >= 0 && output < outputs && row >= 0 && row < width)
    return output * width + row
  }

  private var doubles: UnsafeMutablePointer<Double> {
    view.sums.assumingMemoryBound(to: Double.self)
  }

  private var floats: UnsafeMutablePointer<Float> {
    view.sums.assumingMemoryBound(to: Float.self)
  }

  func fillDoubles(_ output: Int, _ value: Double) {
    (doubles + place(output, 0)).update(repeating: value, count: width)
  }

  func fillFloats(_ output: Int, _ value: Float) {
    (floats + place(output, 0)).update(repeating: value, count: width)
  }

  func double(_ output: Int, _ row: Int) -> Double { doubles[place(output, row)] }

  func float(_ output: Int, _ row: Int) -> Float { floats[place(output, row)] }

  func setDouble(_ output: Int, _ row: Int, _ value: Double) {
    doubles[place(output, row)] = value
  }

  func setFloat(_ output: Int, _ row: Int, _ value: Float) {
    floats[place(output, row)] = value
  }
}
