import KernelViews

/// Runs a tree's program: a multiplexer a step, for all rows of the block at once.
@inline(__always)
func run<P: Plane>(
  _ tree: UnsafePointer<BlockTree>, _ operations: UnsafePointer<PlaneOperation>,
  _ planes: UnsafeMutablePointer<P>
) {
  var operation = operations + Int(tree.pointee.firstOperation)
  let end = operations + Int(tree.pointee.endOperation)
  while operation < end {
    let step = operation.pointee
    let onFalse = planes[Int(step.onFalse)]
    let onTrue = planes[Int(step.onTrue)]
    let predicate = planes[Int(step.predicate)]
    planes[Int(step.destination)] = onFalse ^ (predicate & (onFalse ^ onTrue))
    operation += 1
  }
}

/// Turns the planes of a tree's leaf code into bytes: the low 8 bits of every row, then, where
/// the code is longer, the high ones.
@inline(__always)
func putTreeCodes<P: Plane>(
  _ tree: UnsafePointer<BlockTree>, _ codePlanes: UnsafePointer<UInt16>,
  _ planes: UnsafeMutablePointer<P>, _ codes: UnsafeMutablePointer<UInt8>
) {
  let numbers = codePlanes + Int(tree.pointee.firstCodePlane)
  var octet = PlaneOctet<P>(planes, numbers)
  octet.transpose()
  octet.store(to: codes)
  guard tree.pointee.codeBits > 8 else { return }
  octet = PlaneOctet<P>(planes, numbers + 8)
  octet.transpose()
  octet.store(to: codes + P.byteCount &* 8)
}
