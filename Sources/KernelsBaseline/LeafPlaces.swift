/// Finds the values of leaves for all trees of a line at once, where the processor can.
enum LeafPlaces {
  @inline(__always) static var areFound: Bool { false }

  /// - Parameters:
  ///   - entries: Of 16 trees of at most 32 leaves, a bit a leaf.
  ///   - starts: Where the values of each tree start.
  /// - Returns: Where the value of each tree's first leaf is whose bit is set.
  @inline(__always)
  static func of(
    _ entries: SIMD8<UInt64>, _ starts: UnsafePointer<UInt32>
  ) -> SIMD8<UInt64> { entries }
}
