import KernelViews

/// Runs the program of a tree: a multiplexer a step, for all rows of the block at once.
@inline(__always)
func run<P: Plane>(
  _ tree: UnsafePointer<BlockTree>, _ operations: UnsafePointer<PlaneOperation>,
  _ planes: UnsafeMutablePointer<P>
) {
  var operation = operations + Int(tree.pointee.firstOperation)
  let end = operations + Int(tree.pointee.endOperation)
  // Four steps, as many as `ProgramView.operationMultiple`: how fast a loop of one is depends on
  // where in memory it happens to lie.
  while operation < end {
    step(operation, planes)
    step(operation + 1, planes)
    step(operation + 2, planes)
    step(operation + 3, planes)
    step(operation + 4, planes)
    step(operation + 5, planes)
    step(operation + 6, planes)
    step(operation + 7, planes)
    operation += 8
  }
}

@inline(__always)
private func step<P: Plane>(
  _ operation: UnsafePointer<PlaneOperation>, _ planes: UnsafeMutablePointer<P>
) {
  let (predicate, onFalse, onTrue, destination) = numbers(of: operation, P.self)
  let other = planes[onFalse]
  planes[destination] = other ^ (planes[predicate] & (other ^ planes[onTrue]))
}

/// The planes of an operation. A step does little but load, four numbers and three planes, and so the
/// numbers are loaded together where taking them apart is found to take less time.
@inline(__always)
private func numbers<P: Plane>(
  of operation: UnsafePointer<PlaneOperation>, _ type: P.Type
) -> (predicate: Int, onFalse: Int, onTrue: Int, destination: Int) {
  let raw = UnsafeRawPointer(operation)
  switch P.byteCount {
  case 8:
    let first = UInt32(littleEndian: raw.load(as: UInt32.self))
    let second = UInt32(littleEndian: raw.load(fromByteOffset: 4, as: UInt32.self))
    return (Int(first & 0xFFFF), Int(first &>> 16), Int(second & 0xFFFF), Int(second &>> 16))
  case 64:
    let all = UInt64(littleEndian: raw.load(as: UInt64.self))
    return (
      Int(all & 0xFFFF), Int(all &>> 16 & 0xFFFF), Int(all &>> 32 & 0xFFFF), Int(all &>> 48)
    )
  default:
    let each = operation.pointee
    return (Int(each.predicate), Int(each.onFalse), Int(each.onTrue), Int(each.destination))
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
  let bits = tree.pointee.codeBits
  CodeBytes.put(planes, numbers, bits: bits, to: codes)
  guard bits > 8 else { return }
  CodeBytes.put(planes, numbers + 8, bits: bits &- 8, to: codes + P.byteCount &* 8)
}
