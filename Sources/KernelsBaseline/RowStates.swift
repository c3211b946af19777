import KernelViews

/// Writes the states of a row, whose values start at `row`.
@inline(__always)
func putStates(
  _ input: RowInputView, _ row: UnsafePointer<Double>, _ states: UnsafeMutablePointer<UInt16>
) {
  let view = input.quantiser
  var column = view.columns
  for number in 0..<input.columnCount {
    let x = row[Int(column.pointee.input)]
    let cell: Int
    switch column.pointee.key {
    case .logarithmic: cell = logarithmicCell(x, column.pointee.keyShift, column.pointee.keyBase)
    case .lane, .uniform: cell = uniformCell(x, column.pointee.lower, column.pointee.scale)
    }
    let known = Int(view.ranks[number &* KeySpace.tableStride &+ cell])
    let thresholds = view.thresholds + (Int(column.pointee.firstThreshold) &+ known)
    var state = known &+ (thresholds[0] < x ? 1 : 0)
    var probe = 1
    while probe < Int(column.pointee.probes) {
      state = state &+ (thresholds[probe] < x ? 1 : 0)
      probe = probe &+ 1
    }
    let isPresent = x.magnitude > column.pointee.missingMagnitude
    states[number] = UInt16(
      truncatingIfNeeded: isPresent ? state : Int(column.pointee.thresholdCount) &+ 1)
    column += 1
  }
  let classes = input.classes
  for number in 0..<classes.count {
    let column = classes.columns + number
    let found = classNumber(of: row[Int(column.pointee.input)], column, classes.values)
    states[input.columnCount &+ number] = UInt16(
      truncatingIfNeeded: classes.rowOfClass[Int(column.pointee.firstClass) &+ found])
  }
}
