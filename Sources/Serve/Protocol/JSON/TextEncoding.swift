/// The encoding of a JSON text, found as Python's `json` finds it: by its mark, or by where
/// its zero bytes are.
enum TextEncoding: Equatable {
  /// UTF-8 after as many bytes of a mark.
  case utf8(markSize: Int)
  case utf16(isBigEndian: Bool, markSize: Int)
  case utf32(isBigEndian: Bool, markSize: Int)

  init(of text: Span<UInt8>) {
    func begins(_ bytes: UInt8...) -> Bool {
      text.count >= bytes.count && bytes.indices.allSatisfy { text[$0] == bytes[$0] }
    }
    // Nearly all bodies begin with `{` and no zero.
    guard text.count >= 2, text[0] >= 0xEF || text[0] == 0 || text[1] == 0 else {
      self = .utf8(markSize: 0)
      return
    }
    if begins(0x00, 0x00, 0xFE, 0xFF) {
      self = .utf32(isBigEndian: true, markSize: 4)
    } else if begins(0xFF, 0xFE, 0x00, 0x00) {
      self = .utf32(isBigEndian: false, markSize: 4)
    } else if begins(0xFE, 0xFF) {
      self = .utf16(isBigEndian: true, markSize: 2)
    } else if begins(0xFF, 0xFE) {
      self = .utf16(isBigEndian: false, markSize: 2)
    } else if begins(0xEF, 0xBB, 0xBF) {
      self = .utf8(markSize: 3)
    } else if text.count >= 4 && text[0] == 0 {
      self =
        text[1] == 0
        ? .utf32(isBigEndian: true, markSize: 0) : .utf16(isBigEndian: true, markSize: 0)
    } else if text.count >= 4 && text[1] == 0 {
      self =
        text[2] == 0 && text[3] == 0
        ? .utf32(isBigEndian: false, markSize: 0) : .utf16(isBigEndian: false, markSize: 0)
    } else if text.count == 2 && (text[0] == 0 || text[1] == 0) {
      self = .utf16(isBigEndian: text[0] == 0, markSize: 0)
    } else {
      self = .utf8(markSize: 0)
    }
  }

  /// The text in UTF-8, of which Python takes halves of surrogate pairs too; nil where it is
  /// not in this encoding. Not for texts that are in UTF-8.
  func decode(_ text: Span<UInt8>) -> [UInt8]? {
    switch self {
    case .utf8(let markSize):
      return text.extracting(markSize...).withUnsafeBufferPointer(Array.init)
    case .utf16(let isBigEndian, let markSize):
      return Self.decode(text, from: markSize, unitSize: 2, isBigEndian)
    case .utf32(let isBigEndian, let markSize):
      return Self.decode(text, from: markSize, unitSize: 4, isBigEndian)
    }
  }

  private static func decode(
    _ text: Span<UInt8>, from start: Int, unitSize: Int, _ isBigEndian: Bool
  ) -> [UInt8]? {
    guard (text.count - start) % unitSize == 0 else { return nil }
    var decoded: [UInt8] = []
    decoded.reserveCapacity((text.count - start) / unitSize)
    var lead: UInt32?
    for place in stride(from: start, to: text.count, by: unitSize) {
      var unit: UInt32 = 0
      for byte in 0..<unitSize {
        unit = unit << 8 | UInt32(text[place + (isBigEndian ? byte : unitSize - 1 - byte)])
      }
      guard unit <= 0x10FFFF else { return nil }
      if unitSize == 2, let first = lead {
        lead = nil
        if (0xDC00...0xDFFF).contains(unit) {
          append(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00), to: &decoded)
          continue
        }
        append(first, to: &decoded)
      }
      if unitSize == 2, (0xD800...0xDBFF).contains(unit) {
        lead = unit
      } else {
        append(unit, to: &decoded)
      }
    }
    if let lead { append(lead, to: &decoded) }
    return decoded
  }

  /// Appends a code point, or half of a surrogate pair, in the form of UTF-8.
  private static func append(_ point: UInt32, to bytes: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(point >> shift & 0x3F) }
    switch point {
    case ..<0x80: bytes.append(UInt8(point))
    case ..<0x800: bytes += [0xC0 | UInt8(point >> 6), tail(0)]
    case ..<0x10000: bytes += [0xE0 | UInt8(point >> 12), tail(6), tail(0)]
    default: bytes += [0xF0 | UInt8(point >> 18), tail(12), tail(6), tail(0)]
    }
  }
}
