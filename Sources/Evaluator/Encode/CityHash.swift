/// CityHash64, version 1.0: the hash by which CatBoost turns categories into numbers. It is
/// not the later 1.1, which gives other results.
///
/// Source: CityHash 1.0 as published by Google in 2011; CatBoost's `util/digest/city`.
enum CityHash {
  private static let k0: UInt64 = 0xC3A5_C85C_97CB_3127
  private static let k1: UInt64 = 0xB492_B66F_BE98_F273
  private static let k2: UInt64 = 0x9AE1_6A3B_2F90_404F
  private static let k3: UInt64 = 0xC949_D7C7_509E_6557

  /// The low 32 bits of the hash, signed, as CatBoost uses them.
  static func hash32(_ text: Span<UInt8>) -> Int32 {
    Int32(truncatingIfNeeded: hash64(text))
  }

  /// The hash of `text`.
  static func hash64(_ text: Span<UInt8>) -> UInt64 {
    text.withUnsafeBytes { bytes in
      switch bytes.count {
      case ...16: upTo16(bytes)
      case ...32: upTo32(bytes)
      case ...64: upTo64(bytes)
      default: long(bytes)
      }
    }
  }

  private typealias Bytes = UnsafeRawBufferPointer

  private static func word(_ bytes: Bytes, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private static func halfWord(_ bytes: Bytes, _ offset: Int) -> UInt64 {
    UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  private static func rotate(_ value: UInt64, _ count: Int) -> UInt64 {
    count == 0 ? value : value >> UInt64(count) | value << UInt64(64 - count)
  }

  private static func shiftMix(_ value: UInt64) -> UInt64 {
    value ^ value >> 47
  }

  private static func combine(_ low: UInt64, _ high: UInt64) -> UInt64 {
    let multiplier: UInt64 = 0x9DDF_EA08_EB38_2D69
    let a = shiftMix((low ^ high) &* multiplier)
    return shiftMix((high ^ a) &* multiplier) &* multiplier
  }

  private static func upTo16(_ bytes: Bytes) -> UInt64 {
    let count = bytes.count
    if count > 8 {
      let a = word(bytes, 0)
      let b = word(bytes, count - 8)
      return combine(a, rotate(b &+ UInt64(count), count)) ^ b
    }
    if count >= 4 {
      return combine(UInt64(count) &+ halfWord(bytes, 0) << 3, halfWord(bytes, count - 4))
    }
    if count > 0 {
      let y = UInt64(bytes[0]) &+ UInt64(bytes[count >> 1]) << 8
      let z = UInt64(count) &+ UInt64(bytes[count - 1]) << 2
      return shiftMix(y &* k2 ^ z &* k3) &* k2
    }
    return k2
  }

  private static func upTo32(_ bytes: Bytes) -> UInt64 {
    let count = bytes.count
    let a = word(bytes, 0) &* k1
    let b = word(bytes, 8)
    let c = word(bytes, count - 8) &* k2
    let d = word(bytes, count - 16) &* k0
    return combine(
      rotate(a &- b, 43) &+ rotate(c, 30) &+ d,
      a &+ rotate(b ^ k3, 20) &- c &+ UInt64(count))
  }

  /// The part that both halves of ``upTo64(_:)`` share: two sums over four words.
  private static func sums(
    _ bytes: Bytes, first: UInt64, offsets: (Int, Int, Int)
  ) -> (UInt64, UInt64) {
    var a = first
    let z = word(bytes, offsets.2)
    var b = rotate(a &+ z, 52)
    var c = rotate(a, 37)
    a &+= word(bytes, offsets.0)
    c &+= rotate(a, 7)
    a &+= word(bytes, offsets.1)
    b &+= rotate(a, 31) &+ c
    return (a &+ z, b)
  }

  private static func upTo64(_ bytes: Bytes) -> UInt64 {
    let count = bytes.count
    let head = word(bytes, 0) &+ (UInt64(count) &+ word(bytes, count - 16)) &* k0
    let v = sums(bytes, first: head, offsets: (8, 16, 24))
    let tail = word(bytes, 16) &+ word(bytes, count - 32)
    let w = sums(bytes, first: tail, offsets: (count - 24, count - 16, count - 8))
    let mixed = shiftMix((v.0 &+ w.1) &* k2 &+ (w.0 &+ v.1) &* k0)
    return shiftMix(mixed &* k0 &+ v.1) &* k2
  }

  private static func weakHash(
    _ bytes: Bytes, _ offset: Int, _ seedA: UInt64, _ seedB: UInt64
  ) -> (UInt64, UInt64) {
    let z = word(bytes, offset + 24)
    var a = seedA &+ word(bytes, offset)
    var b = rotate(seedB &+ a &+ z, 21)
    let c = a
    a &+= word(bytes, offset + 8)
    a &+= word(bytes, offset + 16)
    b &+= rotate(a, 44)
    return (a &+ z, b &+ c)
  }

  private static func long(_ bytes: Bytes) -> UInt64 {
    let count = bytes.count
    var x = word(bytes, 0)
    var y = word(bytes, count - 16) ^ k1
    var z = word(bytes, count - 56) ^ k0
    var v = weakHash(bytes, count - 64, UInt64(count), y)
    var w = weakHash(bytes, count - 32, UInt64(count) &* k1, k0)
    z &+= shiftMix(v.1) &* k1
    x = rotate(z &+ x, 39) &* k1
    y = rotate(y, 33) &* k1
    for offset in stride(from: 0, to: (count - 1) & ~63, by: 64) {
      x = rotate(x &+ y &+ v.0 &+ word(bytes, offset + 16), 37) &* k1
      y = rotate(y &+ v.1 &+ word(bytes, offset + 48), 42) &* k1
      x ^= w.1
      y ^= v.0
      z = rotate(z ^ w.0, 33)
      v = weakHash(bytes, offset, v.1 &* k1, x &+ w.0)
      w = weakHash(bytes, offset + 32, z &+ w.1, y)
      swap(&z, &x)
    }
    return combine(
      combine(v.0, w.0) &+ shiftMix(y) &* k1 &+ z, combine(v.1, w.1) &+ x)
  }
}
