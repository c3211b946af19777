import KernelViews

/// Writes a byte for every predicate of a row: 1 where it is true, 0 where it is false.
///
/// A cell of rank r makes r ones and then zeros. Its bytes are written 64 at a time; what is
/// too much is overwritten by the next cell's.
///
/// - Precondition: `bytes` has as many bytes as the builder says, which is 64 more than predicates.
@inline(__always)
func fillPredicates(
  _ view: PredicateBytesView, cells: UnsafePointer<UInt8>, bytes: UnsafeMutablePointer<UInt8>
) {
  // 0, 1, ... 63.
  let numbers = unsafeBitCast(
    SIMD8<UInt64>(
      0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, 0x1716_1514_1312_1110,
      0x1F1E_1D1C_1B1A_1918, 0x2726_2524_2322_2120, 0x2F2E_2D2C_2B2A_2928,
      0x3736_3534_3332_3130, 0x3F3E_3D3C_3B3A_3938), to: SIMD64<UInt8>.self)
  let ones = SIMD8<UInt64>(repeating: 0x0101_0101_0101_0101)
  let chunk = SIMD64<UInt8>(repeating: 64)
  var cell = 0
  while cell < view.rankCells {
    let rank = SIMD64<UInt8>(repeating: cells[cell])
    var bound = numbers
    var place = Int(view.starts[cell])
    let past = Int(view.starts[cell &+ 1])
    while place < past {
      let above = unsafeBitCast(rank .> bound, to: SIMD8<UInt64>.self) & ones
      UnsafeMutableRawPointer(bytes + place).storeBytes(of: above, as: SIMD8<UInt64>.self)
      bound = bound &+ chunk
      place = place &+ 64
    }
    cell = cell &+ 1
  }
  let members = bytes + (Int(view.starts[view.rankCells]) &- view.rankCells)
  while cell < view.cellCount {
    members[cell] = cells[cell]
    cell = cell &+ 1
  }
}
