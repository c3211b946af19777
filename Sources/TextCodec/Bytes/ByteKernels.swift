#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few places where bytes are touched more than one at a time.
///
/// Every `@inlinable` or internal kernel states the range it reads; callers
/// check it once, outside their loops.
@usableFromInline
enum ByteKernels {
  /// Eight bytes from `offset`, the first one in the lowest bits.
  /// Requires `0 <= offset` and `offset + 8 <= bytes.count`.
  @inline(__always)
  static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    let raw = bytes.bytes
    return UInt64(
      littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// The offset of the first `byte` in `bytes` at or after `start`, or nil.
  /// Requires `0 <= start <= bytes.count`.
  @usableFromInline
  static func firstOffset(of byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int? {
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, start < buffer.count else { return nil }
      guard let hit = memchr(base + start, Int32(byte), buffer.count - start) else { return nil }
      return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }

  /// Whether the bytes of both are the same.
  static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return memcmp(first, second, left.count) == 0
      }
    }
  }

  /// The high bit of every byte of `word` that equals `byte`; bytes above the
  /// first hit may be marked falsely, so only the lowest mark may be used.
  @inline(__always)
  static func lowestMatch(_ word: UInt64, _ byte: UInt8) -> UInt64 {
    lowestMatch(word, broadcast: broadcast(byte))
  }

  /// As ``lowestMatch(_:_:)`` for a byte that was already spread over the word.
  @inline(__always)
  static func lowestMatch(_ word: UInt64, broadcast pattern: UInt64) -> UInt64 {
    let difference = word ^ pattern
    return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
  }

  /// `byte` in all eight places.
  @inline(__always)
  static func broadcast(_ byte: UInt8) -> UInt64 {
    UInt64(byte) &* 0x0101_0101_0101_0101
  }
}
