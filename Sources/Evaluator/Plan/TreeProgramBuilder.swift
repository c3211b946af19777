import KernelViews
import TreeIR

/// Writes trees as programs over planes, and the tables of what their leaves add.
struct TreeProgramBuilder {
  private(set) var trees: [BlockTree] = []
  private(set) var operations: [PlaneOperation] = []
  private(set) var codePlanes: [UInt16] = []
  /// What a code adds, or which leaf it is where ``leavesAreComputed``.
  private(set) var values: [Double] = []
  /// By tree, the code and then the leaf of every leaf, in the order of leaves.
  private(set) var leafOfCode: [UInt32] = []
  /// By tree, the first of `leafOfCode`.
  private(set) var firstLeafCode: [Int] = []
  private(set) var temporaryCount = 0

  private let ensemble: Ensemble
  private let layout: PlaneLayout
  private let predicates: [PredicatePlan.Predicate]
  private let testOfSplit: [UInt32]
  private let firstSplit: Int
  private let codeBits: CodeBits
  private var compiler: MuxCompiler
  private var program = MuxProgram()
  private var tree = MuxTree()
  /// Of the last trees, not written yet.
  private var shared: SharedProgram

  /// Planes have 16-bit numbers.
  static let planeLimit = 1 << 16
  static let longestCode = 16

  /// - Parameters:
  ///   - testOfSplit: From `firstSplit` on.
  init(
    _ ensemble: Ensemble, _ layout: PlaneLayout, _ predicates: [PredicatePlan.Predicate],
    testOfSplit: [UInt32], firstSplit: Int, codeBits: CodeBits
  ) {
    self.ensemble = ensemble
    self.layout = layout
    self.predicates = predicates
    self.testOfSplit = testOfSplit
    self.firstSplit = firstSplit
    self.codeBits = codeBits
    compiler = MuxCompiler(temporaryBase: UInt32(layout.predicateEnd))
    shared = SharedProgram(temporaryBase: layout.predicateEnd)
  }

  /// Adds `tree`, which has at most 65,536 leaves.
  mutating func add(_ number: Int) throws(EngineRefusal) {
    let leaves = ensemble.trees.leaves(of: number)
    guard leaves.count <= 1 << Self.longestCode else {
      throw EngineRefusal("trees of \(leaves.count) leaves")
    }
    if let children = ensemble.children {
      readTree(number, children)
      compiler.compile(
        tree, penalty: codeBits.penalty(leafCount: leaves.count), into: &program)
    } else {
      try readLevels(number)
    }
    guard layout.predicateEnd + program.temporaryCount <= Self.planeLimit else {
      throw EngineRefusal("trees of more than \(Self.planeLimit) different tests")
    }
    let together = layout.predicateEnd + shared.temporaryCount + program.temporaryCount
    if !shared.hasRoom(for: program) || together > Self.planeLimit { finish() }
    shared.add(&program)
    temporaryCount = max(temporaryCount, shared.temporaryCount)
    // Tables begin at cache lines where they are that long.
    while values.count % 8 != 0 { values.append(0) }
    trees.append(
      BlockTree(
        firstOperation: 0, endOperation: 0, startsProgram: shared.treeCount == 1,
        firstCodePlane: UInt32(codePlanes.count), codeBits: UInt32(program.bitCount),
        firstValue: values.count, output: Int(ensemble.trees.outputs[number])))
    let padded = program.bitCount > 8 ? 16 : 8
    for bit in 0..<padded {
      codePlanes.append(bit < program.bitCount ? UInt16(program.outputs[bit]) : 0)
    }
    appendTable(number, leaves)
  }

  /// Writes the program of the last trees; to be called after the last one.
  mutating func finish() {
    let own = trees.count - shared.treeCount..<trees.count
    let firstOperation = UInt32(operations.count)
    shared.write(to: &operations)
    for place in own {
      trees[place].firstOperation = firstOperation
      trees[place].endOperation = UInt32(operations.count)
    }
  }

  private mutating func readTree(_ number: Int, _ children: ChildTable) {
    let splits = ensemble.trees.splits(of: number)
    tree.left.removeAll(keepingCapacity: true)
    tree.right.removeAll(keepingCapacity: true)
    tree.predicate.removeAll(keepingCapacity: true)
    for split in splits {
      let test = Int(testOfSplit[split - firstSplit])
      let isReversed = predicates[test].isReversed
      tree.left.append(isReversed ? children.right[split] : children.left[split])
      tree.right.append(isReversed ? children.left[split] : children.right[split])
      tree.predicate.append(layout.planeOfTest[test])
    }
  }

  /// An oblivious tree: the predicates of its levels are the bits of the code, which is 1 where
  /// the row goes left.
  private mutating func readLevels(_ number: Int) throws(EngineRefusal) {
    let splits = ensemble.trees.splits(of: number)
    program.operations.removeAll(keepingCapacity: true)
    program.outputs.removeAll(keepingCapacity: true)
    program.codes.removeAll(keepingCapacity: true)
    program.temporaryCount = 0
    var flipped = 0
    for (level, split) in splits.enumerated() {
      let test = Int(testOfSplit[split - firstSplit])
      program.outputs.append(layout.planeOfTest[test])
      if !predicates[test].isReversed { flipped |= 1 << level }
    }
    let care = UInt16(truncatingIfNeeded: 1 << splits.count - 1)
    for leaf in 0..<1 << splits.count {
      program.codes.append(
        LeafCode(value: UInt16(truncatingIfNeeded: leaf ^ flipped), care: care))
    }
  }

  /// The values of all codes, for every output of a leaf, and the leaves.
  private mutating func appendTable(_ number: Int, _ leaves: Range<Int>) {
    let width = ensemble.leaves.width
    let size = 1 << program.bitCount
    let firstValue = values.count
    values.append(contentsOf: repeatElement(0, count: size * width))
    firstLeafCode.append(leafOfCode.count)
    leafOfCode.append(contentsOf: repeatElement(0, count: size))
    let firstLeaf = leafOfCode.count - size
    for leaf in leaves {
      let code = program.codes[leaf - leaves.lowerBound]
      // All codes that agree with the leaf's in the bits that it cares for.
      let free = ~Int(code.care) & (size - 1)
      var rest = 0
      repeat {
        let place = Int(code.value) | rest
        leafOfCode[firstLeaf + place] = UInt32(leaf)
        for position in 0..<width {
          values[firstValue + position * size + place] = ensemble.leafValue(
            leaf, position, of: number)
        }
        rest = (rest - free) & free
      } while rest != 0
    }
  }
}
