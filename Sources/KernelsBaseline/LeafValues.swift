/// Adds `values[code]` to the sum of every row, for codes of at most 8 bits.
///
/// The sums have room for a multiple of 8 rows.
@inline(__always)
func addTreeValues(
  _ values: UnsafePointer<Double>, _ codes: UnsafePointer<UInt8>,
  to sums: UnsafeMutablePointer<Double>, _ count: Int
) {
  var code = codes
  var sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD8<Double>.self)
  for _ in 0..<(count &+ 7) &>> 3 {
    let found = SIMD8(
      values[Int(code[0])], values[Int(code[1])], values[Int(code[2])], values[Int(code[3])],
      values[Int(code[4])], values[Int(code[5])], values[Int(code[6])], values[Int(code[7])])
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
  var code = codes
  var sum = UnsafeMutableRawPointer(sums).assumingMemoryBound(to: SIMD8<Float>.self)
  for _ in 0..<(count &+ 7) &>> 3 {
    let found = SIMD8(
      values[Int(code[0])], values[Int(code[1])], values[Int(code[2])], values[Int(code[3])],
      values[Int(code[4])], values[Int(code[5])], values[Int(code[6])], values[Int(code[7])])
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
