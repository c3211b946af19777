/// One tree as the mux compiler sees it: links between splits, and the plane of each split's
/// predicate. Children have greater numbers than their parent; a link below zero is leaf `~link`.
struct MuxTree {
  var left: [Int32] = []
  var right: [Int32] = []
  /// The plane whose bit says that a row goes right.
  var predicate: [UInt32] = []

  var splitCount: Int { predicate.count }
  var leafCount: Int { predicate.count + 1 }
}

/// `destination = a ^ (predicate & (a ^ b))`: where the predicate's bit is set, `b`, else `a`.
/// The destination may be the plane of an operand.
struct MuxOperation: Equatable {
  var predicate: UInt32
  var a: UInt32
  var b: UInt32
  var destination: UInt32
}

/// The codes that lead to one leaf: all that agree with `value` in the bits of `care`.
/// `value` has no bits outside of `care`. No code belongs to two leaves.
struct LeafCode: Equatable {
  var value: UInt16 = 0
  var care: UInt16 = 0

  func contains(_ code: UInt16) -> Bool { (code ^ value) & care == 0 }
}

/// A tree as straight-line code over bit planes: run the operations in order, put the bits of
/// `outputs` together to a code, lowest bit first, and look the code up.
struct MuxProgram: Equatable {
  /// The plane of zeros, and the plane of ones.
  static let zeros: UInt32 = 0
  static let ones: UInt32 = 1

  var operations: [MuxOperation] = []
  /// The planes of the code's bits. They may be constants or predicates, and may be equal.
  var outputs: [UInt32] = []
  /// One for each leaf.
  var codes: [LeafCode] = []
  /// How many planes from `temporaryBase` on the operations write.
  var temporaryCount = 0

  var bitCount: Int { outputs.count }
}
