import KernelViews

/// Rows that are quantised together, so that what they need stays in the first-level cache.
var tileRows: Int { 64 }

/// Puts the ranks of up to `width` rows into `scratch.ranks`, `width` bytes a column, and where
/// the plan asks for it 1 for every missing value into `scratch.missing`.
@inline(__always)
func quantiseBlock(_ view: QuantiserView, _ rows: RowsView, _ width: Int, _ scratch: BlockScratch) {
  var first = 0
  while first < rows.count {
    let count = min(tileRows, rows.count &- first)
    let tile = rows.base + first &* rows.stride
    for index in 0..<view.groupCount {
      quantise(view, index, tile, rows.stride, count, first, width, scratch)
    }
    first = first &+ tileRows
  }
}

/// One group of columns for the rows of a tile.
@inline(__always)
private func quantise(
  _ view: QuantiserView, _ index: Int, _ tile: UnsafePointer<Double>, _ stride: Int,
  _ count: Int, _ first: Int, _ width: Int, _ scratch: BlockScratch
) {
  let group = view.groups[index]
  putKeys(
    of: tile + Int(group.input), stride, count, view.laneLowers + index &* 8,
    view.laneScales + index &* 8, to: scratch.keys)
  var number = Int(group.firstColumn)
  while number < Int(group.endColumn) {
    let column = view.columns + number
    let input = Int(column.pointee.input)
    let place = number &* width &+ first
    if column.pointee.parts > 1 {
      quantiseJointly(view, column, tile + input, stride, count, place, width, scratch)
    } else {
      let keys = scratch.keys + (input &- Int(group.input))
      quantise(view, column, tile + input, stride, keys, count, place, scratch)
    }
    number = number &+ Int(column.pointee.parts)
  }
}

/// One byte column for the rows of a tile.
@inline(__always)
private func quantise(
  _ view: QuantiserView, _ column: UnsafePointer<ByteColumn>, _ values: UnsafePointer<Double>,
  _ stride: Int, _ keys: UnsafePointer<Double>, _ count: Int, _ place: Int,
  _ scratch: BlockScratch
) {
  let ranks = scratch.ranks + place
  let missing = scratch.missing + place
  switch column.pointee.key {
  case .lane:
    let table = view.ranks + Int(column.pointee.firstRank)
    let thresholds = view.thresholds + Int(column.pointee.firstThreshold)
    // The number of probes decides the inner loop, so it is taken out of it.
    switch column.pointee.probes {
    case 1: putRanks(values, stride, keys, count, table, thresholds, 1, ranks)
    case 2: putRanks(values, stride, keys, count, table, thresholds, 2, ranks)
    default:
      putRanks(values, stride, keys, count, table, thresholds, column.pointee.probes, ranks)
    }
    guard column.pointee.wantsMissing else { return }
    for row in 0..<count {
      missing[row] = UInt8(truncatingIfNeeded: keyBits(keys + row &* 8) &>> 10)
    }
  case .uniform, .logarithmic:
    for row in 0..<count { ranks[row] = rank(of: values[row &* stride], column, view) }
    guard column.pointee.wantsMissing else { return }
    for row in 0..<count {
      let isMissing = isMissing(values[row &* stride], column.pointee.missingMagnitude)
      missing[row] = isMissing ? 1 : 0
    }
  }
}

@inline(__always)
func isMissing(_ x: Double, _ magnitude: Double) -> Bool {
  !(x.magnitude > magnitude)
}

/// The rank of one value.
@inline(__always)
private func rank(
  of x: Double, _ column: UnsafePointer<ByteColumn>, _ view: QuantiserView
) -> UInt8 {
  if isMissing(x, column.pointee.missingMagnitude) { return column.pointee.missingRank }
  let known = view.ranks[Int(column.pointee.firstRank) &+ cell(of: x, column)]
  let thresholds = view.thresholds + Int(column.pointee.firstThreshold) + Int(known)
  var rank = known
  for probe in 0..<Int(column.pointee.probes) {
    rank = rank &+ (thresholds[probe] < x ? 1 : 0)
  }
  return rank
}

/// The cell of a value that is not NaN in the grid of a column, which has so many cells.
@inline(__always)
func cell(
  of x: Double, _ column: UnsafePointer<ByteColumn>, of cells: Int = KeySpace.cellCount
) -> Int {
  switch column.pointee.key {
  case .lane, .uniform:
    uniformCell(x, column.pointee.lower, column.pointee.scale, of: cells)
  case .logarithmic:
    logarithmicCell(x, column.pointee.keyShift, column.pointee.keyBase, of: cells)
  }
}

// MARK: Keys

/// Turns a number from 0 to 2^51 into its nearest integer, in the trailing bits.
private let roundingBits = 6_755_399_441_055_744.0

/// The cell of a value that is not NaN in a uniform grid.
@inline(__always)
package func uniformCell(
  _ x: Double, _ lower: Double, _ scale: Double, of cells: Int = KeySpace.cellCount
) -> Int {
  let place = (x - lower) * scale
  let last = Double(cells - 1)
  // In this order NaN, which ∞ · 0 gives, becomes 0.
  let positive = place > 0 ? place : 0
  let clamped = positive < last ? positive : last
  return Int((clamped + roundingBits).bitPattern & 0xFFFF)
}

/// The cell of a value that is not NaN in a logarithmic grid.
@inline(__always)
package func logarithmicCell(
  _ x: Double, _ shift: Int64, _ base: Int64, of cells: Int = KeySpace.cellCount
) -> Int {
  let bits = Int64(bitPattern: x.bitPattern)
  let ordered = bits ^ ((bits &>> 63) & .max)
  let cell = (ordered &>> shift) &- base
  let last = Int64(cells - 1)
  let positive = cell > 0 ? cell : 0
  return Int(positive < last ? positive : last)
}

/// Computes the keys of eight columns: in the trailing 16 bits of 8 Doubles a row.
@inline(__always)
private func putKeys(
  of values: UnsafePointer<Double>, _ stride: Int, _ count: Int,
  _ lowers: UnsafePointer<Double>, _ scales: UnsafePointer<Double>,
  to keys: UnsafeMutablePointer<Double>
) {
  let lower = UnsafeRawPointer(lowers).loadUnaligned(as: SIMD8<Double>.self)
  let scale = UnsafeRawPointer(scales).loadUnaligned(as: SIMD8<Double>.self)
  for row in 0..<count {
    let key = laneKeys(of: values + row &* stride, lower, scale)
    UnsafeMutableRawPointer(keys + row &* 8).storeBytes(of: key, as: SIMD8<Double>.self)
  }
}

/// The keys of eight neighbouring values, in the trailing 16 bits of each.
@inline(__always)
func laneKeys(
  of values: UnsafePointer<Double>, _ lower: SIMD8<Double>, _ scale: SIMD8<Double>
) -> SIMD8<Double> {
  let last = SIMD8<Double>(repeating: Double(KeySpace.cellCount - 1))
  let missing = SIMD8<Double>(repeating: Double(KeySpace.cellCount))
  let zero = SIMD8<Double>(repeating: 0)
  let x = UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Double>.self)
  let place = (x - lower) * scale
  let positive = select(place .> zero, place, zero)
  let clamped = select(positive .< last, positive, last)
  return select(x .== x, clamped, missing) + SIMD8<Double>(repeating: roundingBits)
}

@inline(__always)
private func select(
  _ mask: SIMDMask<SIMD8<Int64>>, _ yes: SIMD8<Double>, _ no: SIMD8<Double>
) -> SIMD8<Double> {
  let mask = unsafeBitCast(mask, to: SIMD8<UInt64>.self)
  let yes = unsafeBitCast(yes, to: SIMD8<UInt64>.self)
  let no = unsafeBitCast(no, to: SIMD8<UInt64>.self)
  return unsafeBitCast(no ^ (mask & (yes ^ no)), to: SIMD8<Double>.self)
}

@inline(__always)
func keyBits(_ key: UnsafePointer<Double>) -> UInt16 {
  UnsafeRawPointer(key).load(as: UInt16.self)
}

// MARK: Ranks

/// The ranks of the values of one column, whose keys are 8 Doubles apart.
@inline(__always)
private func putRanks(
  _ values: UnsafePointer<Double>, _ stride: Int, _ keys: UnsafePointer<Double>, _ count: Int,
  _ table: UnsafePointer<UInt8>, _ thresholds: UnsafePointer<Double>, _ probes: Int32,
  _ ranks: UnsafeMutablePointer<UInt8>
) {
  var value = values
  var key = keys
  for row in 0..<count {
    let x = value.pointee
    let known = Int(table[Int(keyBits(key))])
    value += stride
    key += 8
    let next = thresholds + known
    var rank = known &+ (next[0] < x ? 1 : 0)
    if probes == 2 {
      rank = rank &+ (next[1] < x ? 1 : 0)
    } else if probes > 2 {
      for probe in 1..<Int(probes) { rank = rank &+ (next[probe] < x ? 1 : 0) }
    }
    ranks[row] = UInt8(truncatingIfNeeded: rank)
  }
}
