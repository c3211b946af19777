/// Finds an operation that was made before: a hash table of indices, emptied in constant time.
struct OperationTable {
  private struct Entry {
    var generation: UInt32 = 0
    var index: Int32 = 0
  }
  private var entries = [Entry](repeating: Entry(), count: 256)
  private var generation: UInt32 = 1
  private var count = 0

  mutating func removeAll() {
    generation &+= 1
    count = 0
    if generation == 0 {
      entries = [Entry](repeating: Entry(), count: 256)
      generation = 1
    }
  }

  /// The plane of an equal operation among `operations`; else notes that the next one there will
  /// be this one.
  mutating func find(_ operation: MuxOperation, in operations: [MuxOperation]) -> UInt32? {
    if 2 * count >= entries.count { grow(operations) }
    var place = Self.hash(operation) & (entries.count - 1)
    while entries[place].generation == generation {
      let other = operations[Int(entries[place].index)]
      if other.predicate == operation.predicate && other.a == operation.a && other.b == operation.b
      {
        return other.destination
      }
      place = (place + 1) & (entries.count - 1)
    }
    entries[place] = Entry(generation: generation, index: Int32(operations.count))
    count += 1
    return nil
  }

  private mutating func grow(_ operations: [MuxOperation]) {
    entries = [Entry](repeating: Entry(), count: 2 * entries.count)
    generation = 1
    for index in operations.indices {
      var place = Self.hash(operations[index]) & (entries.count - 1)
      while entries[place].generation == generation { place = (place + 1) & (entries.count - 1) }
      entries[place] = Entry(generation: generation, index: Int32(index))
    }
  }

  @inline(__always)
  private static func hash(_ operation: MuxOperation) -> Int {
    var mixed = UInt64(operation.a) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ UInt64(operation.b)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ UInt64(operation.predicate)) &* 0x94D0_49BB_1331_11EB
    return Int(truncatingIfNeeded: mixed >> 40)
  }
}
