import _Builtin_intrinsics.intel

/// Looks values up in tables that fit the registers: a permutation of two registers is a table of
/// 16 Doubles or 32 Floats.
enum SmallTables {
  /// Codes of fewer bits than this are for the two functions below.
  @inline(__always) static var doubleLimit: UInt32 { 7 }
  @inline(__always) static var floatLimit: UInt32 { 7 }

  /// The table has room for 32 values, or for 64 where codes have 6 bits.
  @inline(__always)
  static func addValues(
    _ values: UnsafePointer<Double>, bits: UInt32, _ codes: UnsafePointer<UInt8>,
    to sums: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    if bits == 6 {
      addValuesOf64(values, codes, to: sums, count)
    } else {
      addValuesOf32(values, codes, to: sums, count)
    }
  }

  @inline(__always)
  private static func addValuesOf64(
    _ values: UnsafePointer<Double>, _ codes: UnsafePointer<UInt8>,
    to sums: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    let table = UnsafeRawPointer(values)
    let a = table.loadUnaligned(as: SIMD8<Double>.self)
    let b = table.loadUnaligned(fromByteOffset: 64, as: SIMD8<Double>.self)
    let c = table.loadUnaligned(fromByteOffset: 128, as: SIMD8<Double>.self)
    let d = table.loadUnaligned(fromByteOffset: 192, as: SIMD8<Double>.self)
    let e = table.loadUnaligned(fromByteOffset: 256, as: SIMD8<Double>.self)
    let f = table.loadUnaligned(fromByteOffset: 320, as: SIMD8<Double>.self)
    let g = table.loadUnaligned(fromByteOffset: 384, as: SIMD8<Double>.self)
    let h = table.loadUnaligned(fromByteOffset: 448, as: SIMD8<Double>.self)
    let upper = _mm512_set1_epi64(16)
    let uppermost = _mm512_set1_epi64(32)
    var sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD8<Double>.self)
    var code = UnsafeRawPointer(codes)
    for _ in 0..<(count &+ 7) &>> 3 {
      let bytes = code.loadUnaligned(as: Int64.self)
      let index = _mm512_cvtepu8_epi64(SIMD2<Int64>(bytes, 0))
      let isUpper = _mm512_test_epi64_mask(index, upper)
      let low = _mm512_mask_blend_pd(
        isUpper, _mm512_permutex2var_pd(a, index, b), _mm512_permutex2var_pd(c, index, d))
      let high = _mm512_mask_blend_pd(
        isUpper, _mm512_permutex2var_pd(e, index, f), _mm512_permutex2var_pd(g, index, h))
      let isUppermost = _mm512_test_epi64_mask(index, uppermost)
      sum.pointee = sum.pointee + _mm512_mask_blend_pd(isUppermost, low, high)
      sum += 1
      code += 8
    }
  }

  @inline(__always)
  private static func addValuesOf32(
    _ values: UnsafePointer<Double>, _ codes: UnsafePointer<UInt8>,
    to sums: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    let table = UnsafeRawPointer(values)
    let a = table.loadUnaligned(as: SIMD8<Double>.self)
    let b = table.loadUnaligned(fromByteOffset: 64, as: SIMD8<Double>.self)
    let c = table.loadUnaligned(fromByteOffset: 128, as: SIMD8<Double>.self)
    let d = table.loadUnaligned(fromByteOffset: 192, as: SIMD8<Double>.self)
    let upper = _mm512_set1_epi64(16)
    var sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD8<Double>.self)
    var code = UnsafeRawPointer(codes)
    for _ in 0..<(count &+ 7) &>> 3 {
      let bytes = code.loadUnaligned(as: Int64.self)
      let index = _mm512_cvtepu8_epi64(SIMD2<Int64>(bytes, 0))
      let isUpper = _mm512_test_epi64_mask(index, upper)
      sum.pointee =
        sum.pointee
        + _mm512_mask_blend_pd(
          isUpper, _mm512_permutex2var_pd(a, index, b), _mm512_permutex2var_pd(c, index, d))
      sum += 1
      code += 8
    }
  }

  /// The table has room for 64 values.
  @inline(__always)
  static func addValues(
    _ values: UnsafePointer<Float>, bits: UInt32, _ codes: UnsafePointer<UInt8>,
    to sums: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let table = UnsafeRawPointer(values)
    let a = table.loadUnaligned(as: SIMD16<Float>.self)
    let b = table.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
    let c = table.loadUnaligned(fromByteOffset: 128, as: SIMD16<Float>.self)
    let d = table.loadUnaligned(fromByteOffset: 192, as: SIMD16<Float>.self)
    let upper = _mm512_set1_epi32(32)
    var sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD16<Float>.self)
    var code = UnsafeRawPointer(codes)
    for _ in 0..<(count &+ 15) &>> 4 {
      let bytes = code.loadUnaligned(as: SIMD2<Int64>.self)
      let index = _mm512_cvtepu8_epi32(bytes)
      let isUpper = _mm512_test_epi32_mask(index, upper)
      sum.pointee =
        sum.pointee
        + _mm512_mask_blend_ps(
          isUpper, _mm512_permutex2var_ps(a, index, b), _mm512_permutex2var_ps(c, index, d))
      sum += 1
      code += 16
    }
  }
}
