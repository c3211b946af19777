import _Builtin_intrinsics.intel

/// Turns eight planes into bytes, a byte a row. The planes of 64 rows are masks for their bytes.
enum CodeBytes {
  /// - Parameter bits: How many of the planes may have ones; they are the first.
  @inline(__always)
  static func put<P: Plane>(
    _ planes: UnsafePointer<P>, _ numbers: UnsafePointer<UInt16>, bits: UInt32,
    to bytes: UnsafeMutablePointer<UInt8>
  ) {
    guard P.byteCount == 8 else {
      var octet = PlaneOctet<P>(planes, numbers)
      octet.transpose()
      octet.store(to: bytes)
      return
    }
    let masks = UnsafeRawPointer(planes).assumingMemoryBound(to: UInt64.self)
    var code = bit(0, masks, numbers) | bit(1, masks, numbers) | bit(2, masks, numbers)
    code |= bit(3, masks, numbers) | bit(4, masks, numbers)
    if bits > 5 {
      code |= bit(5, masks, numbers) | bit(6, masks, numbers) | bit(7, masks, numbers)
    }
    UnsafeMutableRawPointer(bytes).storeBytes(of: transposed(code), as: SIMD8<Int64>.self)
  }

  /// The bytes of one plane.
  @inline(__always)
  private static func bit(
    _ number: Int, _ masks: UnsafePointer<UInt64>, _ numbers: UnsafePointer<UInt16>
  ) -> SIMD8<Int64> {
    _mm512_maskz_mov_epi8(
      masks[Int(numbers[number])],
      SIMD8(repeating: 0x0101_0101_0101_0101 &<< Int64(truncatingIfNeeded: number)))
  }

  /// Byte i of word b becomes byte b of word i: in that order planes have their rows, see
  /// ``PlaneOctet``.
  @inline(__always)
  private static func transposed(_ bytes: SIMD8<Int64>) -> SIMD8<Int64> {
    let pairs: (Int64, Int64) = (0x0B03_0A02_0901_0800, 0x0F07_0E06_0D05_0C04)
    let paired = _mm512_shuffle_epi8(
      bytes, SIMD8(pairs.0, pairs.1, pairs.0, pairs.1, pairs.0, pairs.1, pairs.0, pairs.1))
    let first: Int64 = 0x0018_0010_0008_0000
    let step: Int64 = 0x0001_0001_0001_0001
    return _mm512_permutexvar_epi16(
      SIMD8(repeating: first) &+ SIMD8(0, 1, 2, 3, 4, 5, 6, 7) &* SIMD8(repeating: step), paired)
  }
}
