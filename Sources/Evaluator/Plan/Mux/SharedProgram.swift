import KernelViews

/// The operations of neighbouring trees in one program, where they take turns: an operation mostly
/// waits for the one before it in its tree, and those of other trees need not.
struct SharedProgram {
  private(set) var treeCount = 0
  /// Planes beyond the predicates.
  private(set) var temporaryCount = 0
  private var operations: [[MuxOperation]] = []
  private let temporaryBase: UInt32

  private static let treeLimit = 16
  /// The planes of 512 rows should stay in half of the first-level cache.
  private static let temporaryLimit = 256

  /// - Parameter temporaryBase: The plane of the first temporary.
  init(temporaryBase: Int) {
    self.temporaryBase = UInt32(temporaryBase)
  }

  /// Whether a tree may join those that are there.
  func hasRoom(for program: MuxProgram) -> Bool {
    treeCount == 0
      || treeCount < Self.treeLimit
        && temporaryCount + program.temporaryCount <= Self.temporaryLimit
  }

  /// Adds the program of a tree, and moves its temporaries to planes of their own.
  mutating func add(_ program: inout MuxProgram) {
    let distance = UInt32(temporaryCount)
    let base = temporaryBase
    func moved(_ plane: UInt32) -> UInt32 { plane < base ? plane : plane + distance }
    operations.append(
      program.operations.map {
        MuxOperation(
          predicate: $0.predicate, a: moved($0.a), b: moved($0.b),
          destination: moved($0.destination))
      })
    for place in program.outputs.indices {
      program.outputs[place] = moved(program.outputs[place])
    }
    treeCount += 1
    temporaryCount += program.temporaryCount
  }

  /// Writes the operations, so that all trees come to their ends together, and begins anew.
  mutating func write(to destination: inout [PlaneOperation]) {
    var next = [Int](repeating: 0, count: treeCount)
    let count = operations.reduce(0) { $0 + $1.count }
    for _ in 0..<count {
      var place = 0
      var least = Double.infinity
      for (tree, own) in operations.enumerated() where next[tree] < own.count {
        let done = (Double(next[tree]) + 0.5) / Double(own.count)
        if done < least { (place, least) = (tree, done) }
      }
      destination.append(PlaneOperation(operations[place][next[place]]))
      next[place] += 1
    }
    if let last = destination.last, count > 0 {
      let idle = PlaneOperation(
        predicate: 0, onFalse: last.destination, onTrue: last.destination,
        destination: last.destination)
      while destination.count % ProgramView.operationMultiple != 0 { destination.append(idle) }
    }
    self = SharedProgram(temporaryBase: Int(temporaryBase))
  }
}

extension PlaneOperation {
  fileprivate init(_ operation: MuxOperation) {
    self.init(
      predicate: UInt16(operation.predicate), onFalse: UInt16(operation.a),
      onTrue: UInt16(operation.b), destination: UInt16(operation.destination))
  }
}
