import KernelViews

/// Adds the leaf values of trees `first..<end` to `sums`, one by one in tree order.
///
/// - Preconditions: 0 <= first <= end <= number of trees; `predicates` has a byte, 0 or 1,
///   for every predicate, `sums` has an element for every output.
@inline(__always)
func walkGroups<Value: BinaryFloatingPoint>(
  _ view: DepthWalkView<Value>, _ first: Int, _ end: Int, _ predicates: UnsafePointer<UInt8>,
  _ sums: UnsafeMutablePointer<Value>
) {
  if let all = view.narrow {
    walk(view, first, end, sums) { start, i in
      i &+ i &+ Int(predicates[Int(all[start &+ i])])
    }
  } else if let all = view.wide {
    walk(view, first, end, sums) { start, i in
      i &+ i &+ Int(predicates[Int(all[start &+ i])])
    }
  }
}

@inline(__always)
private func walk<Value: BinaryFloatingPoint>(
  _ view: DepthWalkView<Value>, _ first: Int, _ end: Int, _ sums: UnsafeMutablePointer<Value>,
  _ step: (Int, Int) -> Int
) {
  var group = first &>> 3
  var sum = sums[0]
  while group &<< 3 < end {
    let start = Int(view.nodeStarts[group])
    let depth = Int(view.depths[group])
    var i0 = 8
    var i1 = 9
    var i2 = 10
    var i3 = 11
    var i4 = 12
    var i5 = 13
    var i6 = 14
    var i7 = 15
    var level = depth
    while level > 0 {
      i0 = step(start, i0)
      i1 = step(start, i1)
      i2 = step(start, i2)
      i3 = step(start, i3)
      i4 = step(start, i4)
      i5 = step(start, i5)
      i6 = step(start, i6)
      i7 = step(start, i7)
      level = level &- 1
    }
    let values = view.values + (Int(view.valueStarts[group]) &- (8 &<< depth))
    let base = group &<< 3
    if view.outputs == nil && base >= first && end &- base >= 8 {
      sum += values[i0]
      sum += values[i1]
      sum += values[i2]
      sum += values[i3]
      sum += values[i4]
      sum += values[i5]
      sum += values[i6]
      sum += values[i7]
    } else {
      sums[0] = sum
      @inline(__always) func add(_ k: Int, _ i: Int) {
        if base &+ k < first || base &+ k >= end { return }
        var output = 0
        if let outputs = view.outputs { output = Int(outputs[base &+ k]) }
        sums[output] += values[i]
      }
      add(0, i0)
      add(1, i1)
      add(2, i2)
      add(3, i3)
      add(4, i4)
      add(5, i5)
      add(6, i6)
      add(7, i7)
      sum = sums[0]
    }
    group = group &+ 1
  }
  sums[0] = sum
}
