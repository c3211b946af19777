/// The XXH64 hash (seed 0) of bytes, as `xxhsum -H64` computes it: fast enough to check a
/// whole file whenever it is opened. It finds damage; it is no protection from forgery.
///
/// Source: the xxHash specification, version 0.1.1.
public func xxh64(_ bytes: Span<UInt8>) -> UInt64 {
  bytes.withUnsafeBytes { xxh64Kernel($0) }
}

private let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
private let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
private let prime3: UInt64 = 0x1656_67B1_9E37_79F9
private let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
private let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

private func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
  value &<< count | value &>> (64 - count)
}

private func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 {
  rotate(accumulator &+ lane &* prime2, 31) &* prime1
}

private func xxh64Kernel(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  func lane(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
  var position = 0
  var hash: UInt64
  if bytes.count >= 32 {
    var a = prime1 &+ prime2
    var b = prime2
    var c: UInt64 = 0
    var d = 0 &- prime1
    while position + 32 <= bytes.count {
      a = round(a, lane(position))
      b = round(b, lane(position + 8))
      c = round(c, lane(position + 16))
      d = round(d, lane(position + 24))
      position += 32
    }
    hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
    for accumulator in [a, b, c, d] {
      hash = (hash ^ round(0, accumulator)) &* prime1 &+ prime4
    }
  } else {
    hash = prime5
  }
  hash &+= UInt64(bytes.count)
  while position + 8 <= bytes.count {
    hash = rotate(hash ^ round(0, lane(position)), 27) &* prime1 &+ prime4
    position += 8
  }
  if position + 4 <= bytes.count {
    let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    hash = rotate(hash ^ UInt64(word) &* prime1, 23) &* prime2 &+ prime3
    position += 4
  }
  while position < bytes.count {
    hash = rotate(hash ^ UInt64(bytes[position]) &* prime5, 11) &* prime1
    position += 1
  }
  hash = (hash ^ hash >> 33) &* prime2
  hash = (hash ^ hash >> 29) &* prime3
  return hash ^ hash >> 32
}
