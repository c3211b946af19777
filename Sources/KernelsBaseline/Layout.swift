// Numbers that kernels and those who make their tables agree on. They are here, and not beside the
// views, because the compiler takes constants of another module from memory.

/// The keys of values.
package enum KeySpace {
  /// Cells of a grid; the key of a missing value is the one after.
  package static var cellCount: Int { 1024 }
  /// Entries of a column's rank table, with padding.
  package static var tableStride: Int { 1088 }
  /// Cells of a grid for more thresholds than fit a byte.
  package static var jointCellCount: Int { 4096 }
  /// Thresholds that are compared at once there: behind the last there are at least as many +∞.
  package static var jointProbes: Int { 8 }
  /// The rank of a missing value among more thresholds than fit a byte; as many there never are.
  package static var jointMissingRank: UInt16 { .max }
}

/// Classes that come before those of categories or values.
package enum ClassNumber {
  package static var missing: Int { 0 }
  package static var other: Int { 1 }
  /// Numbers up to the column's tiny magnitude: 0 and above, and below 0.
  package static var tiny: Int { 2 }
  package static var negativeTiny: Int { 3 }
  package static var firstListed: Int { 4 }
}

/// The tables of a table QuickScorer.
package enum TableGroup {
  /// Blocks whose lines are read together.
  package static var blockCount: Int { 4 }
}

/// The source of a plane that every value satisfies.
package enum PlaneSource {
  package static var always: UInt8 { .max }
}
