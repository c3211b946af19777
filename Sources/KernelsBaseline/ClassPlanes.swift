import KernelViews

/// Makes the planes of all class columns: every row has a row of bits there, and these are
/// transposed, 64 at a time.
@inline(__always)
func makeClassPlanes<P: Plane>(
  _ view: ClassView, _ rows: RowsView, _ planes: UnsafeMutablePointer<P>, _ scratch: BlockScratch
) {
  for index in 0..<view.count {
    let column = view.columns + index
    let rowOfClass = view.rowOfClass + Int(column.pointee.firstClass)
    for row in 0..<rows.count {
      let x = rows.base[row &* rows.stride &+ Int(column.pointee.input)]
      scratch.classRows[row] = rowOfClass[classNumber(of: x, column, view.values)]
    }
    // Rows that the block does not have are like its first.
    for row in rows.count..<P.byteCount &* 8 { scratch.classRows[row] = scratch.classRows[0] }
    let words = view.words + Int(column.pointee.firstWord)
    let wordCount = Int(column.pointee.wordCount)
    for word in 0..<wordCount {
      transposeWords(
        words + word, wordCount, scratch,
        to: planes + (Int(column.pointee.firstPlane) &+ word &* 64))
    }
  }
}

/// The class that a value belongs to.
@inline(__always)
func classNumber(
  of value: Double, _ column: UnsafePointer<ClassColumn>, _ values: UnsafePointer<Double>
) -> Int {
  let x = column.pointee.roundsToFloat ? Double(Float(value)) : value
  guard x == x else { return ClassNumber.missing }
  switch column.pointee.kind {
  case .category:
    if x.magnitude <= column.pointee.tinyMagnitude { return tinyClass(of: x) }
    let lower = column.pointee.lower
    guard x > lower || (x == lower && column.pointee.includesLower), x < column.pointee.upper
    else { return ClassNumber.other }
    let category = Int(Int32(x))
    return category < Int(column.pointee.listedCount)
      ? ClassNumber.firstListed &+ category : ClassNumber.other
  case .value:
    let list = values + Int(column.pointee.firstValue)
    let count = Int(column.pointee.listedCount)
    var low = 0
    var length = count
    while length > 0 {
      let half = length &>> 1
      if list[low &+ half] < x {
        low = low &+ half &+ 1
        length = length &- half &- 1
      } else {
        length = half
      }
    }
    if low < count, list[low] == x { return ClassNumber.firstListed &+ low }
    return x.magnitude <= column.pointee.tinyMagnitude ? tinyClass(of: x) : ClassNumber.other
  }
}

@inline(__always)
private func tinyClass(of x: Double) -> Int {
  x < 0 ? ClassNumber.negativeTiny : ClassNumber.tiny
}

/// Transposes one word of every row of the block into 64 planes.
@inline(__always)
private func transposeWords<P: Plane>(
  _ words: UnsafePointer<UInt64>, _ wordCount: Int, _ scratch: BlockScratch,
  to planes: UnsafeMutablePointer<P>
) {
  let lanes = P.byteCount &>> 3
  // Bit `8m + i` of a lane belongs to the row of that bit in every other plane.
  for lane in 0..<lanes {
    for place in 0..<64 {
      let row = P.byteCount &* (place & 7) &+ 8 &* lane &+ (place &>> 3)
      scratch.words[place &* lanes &+ lane] = words[Int(scratch.classRows[row]) &* wordCount]
    }
  }
  let source = UnsafeMutableRawPointer(scratch.words).assumingMemoryBound(to: P.self)
  exchange(source, 32, 0x0000_0000_FFFF_FFFF)
  exchange(source, 16, 0x0000_FFFF_0000_FFFF)
  exchange(source, 8, 0x00FF_00FF_00FF_00FF)
  exchange(source, 4, 0x0F0F_0F0F_0F0F_0F0F)
  exchange(source, 2, 0x3333_3333_3333_3333)
  exchange(source, 1, 0x5555_5555_5555_5555)
  for bit in 0..<64 { planes[bit] = source[bit] }
}

/// One stage of a transposition of 64 by 64 bits.
@inline(__always)
private func exchange<P: Plane>(
  _ rows: UnsafeMutablePointer<P>, _ distance: Int, _ mask: UInt64
) {
  let mask = P.repeating(mask)
  var first = 0
  while first < 64 {
    for row in first..<first &+ distance {
      let low = rows[row]
      let high = rows[row &+ distance]
      let difference = (low.shiftedRight(UInt64(distance)) ^ high) & mask
      rows[row &+ distance] = high ^ difference
      rows[row] = low ^ difference.shiftedLeft(UInt64(distance))
    }
    first = first &+ 2 &* distance
  }
}
