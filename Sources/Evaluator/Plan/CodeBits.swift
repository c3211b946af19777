import TreeIR

/// How many bits the code of a tree's leaves should have. More bits need fewer operations and
/// larger tables.
struct CodeBits: Sendable {
  /// By number of bits less 1, what the compiler of programs is told: that only these may be.
  private let penalties: [[Int]]
  /// The bits of the longest code whose table fits the registers, where there are such.
  private let registerBits: Int
  /// Bits that a code of few leaves may have at most.
  private let mostBits: Int

  /// What the tables of all trees should fit into: the second-level cache, with room for planes.
  private static let tableBytes = 1 << 20

  /// - Parameter registerBits: The longest code that is looked up in registers; 0 for none.
  init(_ ensemble: Ensemble, registerBits: Int) {
    self.registerBits = registerBits
    let valueBytes = ensemble.profile.accumulator == .float32 ? 4 : 8
    let perTree = Self.tableBytes / max(ensemble.treeCount * ensemble.leaves.width * valueBytes, 1)
    // The greatest power of two that is no larger.
    mostBits = min(max(Int.bitWidth - 1 - max(perTree, 1).leadingZeroBitCount, 1), 8)
    penalties = (1...TreeProgramBuilder.longestCode).map { bits in
      (0...bits).map { $0 == bits ? 0 : Int.max }
    }
  }

  /// What a code of so many bits costs, in operations, for a tree of `leafCount` leaves: where
  /// more bits save next to nothing, as in complete trees, the smaller table is better.
  func penalty(leafCount: Int) -> [Int] {
    let fewest = max(MuxCompiler.minimumBits(leafCount: leafCount), 1)
    // With a bit a split no operation is left.
    let useful = max(leafCount - 1, 1)
    let isInRegisters = fewest <= registerBits
    let bits = max(min(isInRegisters ? registerBits : mostBits, useful), fewest)
    var penalty = penalties[bits - 1]
    if !isInRegisters, fewest < bits {
      penalty[fewest] = 0
      penalty[bits] = Self.largerTable
    }
    return penalty
  }

  /// What a table of more bits than are needed costs, in operations.
  private static let largerTable = 4
}
