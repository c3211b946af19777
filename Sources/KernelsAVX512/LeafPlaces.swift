import _Builtin_intrinsics.intel

/// Finds the values of leaves for all trees of a line at once.
enum LeafPlaces {
  @inline(__always) static var areFound: Bool { true }

  /// - Parameters:
  ///   - entries: Of 16 trees of at most 32 leaves, a bit a leaf.
  ///   - starts: Where the values of each tree start.
  /// - Returns: Where the value of each tree's first leaf is whose bit is set.
  @inline(__always)
  static func of(
    _ entries: SIMD8<UInt64>, _ starts: UnsafePointer<UInt32>
  ) -> SIMD8<UInt64> {
    // The top bit counts as set: it is where all other leaves are excluded.
    let leaves = unsafeBitCast(entries, to: SIMD8<Int64>.self) | _mm512_set1_epi32(.min)
    let first = leaves & _mm512_sub_epi32(SIMD8<Int64>(repeating: 0), leaves)
    let start = UnsafeRawPointer(starts).loadUnaligned(as: SIMD8<Int64>.self)
    let places = _mm512_sub_epi32(
      _mm512_add_epi32(start, _mm512_set1_epi32(31)), _mm512_lzcnt_epi32(first))
    return unsafeBitCast(places, to: SIMD8<UInt64>.self)
  }
}
