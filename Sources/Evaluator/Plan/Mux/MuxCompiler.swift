/// Compiles trees to mux programs. Keeps its scratch memory from tree to tree.
struct MuxCompiler {
  /// The most bits a code may have.
  static let maximumBits = 16
  /// A bit that does not matter, in `planes`.
  private static let free = UInt32.max

  /// The plane of the first temporary. All predicates are below it.
  let temporaryBase: UInt32
  private var coder = LeafCoder()
  private var planes: [UInt32] = []
  private var operations: [MuxOperation] = []
  private var known = OperationTable()
  private var lastUse: [Int32] = []
  private var slot: [UInt32] = []
  private var freeSlots: [UInt32] = []
  private var slotCount = 0

  init(temporaryBase: UInt32) {
    self.temporaryBase = temporaryBase
  }

  /// The fewest bits that tell `leafCount` leaves apart.
  static func minimumBits(leafCount: Int) -> Int { ceilLog2(leafCount) }

  /// Compiles a tree. Of the codes found, takes the one with the least number of operations plus
  /// `penalty[bits]`. A width without a penalty, or with one of `Int.max`, is not allowed; where
  /// no width that tells the leaves apart is, the least is taken. Each width that is allowed costs
  /// time: a search for codes. A tree may have as many leaves as codes of 16 bits can tell apart.
  mutating func compile(_ tree: MuxTree, penalty: [Int], into program: inout MuxProgram) {
    precondition(tree.leafCount <= 1 << Self.maximumBits, "a tree of too many leaves")
    coder.encode(tree, penalty: penalty)
    emit(tree)
    findLastUses()
    assignSlots()
    program.operations.removeAll(keepingCapacity: true)
    program.operations.append(contentsOf: operations)
    program.outputs.removeAll(keepingCapacity: true)
    let bits = coder.bitCount
    for bit in 0..<bits {
      let plane = planes[bit]
      program.outputs.append(plane == Self.free ? MuxProgram.zeros : located(plane))
    }
    program.codes.removeAll(keepingCapacity: true)
    program.codes.append(contentsOf: coder.codes)
    program.temporaryCount = slotCount
  }

  // MARK: Operations

  /// Fills `operations`, each with a destination of its own, and `planes` of the root.
  private mutating func emit(_ tree: MuxTree) {
    let bits = coder.bitCount
    let splits = tree.splitCount
    operations.removeAll(keepingCapacity: true)
    known.removeAll()
    let needed = max(1, splits) * bits
    if planes.count < needed {
      planes.append(contentsOf: repeatElement(Self.free, count: needed - planes.count))
    }
    if splits == 0 {
      for bit in 0..<bits { planes[bit] = Self.free }
      return
    }
    for index in 0..<splits {
      let split = Int(coder.shape.postorder[index])
      let left = tree.left[split]
      let right = tree.right[split]
      let predicate = tree.predicate[split]
      for bit in 0..<bits {
        let a = plane(left, bit, bits)
        let b = plane(right, bit, bits)
        planes[split * bits + bit] = mux(predicate, a, b)
      }
    }
  }

  private func plane(_ link: Int32, _ bit: Int, _ bits: Int) -> UInt32 {
    if link >= 0 { return planes[Int(link) * bits + bit] }
    let code = coder.codes[Int(~link)]
    if (code.care >> UInt16(bit)) & 1 == 0 { return Self.free }
    return UInt32((code.value >> UInt16(bit)) & 1)
  }

  private mutating func mux(_ predicate: UInt32, _ left: UInt32, _ right: UInt32) -> UInt32 {
    if left == right || right == Self.free { return left }
    if left == Self.free { return right }
    if predicate == MuxProgram.zeros { return left }
    if predicate == MuxProgram.ones { return right }
    let a = left == predicate ? MuxProgram.zeros : left
    let b = right == predicate ? MuxProgram.ones : right
    if a == b { return a }
    if a == MuxProgram.zeros && b == MuxProgram.ones { return predicate }
    let fresh = temporaryBase + UInt32(operations.count)
    let operation = MuxOperation(predicate: predicate, a: a, b: b, destination: fresh)
    if let before = known.find(operation, in: operations) { return before }
    operations.append(operation)
    return fresh
  }

  /// The last operation that reads each result: -1 for none (a constant predicate leaves such
  /// behind; they are dropped), the greatest number for an output.
  private mutating func findLastUses() {
    let count = operations.count
    let bits = coder.bitCount
    lastUse.removeAll(keepingCapacity: true)
    lastUse.append(contentsOf: repeatElement(-1, count: count))
    for bit in 0..<bits where isTemporary(planes[bit]) {
      lastUse[Int(planes[bit] - temporaryBase)] = Int32.max
    }
    for index in stride(from: count - 1, through: 0, by: -1) {
      if lastUse[index] < 0 { continue }
      let at = Int32(index)
      let operation = operations[index]
      use(operation.a, at)
      use(operation.b, at)
    }
  }

  private mutating func use(_ plane: UInt32, _ at: Int32) {
    guard isTemporary(plane) else { return }
    let source = Int(plane - temporaryBase)
    if lastUse[source] < at { lastUse[source] = at }
  }

  // MARK: Temporaries

  private func isTemporary(_ plane: UInt32) -> Bool { plane >= temporaryBase && plane != Self.free }

  private func located(_ plane: UInt32) -> UInt32 {
    isTemporary(plane) ? temporaryBase + slot[Int(plane - temporaryBase)] : plane
  }

  /// Gives every operation's result a slot that is free from there to its last use.
  private mutating func assignSlots() {
    slot.removeAll(keepingCapacity: true)
    freeSlots.removeAll(keepingCapacity: true)
    slotCount = 0
    var live = 0
    for index in 0..<operations.count {
      var operation = operations[index]
      if lastUse[index] < 0 {
        slot.append(0)
        continue
      }
      release(operation.a, at: index)
      if operation.b != operation.a { release(operation.b, at: index) }
      operation.a = located(operation.a)
      operation.b = located(operation.b)
      let place: UInt32
      if let reused = freeSlots.popLast() {
        place = reused
      } else {
        place = UInt32(slotCount)
        slotCount += 1
      }
      slot.append(place)
      operation.destination = temporaryBase + place
      operations[live] = operation
      live += 1
    }
    operations.removeSubrange(live...)
  }

  private mutating func release(_ plane: UInt32, at index: Int) {
    guard isTemporary(plane) else { return }
    let source = Int(plane - temporaryBase)
    if lastUse[source] == Int32(index) { freeSlots.append(slot[source]) }
  }
}
