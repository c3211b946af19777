/// Looks values up in tables that fit the registers, where the processor can.
enum SmallTables {
  /// Codes of fewer bits than this are for the two functions below.
  @inline(__always) static var doubleLimit: UInt32 { 0 }
  @inline(__always) static var floatLimit: UInt32 { 0 }

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
