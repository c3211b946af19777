import KernelViews

/// Writes the states of a row, whose values start at `row`.
@inline(__always)
func putStates(
  _ input: RowInputView, _ row: UnsafePointer<Double>, _ states: UnsafeMutablePointer<UInt16>
) {
  for index in 0..<input.quantiser.groupCount {
    putStates(input.quantiser, index, row, states)
  }
  let classes = input.classes
  for number in 0..<classes.count {
    let column = classes.columns + number
    let found = classNumber(of: row[Int(column.pointee.input)], column, classes.values)
    states[input.columnCount &+ number] = UInt16(
      truncatingIfNeeded: classes.rowOfClass[Int(column.pointee.firstClass) &+ found])
  }
}

/// The states in the columns of one group.
@inline(__always)
private func putStates(
  _ view: QuantiserView, _ index: Int, _ row: UnsafePointer<Double>,
  _ states: UnsafeMutablePointer<UInt16>
) {
  let group = view.groups[index]
  let input = Int(group.input)
  let lower = UnsafeRawPointer(view.laneLowers + index &* 8).loadUnaligned(as: SIMD8<Double>.self)
  let scale = UnsafeRawPointer(view.laneScales + index &* 8).loadUnaligned(as: SIMD8<Double>.self)
  var keys = laneKeys(of: row + input, lower, scale)
  withUnsafePointer(to: &keys) { keys in
    let keys = UnsafeRawPointer(keys).assumingMemoryBound(to: Double.self)
    if group.isPlain {
      putLaneStates(view, group, row + input, keys, states)
      return
    }
    var number = Int(group.firstColumn)
    while number < Int(group.endColumn) {
      let column = view.columns + number
      let place = Int(column.pointee.input)
      if column.pointee.parts > 1 {
        putJointStates(row[place], column, view, states + number)
      } else {
        states[number] = state(row[place], keys + (place &- input), column, view)
      }
      number = number &+ Int(column.pointee.parts)
    }
  }
}

/// The states in the columns of a group of which all are plain.
@inline(__always)
private func putLaneStates(
  _ view: QuantiserView, _ group: LaneGroup, _ values: UnsafePointer<Double>,
  _ keys: UnsafePointer<Double>, _ states: UnsafeMutablePointer<UInt16>
) {
  var number = Int(group.firstColumn)
  let end = Int(group.endColumn)
  while number < end {
    let column = view.laneColumns + number
    let lane = Int(column.pointee.lane)
    let x = values[lane]
    let key = keyBits(keys + lane)
    let known = Int(view.ranks[Int(column.pointee.firstRank) &+ Int(key)])
    let thresholds = view.thresholds + (Int(column.pointee.firstThreshold) &+ known)
    var state = known &+ (thresholds[0] < x ? 1 : 0)
    var probe = 1
    while probe < Int(column.pointee.probes) {
      state = state &+ (thresholds[probe] < x ? 1 : 0)
      probe = probe &+ 1
    }
    // All ones behind the last cell. No branch: which values are missing cannot be foreseen.
    let missing = 0 &- (key &>> 10)
    states[number] =
      (UInt16(truncatingIfNeeded: state) & ~missing) | (column.pointee.missingState & missing)
    number = number &+ 1
  }
}

/// The rank of a value among a column's thresholds, or the state after the last where it is
/// missing.
@inline(__always)
private func state(
  _ x: Double, _ key: UnsafePointer<Double>, _ column: UnsafePointer<ByteColumn>,
  _ view: QuantiserView
) -> UInt16 {
  let place: Int
  switch column.pointee.key {
  case .lane: place = Int(keyBits(key))
  case .uniform, .logarithmic: place = cell(of: x, column)
  }
  let known = Int(view.ranks[Int(column.pointee.firstRank) &+ place])
  let thresholds = view.thresholds + (Int(column.pointee.firstThreshold) &+ known)
  var state = known &+ (thresholds[0] < x ? 1 : 0)
  var probe = 1
  while probe < Int(column.pointee.probes) {
    state = state &+ (thresholds[probe] < x ? 1 : 0)
    probe = probe &+ 1
  }
  let isPresent = !isMissing(x, column.pointee.missingMagnitude)
  return UInt16(truncatingIfNeeded: isPresent ? state : Int(column.pointee.thresholdCount) &+ 1)
}

/// The states in all parts of a column.
@inline(__always)
private func putJointStates(
  _ x: Double, _ column: UnsafePointer<ByteColumn>, _ view: QuantiserView,
  _ states: UnsafeMutablePointer<UInt16>
) {
  let joint = jointRank(of: x, column, view)
  for number in 0..<Int(column.pointee.parts) {
    let part = column + number
    let count = UInt16(truncatingIfNeeded: part.pointee.thresholdCount)
    states[number] =
      joint == KeySpace.jointMissingRank
      ? count &+ 1 : rank(joint, before: thresholds(before: part, column), count: count)
  }
}
