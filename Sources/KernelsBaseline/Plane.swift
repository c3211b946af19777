/// One bit for each row of a block: 64 to 512 rows.
///
/// Kernels are written once, generic over the width, and are specialised in this module for the
/// four there are.
protocol Plane: BitwiseCopyable {
  /// Whole bytes in a plane.
  static var byteCount: Int { get }
  /// All 64-bit words the same.
  static func repeating(_ word: UInt64) -> Self
  static func & (left: Self, right: Self) -> Self
  static func | (left: Self, right: Self) -> Self
  static func ^ (left: Self, right: Self) -> Self
  /// Every 64-bit word shifted to the left.
  func shiftedLeft(_ count: UInt64) -> Self
  /// Every 64-bit word shifted to the right.
  func shiftedRight(_ count: UInt64) -> Self
}

extension UInt64: Plane {
  @inline(__always) static var byteCount: Int { 8 }
  @inline(__always) static func repeating(_ word: UInt64) -> UInt64 { word }
  @inline(__always) func shiftedLeft(_ count: UInt64) -> UInt64 { self &<< count }
  @inline(__always) func shiftedRight(_ count: UInt64) -> UInt64 { self &>> count }
}

extension SIMD2<UInt64>: Plane {
  @inline(__always) static var byteCount: Int { 16 }
  @inline(__always) static func repeating(_ word: UInt64) -> Self { Self(repeating: word) }
  @inline(__always) func shiftedLeft(_ count: UInt64) -> Self { self &<< Self(repeating: count) }
  @inline(__always) func shiftedRight(_ count: UInt64) -> Self { self &>> Self(repeating: count) }
}

extension SIMD4<UInt64>: Plane {
  @inline(__always) static var byteCount: Int { 32 }
  @inline(__always) static func repeating(_ word: UInt64) -> Self { Self(repeating: word) }
  @inline(__always) func shiftedLeft(_ count: UInt64) -> Self { self &<< Self(repeating: count) }
  @inline(__always) func shiftedRight(_ count: UInt64) -> Self { self &>> Self(repeating: count) }
}

extension SIMD8<UInt64>: Plane {
  @inline(__always) static var byteCount: Int { 64 }
  @inline(__always) static func repeating(_ word: UInt64) -> Self { Self(repeating: word) }
  @inline(__always) func shiftedLeft(_ count: UInt64) -> Self { self &<< Self(repeating: count) }
  @inline(__always) func shiftedRight(_ count: UInt64) -> Self { self &>> Self(repeating: count) }
}
