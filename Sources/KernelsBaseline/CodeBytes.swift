/// Turns eight planes into bytes, a byte a row.
enum CodeBytes {
  /// - Parameter bits: How many of the planes may have ones; they are the first.
  @inline(__always)
  static func put<P: Plane>(
    _ planes: UnsafePointer<P>, _ numbers: UnsafePointer<UInt16>, bits: UInt32,
    to bytes: UnsafeMutablePointer<UInt8>
  ) {
    var octet = PlaneOctet<P>(planes, numbers)
    octet.transpose()
    octet.store(to: bytes)
  }
}
