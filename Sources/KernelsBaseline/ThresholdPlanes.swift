import KernelViews

/// Turns the ranks of a block into planes, one for every predicate.
@inline(__always)
func makeThresholdPlanes<P: Plane>(
  _ view: PlaneView, _ planes: UnsafeMutablePointer<P>, _ scratch: BlockScratch
) {
  planes[0] = P.repeating(0)
  planes[1] = P.repeating(.max)
  for index in 0..<view.count {
    let column = view.columns[index]
    let bytes = Int(column.column) &* P.byteCount &* 8
    let first = planes + Int(column.first)
    expand(UnsafeRawPointer(scratch.ranks + bytes), Int(column.count), first, scratch)
    if column.raisedCount | column.loweredCount != 0 {
      addVariants(column, UnsafeRawPointer(scratch.missing + bytes), planes, view.sources)
    }
  }
}

/// Makes the planes `rank > 0` … `rank > count − 1` from the bytes of the ranks.
///
/// Bit by bit of the ranks, from the lowest: where `below` has the planes for the bits so far, a
/// further bit of weight w gives `rank > j` as `bit | below[j]` for j < w and as
/// `bit & below[j − w]` beyond. Two bits are taken at a time, so that every plane is written once
/// or twice, with about one operation for each.
@inline(__always)
private func expand<P: Plane>(
  _ ranks: UnsafeRawPointer, _ count: Int, _ planes: UnsafeMutablePointer<P>,
  _ scratch: BlockScratch
) {
  var octet = PlaneOctet<P>(bytes: ranks)
  octet.transpose()
  octet.store(to: scratch.keys)
  let bit = UnsafeRawPointer(scratch.keys).assumingMemoryBound(to: P.self)
  // Bits that the highest rank, `count`, needs.
  let bits = Int.bitWidth &- count.leadingZeroBitCount
  var next = 0
  var weight = 1
  if bits & 1 == 1 {
    planes[0] = bit[0]
    next = 1
    weight = 2
  }
  while next < bits {
    addTwoBits(bit[next], bit[next &+ 1], weight, count, planes)
    next = next &+ 2
    weight = weight &* 4
  }
}

/// Goes from the planes of ranks below `weight` to those of ranks below `4 · weight`.
@inline(__always)
private func addTwoBits<P: Plane>(
  _ low: P, _ high: P, _ weight: Int, _ count: Int, _ planes: UnsafeMutablePointer<P>
) {
  let both = low & high
  let either = low | high
  // From the top down, because the first quarter is what the others are made of.
  var index = 0
  var end = min(weight &- 1, count &- 3 &* weight)
  var quarter = planes + 3 &* weight
  while index < end {
    quarter[index] = both & planes[index]
    index = index &+ 1
  }
  index = 0
  end = min(weight &- 1, count &- 2 &* weight)
  quarter = planes + 2 &* weight
  while index < end {
    quarter[index] = high & (low | planes[index])
    index = index &+ 1
  }
  index = 0
  end = min(weight &- 1, count &- weight)
  quarter = planes + weight
  while index < end {
    quarter[index] = high | (low & planes[index])
    index = index &+ 1
  }
  index = 0
  while index < weight &- 1 {
    planes[index] = either | planes[index]
    index = index &+ 1
  }
  planes[weight &- 1] = either
  if 2 &* weight &- 1 < count { planes[2 &* weight &- 1] = high }
  if 3 &* weight &- 1 < count { planes[3 &* weight &- 1] = both }
}

/// Adds the planes in which a missing value goes another way than its rank says.
@inline(__always)
private func addVariants<P: Plane>(
  _ column: PlaneColumn, _ missing: UnsafeRawPointer, _ planes: UnsafeMutablePointer<P>,
  _ sources: UnsafePointer<UInt8>
) {
  // Bytes are 0 or 1: the octet's first plane, without the rest of the transposition.
  let runs = missing.assumingMemoryBound(to: P.self)
  // Rows that the block does not have may have other bytes, which must not spill over.
  let lowest = P.repeating(0x0101_0101_0101_0101)
  var isMissing = runs[0] & lowest
  for bit in 1..<8 { isMissing = isMissing | (runs[bit] & lowest).shiftedLeft(UInt64(bit)) }
  let isPresent = isMissing ^ P.repeating(.max)
  let first = planes + Int(column.first)
  var source = sources + Int(column.firstSource)
  for index in 0..<Int(column.raisedCount) {
    planes[Int(column.firstRaised) &+ index] = first[Int(source.pointee)] | isMissing
    source += 1
  }
  for index in 0..<Int(column.loweredCount) {
    let isAlways = source.pointee == PlaneSource.always
    let plane = isAlways ? planes[1] : first[Int(source.pointee)]
    planes[Int(column.firstLowered) &+ index] = plane & isPresent
    source += 1
  }
}
