/// Loads are what adding values is bound by, and so codes are loaded eight at a time.
@inline(__always)
private func byte(_ number: UInt64, of codes: UInt64) -> Int {
  Int(codes &>> (8 &* number) & 0xFF)
}

/// Adds `values[code]` to the sum of every row, for codes of at most 8 bits.
///
/// The sums have room for a multiple of 8 rows.
@inline(__always)
func addTreeValues(
  _ values: UnsafePointer<Double>, _ codes: UnsafePointer<UInt8>,
  to sums: UnsafeMutablePointer<Double>, _ count: Int
) {
  var code = UnsafeRawPointer(codes)
  var sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD8<Double>.self)
  for _ in 0..<(count &+ 7) &>> 3 {
    let all = UInt64(littleEndian: code.load(as: UInt64.self))
    let found = SIMD8(
      values[byte(0, of: all)], values[byte(1, of: all)], values[byte(2, of: all)],
      values[byte(3, of: all)], values[byte(4, of: all)], values[byte(5, of: all)],
      values[byte(6, of: all)], values[byte(7, of: all)])
    sum.pointee = sum.pointee + found
    sum += 1
    code += 8
  }
}

@inline(__always)
func addTreeValues(
  _ values: UnsafePointer<Float>, _ codes: UnsafePointer<UInt8>,
  to sums: UnsafeMutablePointer<Float>, _ count: Int
) {
  var code = UnsafeRawPointer(codes)
  var sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD8<Float>.self)
  for _ in 0..<(count &+ 7) &>> 3 {
    let all = UInt64(littleEndian: code.load(as: UInt64.self))
    let found = SIMD8(
      values[byte(0, of: all)], values[byte(1, of: all)], values[byte(2, of: all)],
      values[byte(3, of: all)], values[byte(4, of: all)], values[byte(5, of: all)],
      values[byte(6, of: all)], values[byte(7, of: all)])
    sum.pointee = sum.pointee + found
    sum += 1
    code += 8
  }
}

/// Adds `values[code]` for codes of 9 to 16 bits; the high bytes come `width` after the low ones.
@inline(__always)
func addTreeValues<Value: FloatingPoint>(
  _ values: UnsafePointer<Value>, wide codes: UnsafePointer<UInt8>, _ width: Int,
  to sums: UnsafeMutablePointer<Value>, _ count: Int
) {
  for row in 0..<count {
    let code = Int(codes[row]) | Int(codes[width &+ row]) &<< 8
    sums[row] = sums[row] + values[code]
  }
}
