import TextCodec

/// Halves of surrogate pairs, which Python's `json` lets pass and pandas cannot store.
enum LoneSurrogate {
  /// What Python says of the first text that has one; nil where none has.
  static func error(in texts: KeyIndex) -> String? {
    guard texts.contains(byte: leadByte) else { return nil }
    for number in 0..<texts.count { if let error = error(in: texts[number]) { return error } }
    return nil
  }

  static func error(in text: borrowing JSONString) -> String? {
    guard text.hasEscapes || text.rawBytes.contains(leadByte) else { return nil }
    return error(in: text.makeBytes())
  }

  static func isIn(_ text: Span<UInt8>) -> Bool {
    text.contains(leadByte) && error(in: text.withUnsafeBufferPointer { Array($0) }) != nil
  }

  /// All of them, and hardly anything else, begin so in UTF-8.
  private static let leadByte: UInt8 = 0xED

  private static func error(in text: [UInt8]) -> String? {
    func isSurrogate(_ place: Int) -> Bool {
      place + 2 < text.count && text[place] == leadByte && text[place + 1] >= 0xA0
    }
    guard let start = text.indices.first(where: isSurrogate) else { return nil }
    var end = start
    while isSurrogate(end) { end += 3 }
    // Characters before it: bytes that do not continue one.
    let position = text[..<start].count { $0 & 0xC0 != 0x80 }
    let count = (end - start) / 3
    guard count == 1 else {
      return "'utf-8' codec can't encode characters in position \(position)-"
        + "\(position + count - 1): surrogates not allowed"
    }
    let unit = 0xD000 | Int(text[start + 1] & 0x3F) << 6 | Int(text[start + 2] & 0x3F)
    return "'utf-8' codec can't encode character '\\u\(String(unit, radix: 16))' in position "
      + "\(position): surrogates not allowed"
  }
}

extension Span where Element == UInt8 {
  fileprivate func contains(_ byte: UInt8) -> Bool {
    for index in indices where self[index] == byte { return true }
    return false
  }
}

extension JSONString {
  /// The content in UTF-8.
  func makeBytes() -> [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }
}
