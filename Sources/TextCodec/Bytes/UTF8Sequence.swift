/// Strict UTF-8, as of table 3-7 of the Unicode standard.
enum UTF8Sequence {
  /// The length of the well-formed sequence at `offset`, or nil if what is there is
  /// overlong, a surrogate (unless those are allowed), beyond U+10FFFF, cut short, or no
  /// start of a sequence.
  static func length(
    _ bytes: Span<UInt8>, at offset: Int, allowsSurrogates: Bool = false
  ) -> Int? {
    func byte(_ distance: Int) -> UInt8 {
      offset + distance < bytes.count ? bytes[offset + distance] : 0
    }
    func isContinuation(_ distance: Int) -> Bool { byte(distance) & 0xC0 == 0x80 }

    switch byte(0) {
    case 0x00...0x7F:
      return offset < bytes.count ? 1 : nil
    case 0xC2...0xDF:
      return isContinuation(1) ? 2 : nil
    case 0xE0...0xEF:
      let second: ClosedRange<UInt8>
      switch byte(0) {
      case 0xE0: second = 0xA0...0xBF
      case 0xED where !allowsSurrogates: second = 0x80...0x9F
      default: second = 0x80...0xBF
      }
      return second.contains(byte(1)) && isContinuation(2) ? 3 : nil
    case 0xF0...0xF4:
      let second: ClosedRange<UInt8>
      switch byte(0) {
      case 0xF0: second = 0x90...0xBF
      case 0xF4: second = 0x80...0x8F
      default: second = 0x80...0xBF
      }
      return second.contains(byte(1)) && isContinuation(2) && isContinuation(3) ? 4 : nil
    default:
      return nil
    }
  }
}
