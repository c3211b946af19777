import Testing

@testable import Evaluator

@Suite struct MuxCompilerTests {
  private static let base: UInt32 = 10_000

  // MARK: Trees

  enum Shape: CaseIterable {
    case balanced
    case leftChain
    case rightChain
    case zigzag
    /// A leaf drawn at random is split, as often as needed.
    case random
    /// As LightGBM: some leaves are far likelier to be split than others.
    case lopsided
  }

  private static func tree(
    _ shape: Shape, leaves: Int, planes: ClosedRange<UInt32>, _ random: inout Generator
  ) -> MuxTree {
    var tree = MuxTree()
    // Where each leaf hangs: its split, and whether on the right.
    var ends: [(split: Int, isRight: Bool)] = []
    var next = 0
    for split in 0..<leaves - 1 {
      var index = 0
      if split > 0 {
        switch shape {
        case .balanced:
          index = next
          next = next + 2 > ends.count ? 0 : next + 1
        case .leftChain: index = ends.count - 2
        case .rightChain: index = ends.count - 1
        case .zigzag: index = ends.count - 1 - split % 2
        case .random: index = Int.random(in: 0..<ends.count, using: &random)
        case .lopsided:
          let near = Int.random(in: 0..<min(3, ends.count), using: &random)
          let anywhere = Int.random(in: 0..<ends.count, using: &random)
          index = Bool.random(using: &random) ? ends.count - 1 - near : anywhere
        }
        let end = ends.remove(at: index)
        if end.isRight {
          tree.right[end.split] = Int32(split)
        } else {
          tree.left[end.split] = Int32(split)
        }
      }
      tree.left.append(-1)
      tree.right.append(-1)
      tree.predicate.append(UInt32.random(in: planes, using: &random))
      ends.append((split, false))
      ends.append((split, true))
    }
    var numbers = Array(0..<Int32(leaves))
    numbers.shuffle(using: &random)
    for (end, number) in zip(ends, numbers) {
      if end.isRight { tree.right[end.split] = ~number } else { tree.left[end.split] = ~number }
    }
    return tree
  }

  // MARK: Evaluation

  private static func walk(_ tree: MuxTree, _ planes: [UInt64], row: Int) -> Int {
    if tree.splitCount == 0 { return 0 }
    var link: Int32 = 0
    while link >= 0 {
      let isRight = (planes[Int(tree.predicate[Int(link)])] >> UInt64(row)) & 1 == 1
      link = isRight ? tree.right[Int(link)] : tree.left[Int(link)]
    }
    return Int(~link)
  }

  /// Runs the program for 64 rows with random predicates, and compares with the walk.
  private static func check(
    _ program: MuxProgram, _ tree: MuxTree, planeCount: UInt32, _ random: inout Generator
  ) {
    var planes = [UInt64](repeating: 0, count: Int(base) + program.temporaryCount)
    planes[1] = UInt64.max
    for plane in 2..<Int(max(3, planeCount)) {
      // Few ones, or few zeros, lead deeper into a chain.
      let bits = UInt64.random(in: 0...UInt64.max, using: &random)
      let more = UInt64.random(in: 0...UInt64.max, using: &random)
      planes[plane] = [bits, bits & more, bits | more].randomElement(using: &random) ?? bits
    }
    for operation in program.operations {
      let a = planes[Int(operation.a)]
      let b = planes[Int(operation.b)]
      #expect(operation.destination >= base && operation.predicate < base)
      planes[Int(operation.destination)] = a ^ (planes[Int(operation.predicate)] & (a ^ b))
    }
    for row in 0..<64 {
      var code: UInt16 = 0
      for (bit, plane) in program.outputs.enumerated() {
        code |= UInt16((planes[Int(plane)] >> UInt64(row)) & 1) << UInt16(bit)
      }
      let leaf = walk(tree, planes, row: row)
      if !program.codes[leaf].contains(code) {
        Issue.record("row \(row) reaches leaf \(leaf) but has code \(code)")
        return
      }
    }
  }

  /// No two leaves share a code, and codes have no bits beyond the program's.
  private static func checkCodes(_ program: MuxProgram, leaves: Int) {
    #expect(program.codes.count == leaves)
    var owners = [Int](repeating: -1, count: 1 << program.bitCount)
    let all = UInt16(truncatingIfNeeded: (1 << program.bitCount) - 1)
    for (leaf, code) in program.codes.enumerated() {
      #expect(code.value & ~code.care == 0 && code.care & ~all == 0)
      let free = all & ~code.care
      var extra: UInt16 = 0
      repeat {
        let owned = Int(code.value | extra)
        if owners[owned] >= 0 {
          Issue.record("leaves \(owners[owned]) and \(leaf) share code \(owned)")
          return
        }
        owners[owned] = leaf
        extra = (extra &- free) & free
      } while extra != 0
    }
  }

  private static func penalty(bits: Int) -> [Int] {
    var penalty = [Int](repeating: 1_000_000, count: bits + 1)
    penalty[bits] = 0
    return penalty
  }

  private static func checkAllWidths(
    _ tree: MuxTree, planeCount: UInt32, upTo most: Int, _ compiler: inout MuxCompiler,
    _ random: inout Generator
  ) {
    var program = MuxProgram()
    let least = MuxCompiler.minimumBits(leafCount: tree.leafCount)
    for bits in least...max(least, most) {
      compiler.compile(tree, penalty: penalty(bits: bits), into: &program)
      #expect(program.bitCount <= bits)
      checkCodes(program, leaves: tree.leafCount)
      for _ in 0..<4 { check(program, tree, planeCount: planeCount, &random) }
    }
  }

  // MARK: Tests

  @Test func singleLeaf() {
    var compiler = MuxCompiler(temporaryBase: Self.base)
    var program = MuxProgram()
    compiler.compile(MuxTree(), penalty: [0, 0, 0], into: &program)
    #expect(program.bitCount == 0)
    #expect(program.operations.isEmpty)
    #expect(program.codes == [LeafCode(value: 0, care: 0)])
    #expect(program.temporaryCount == 0)
  }

  @Test func twoLeavesNeedNoOperation() {
    var compiler = MuxCompiler(temporaryBase: Self.base)
    var program = MuxProgram()
    let tree = MuxTree(left: [~0], right: [~1], predicate: [7])
    compiler.compile(tree, penalty: Self.penalty(bits: 1), into: &program)
    #expect(program.outputs == [7])
    #expect(program.operations.isEmpty)
  }

  @Test(arguments: Shape.allCases) func everySmallSize(_ shape: Shape) {
    var random = Generator(seed: 1)
    var compiler = MuxCompiler(temporaryBase: Self.base)
    for leaves in 1...70 {
      let planes = UInt32(2 + leaves)
      let tree = Self.tree(shape, leaves: leaves, planes: 2...planes - 1, &random)
      Self.checkAllWidths(tree, planeCount: planes, upTo: 10, &compiler, &random)
    }
  }

  @Test(arguments: Shape.allCases) func largerSizes(_ shape: Shape) {
    var random = Generator(seed: 2)
    var compiler = MuxCompiler(temporaryBase: Self.base)
    for leaves in [100, 127, 128, 129, 200, 255, 256, 257, 300, 511, 512, 513, 700] {
      let tree = Self.tree(shape, leaves: leaves, planes: 2...799, &random)
      Self.checkAllWidths(tree, planeCount: 800, upTo: 12, &compiler, &random)
    }
  }

  @Test(arguments: Shape.allCases) func repeatedPredicatesAndConstants(_ shape: Shape) {
    var random = Generator(seed: 3)
    var compiler = MuxCompiler(temporaryBase: Self.base)
    for leaves in 1...60 {
      let few = Self.tree(shape, leaves: leaves, planes: 2...5, &random)
      Self.checkAllWidths(few, planeCount: 6, upTo: 8, &compiler, &random)
      let constants = Self.tree(shape, leaves: leaves, planes: 0...9, &random)
      Self.checkAllWidths(constants, planeCount: 10, upTo: 8, &compiler, &random)
      let fixed = Self.tree(shape, leaves: leaves, planes: 0...1, &random)
      Self.checkAllWidths(fixed, planeCount: 2, upTo: 8, &compiler, &random)
    }
  }

  @Test(arguments: Shape.allCases) func fourThousandLeaves(_ shape: Shape) {
    var random = Generator(seed: 4)
    var compiler = MuxCompiler(temporaryBase: Self.base)
    var program = MuxProgram()
    for leaves in [4_096, 4_097] {
      let tree = Self.tree(shape, leaves: leaves, planes: 2...5_001, &random)
      for bits in [MuxCompiler.minimumBits(leafCount: leaves), 16] {
        compiler.compile(tree, penalty: Self.penalty(bits: bits), into: &program)
        Self.checkCodes(program, leaves: leaves)
        for _ in 0..<4 { Self.check(program, tree, planeCount: 5_002, &random) }
        #expect(program.operations.count <= leaves * bits)
      }
    }
  }

  @Test func penaltyDecidesTheWidth() {
    var random = Generator(seed: 5)
    var compiler = MuxCompiler(temporaryBase: Self.base)
    var narrow = MuxProgram()
    var wide = MuxProgram()
    var program = MuxProgram()
    for _ in 0..<50 {
      let tree = Self.tree(.lopsided, leaves: 31, planes: 2...99, &random)
      compiler.compile(tree, penalty: Self.penalty(bits: 5), into: &narrow)
      compiler.compile(tree, penalty: Self.penalty(bits: 8), into: &wide)
      #expect(wide.operations.count < narrow.operations.count)
      let difference = narrow.operations.count - wide.operations.count
      let far = 1_000_000
      let cheap = [0, 0, 0, 0, 0, 0, far, far, difference - 5]
      compiler.compile(tree, penalty: cheap, into: &program)
      #expect(program == wide)
      let dear = [0, 0, 0, 0, 0, 0, far, far, difference + 5]
      compiler.compile(tree, penalty: dear, into: &program)
      #expect(program == narrow)
    }
  }

  @Test func sameTreeSameProgram() {
    var random = Generator(seed: 6)
    var used = MuxCompiler(temporaryBase: Self.base)
    var first = MuxProgram()
    var second = MuxProgram()
    for leaves in [300, 31, 64, 5, 255, 1, 31] {
      let tree = Self.tree(.lopsided, leaves: leaves, planes: 2...99, &random)
      var fresh = MuxCompiler(temporaryBase: Self.base)
      used.compile(tree, penalty: [Int](repeating: 0, count: 9), into: &first)
      fresh.compile(tree, penalty: [Int](repeating: 0, count: 9), into: &second)
      #expect(first == second)
    }
  }

  /// SplitMix64: the same trees in every run.
  struct Generator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
