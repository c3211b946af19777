/// Looks values up in tables that fit the registers, where the processor can.
enum SmallTables {
  /// The longest code, in bits, that the two functions below are faster for; 0 for none.
  @inline(__always) static var doubleBits: UInt32 { 0 }
  @inline(__always) static var floatBits: UInt32 { 0 }

  @inline(__always)
  static func addValues(
    _ values: UnsafePointer<Double>, bits: UInt32, _ codes: UnsafePointer<UInt8>,
    to sums: UnsafeMutablePointer<Double>, _ count: Int
  ) {}

  @inline(__always)
  static func addValues(
    _ values: UnsafePointer<Float>, bits: UInt32, _ codes: UnsafePointer<UInt8>,
    to sums: UnsafeMutablePointer<Float>, _ count: Int
  ) {}
}
