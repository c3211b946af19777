import KernelViews

/// Writes the states of a row, whose values start at `row`.
@inline(__always)
func putStates(
  _ input: RowInputView, _ row: UnsafePointer<Double>, _ states: UnsafeMutablePointer<UInt16>
) {
  let view = input.quantiser
  var number = 0
  while number < input.columnCount {
    let column = view.columns + number
    let x = row[Int(column.pointee.input)]
    if column.pointee.parts > 1 {
      putJointStates(x, column, view, states + number)
    } else {
      states[number] = state(x, column, view)
    }
    number = number &+ Int(column.pointee.parts)
  }
  let classes = input.classes
  for number in 0..<classes.count {
    let column = classes.columns + number
    let found = classNumber(of: row[Int(column.pointee.input)], column, classes.values)
    states[input.columnCount &+ number] = UInt16(
      truncatingIfNeeded: classes.rowOfClass[Int(column.pointee.firstClass) &+ found])
  }
}

/// The rank of a value among a column's thresholds, or the state after the last where it is
/// missing.
@inline(__always)
private func state(
  _ x: Double, _ column: UnsafePointer<ByteColumn>, _ view: QuantiserView
) -> UInt16 {
  let known = Int(view.ranks[Int(column.pointee.firstRank) &+ cell(of: x, column)])
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
