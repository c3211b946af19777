import KernelViews

/// All byte columns of a column of several parts, for the rows of a tile: the rank among all
/// thresholds is found once.
///
/// - Precondition: `place` and `width` leave room for a whole tile.
@inline(__always)
func quantiseJointly(
  _ view: QuantiserView, _ column: UnsafePointer<ByteColumn>, _ values: UnsafePointer<Double>,
  _ stride: Int, _ count: Int, _ place: Int, _ width: Int, _ scratch: BlockScratch
) {
  for row in 0..<count {
    scratch.jointRanks[row] = jointRank(of: values[row &* stride], column, view)
  }
  var place = place
  for number in 0..<Int(column.pointee.parts) {
    let part = column + number
    let before = thresholds(before: part, column)
    putRanks(scratch.jointRanks, before, part, scratch.ranks + place)
    if part.pointee.wantsMissing { putMissing(scratch.jointRanks, scratch.missing + place) }
    place = place &+ width
  }
}

/// The rank of one value among the thresholds of all parts.
@inline(__always)
func jointRank(
  of x: Double, _ column: UnsafePointer<ByteColumn>, _ view: QuantiserView
) -> UInt16 {
  if isMissing(x, column.pointee.missingMagnitude) { return KeySpace.jointMissingRank }
  let cell = cell(of: x, column, of: KeySpace.jointCellCount)
  let thresholds = view.thresholds + Int(column.pointee.firstThreshold)
  var rank = Int(view.jointRanks[Int(column.pointee.firstRank) &+ cell])
  var length = Int(column.pointee.probes)
  // Halves of what may share the cell, down to so few that all are compared at once.
  while length > KeySpace.jointProbes {
    let half = length &>> 1
    rank = rank &+ (thresholds[rank &+ half &- 1] < x ? half : 0)
    length = length &- half
  }
  return UInt16(truncatingIfNeeded: rank &+ countBelow(x, thresholds + rank))
}

/// How many of eight thresholds are below a value.
@inline(__always)
private func countBelow(_ x: Double, _ thresholds: UnsafePointer<Double>) -> Int {
  // One by one, because a loop is compiled to branches that no processor can predict.
  let first = below(thresholds[0], x) &+ below(thresholds[1], x)
  let second = below(thresholds[2], x) &+ below(thresholds[3], x)
  let third = below(thresholds[4], x) &+ below(thresholds[5], x)
  let fourth = below(thresholds[6], x) &+ below(thresholds[7], x)
  return (first &+ second) &+ (third &+ fourth)
}

@inline(__always)
private func below(_ threshold: Double, _ x: Double) -> Int {
  threshold < x ? 1 : 0
}

/// The thresholds of earlier parts.
@inline(__always)
func thresholds(
  before part: UnsafePointer<ByteColumn>, _ column: UnsafePointer<ByteColumn>
) -> UInt16 {
  UInt16(truncatingIfNeeded: part.pointee.firstThreshold &- column.pointee.firstThreshold)
}

/// The rank in a part of what has the rank `joint`, and a value, in the whole.
@inline(__always)
func rank(_ joint: UInt16, before: UInt16, count: UInt16) -> UInt16 {
  let rank = joint > before ? joint &- before : 0
  return rank < count ? rank : count
}

/// The ranks in one part, for a whole tile, whatever is in the rows that it does not have.
@inline(__always)
private func putRanks(
  _ joint: UnsafePointer<UInt16>, _ before: UInt16, _ part: UnsafePointer<ByteColumn>,
  _ ranks: UnsafeMutablePointer<UInt8>
) {
  let count = UInt16(truncatingIfNeeded: part.pointee.thresholdCount)
  let missingRank = UInt16(part.pointee.missingRank)
  // Without branches and of a fixed length, so that it is compiled to vector instructions.
  for row in 0..<tileRows {
    let known = rank(joint[row], before: before, count: count)
    let isMissing = joint[row] == KeySpace.jointMissingRank
    ranks[row] = UInt8(truncatingIfNeeded: isMissing ? missingRank : known)
  }
}

@inline(__always)
private func putMissing(
  _ joint: UnsafePointer<UInt16>, _ missing: UnsafeMutablePointer<UInt8>
) {
  for row in 0..<tileRows { missing[row] = joint[row] == KeySpace.jointMissingRank ? 1 : 0 }
}
