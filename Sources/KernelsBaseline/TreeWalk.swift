import KernelViews

/// Finds the leaf of one row in every tree of `first..<end`.
///
/// Walker k takes trees first + k, first + k + walkerCount and so on. It does not stop at a leaf:
/// the leaf leads to the root of its next tree, so that no walker waits for the deepest tree and no
/// branch depends on the row before the end. Every step writes the node's `cell` to the place of
/// its tree in `leaves`; the last one written is the leaf's number. A walker that is done goes on
/// with trees past the end until the others are.
///
/// - Preconditions: 0 <= first <= end <= treeCount. `cells` has as many bytes as the builder says,
///   all initialised; `leaves` has treeCount + walkerCount elements.
/// - Postcondition: `leaves[t]` is the leaf of tree t for first <= t < end; others may be written.
@inline(__always)
func walkAllTrees(
  _ view: TreeWalkView, first: Int, end: Int, cells: UnsafePointer<UInt8>,
  leaves: UnsafeMutablePointer<UInt16>
) {
  if let nodes = view.narrow {
    let shift = UInt(view.shift)
    walk(view, first, end) { i in
      let node = nodes + i
      let cell = node.pointee.cell
      leaves[Int(bitPattern: UInt(bitPattern: i) &>> shift)] = UInt16(truncatingIfNeeded: cell)
      let above = cells[Int(cell)] > node.pointee.bound
      return i &+ Int(node.pointee.skip) &+ (above ? 1 : 0)
    }
  } else if let nodes = view.wide {
    walk(view, first, end) { i in
      let node = nodes + i
      let cell = node.pointee.cell
      leaves[Int(node.pointee.tree)] = cell
      let above = cells[Int(cell)] > node.pointee.bound
      return i &+ Int(node.pointee.skip) &+ (above ? 1 : 0)
    }
  }
}

@inline(__always)
private func walk(_ view: TreeWalkView, _ first: Int, _ end: Int, _ step: (Int) -> Int) {
  if first >= end { return }
  let roots = view.roots + first
  let past = Int(view.roots[end])
  var i0 = Int(roots[0])
  var i1 = Int(roots[1])
  var i2 = Int(roots[2])
  var i3 = Int(roots[3])
  var i4 = Int(roots[4])
  var i5 = Int(roots[5])
  var i6 = Int(roots[6])
  var i7 = Int(roots[7])
  var behind = 0
  repeat {
    var round = 0
    while round < 4 {
      i0 = step(i0)
      i1 = step(i1)
      i2 = step(i2)
      i3 = step(i3)
      i4 = step(i4)
      i5 = step(i5)
      i6 = step(i6)
      i7 = step(i7)
      round = round &+ 1
    }
    behind = (i0 &- past) | (i1 &- past)
    behind |= (i2 &- past) | (i3 &- past)
    behind |= (i4 &- past) | (i5 &- past)
    behind |= (i6 &- past) | (i7 &- past)
  } while behind < 0
}
