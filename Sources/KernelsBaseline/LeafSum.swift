import KernelViews

/// Adds the values of the leaves of trees `first..<end` to `sums`, one by one in tree order.
///
/// - Preconditions: `leaves` has the number of each tree's leaf, `sums` one element an output.
@inline(__always)
func sumLeaves<Value: BinaryFloatingPoint>(
  _ view: LeafSumView<Value>, _ first: Int, _ end: Int, _ leaves: UnsafePointer<UInt16>,
  _ sums: UnsafeMutablePointer<Value>
) {
  let values = view.values
  let starts = view.starts
  var t = first
  if let outputs = view.outputs {
    while t < end {
      sums[Int(outputs[t])] += values[Int(starts[t]) &+ Int(leaves[t])]
      t = t &+ 1
    }
  } else {
    var sum = sums[0]
    while t < end {
      sum += values[Int(starts[t]) &+ Int(leaves[t])]
      t = t &+ 1
    }
    sums[0] = sum
  }
}
