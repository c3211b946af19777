/// Makes members of gzip data without compression: one stored block of at most 65535 bytes.
enum GzipMember {
  static func stored(_ content: [UInt8], checksum: UInt32? = nil) -> [UInt8] {
    precondition(content.count <= 0xFFFF)
    let size = UInt16(content.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + bytes(size) + bytes(~size) + content
      + bytes(checksum ?? crc32(content)) + bytes(UInt32(content.count))
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func crc32(_ content: [UInt8]) -> UInt32 {
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in content {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~checksum
  }
}
