/// What comes before the root element of an XML document: read by ourselves, because a type
/// declaration must never reach a parser.
struct XMLProlog {
  /// The document in UTF-8, where it is in UTF-16; nil where it can be taken as it is.
  private(set) var converted: [UInt8]?

  /// - Throws: ``Fault`` where the document has a type declaration.
  init(_ bytes: Span<UInt8>) throws(Fault) {
    converted = Self.convertedUTF16(bytes)
    if let converted {
      try Self.check(converted.span)
    } else {
      try Self.check(bytes)
    }
  }

  /// Whether this may be an XML document.
  static func recognizes(_ bytes: Span<UInt8>) -> Bool {
    if utf16(bytes) != nil { return true }
    var place = bytes.hasPrefix("\u{FEFF}") ? 3 : 0
    while place < bytes.count, isBlank(bytes[place]) { place += 1 }
    return place < bytes.count && bytes[place] == UInt8(ascii: "<")
  }

  static func typeDeclaration(line: Int) -> Fault {
    Fault(
      .unsupported, at: nil, key: "line \(line), DOCTYPE",
      "the document has a type declaration, which is never read: it may define entities",
      remedy: "Remove the declaration; PMML needs none")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// Walks over declarations and comments to the first tag.
  private static func check(_ bytes: Span<UInt8>) throws(Fault) {
    var place = bytes.hasPrefix("\u{FEFF}") ? 3 : 0
    var line = 1
    /// Goes behind `end`, if it is there.
    func skip(behind end: StaticString) {
      let length = end.utf8CodeUnitCount
      while place + length <= bytes.count {
        let isEnd = end.withUTF8Buffer { end in
          (0..<length).allSatisfy { bytes[place + $0] == end[$0] }
        }
        if isEnd {
          place += length
          return
        }
        if bytes[place] == 0x0A { line += 1 }
        place += 1
      }
      place = bytes.count
    }
    while place < bytes.count {
      if isBlank(bytes[place]) {
        if bytes[place] == 0x0A { line += 1 }
        place += 1
        continue
      }
      let rest = bytes.extracting(place..<bytes.count)
      if rest.hasPrefix("<?") {
        skip(behind: "?>")
      } else if rest.hasPrefix("<!--") {
        place += 4
        skip(behind: "-->")
      } else if rest.hasPrefix("<!") {
        throw typeDeclaration(line: line)
      } else {
        return
      }
    }
  }

  /// Whether the bytes are UTF-16, and in which order: by a byte order mark or the first tag.
  private static func utf16(_ bytes: Span<UInt8>) -> (isBigEndian: Bool, start: Int)? {
    guard bytes.count >= 4 else { return nil }
    switch (bytes[0], bytes[1]) {
    case (0xFE, 0xFF): return (true, 2)
    case (0xFF, 0xFE): return (false, 2)
    case (0x00, 0x3C): return (true, 0)
    case (0x3C, 0x00): return (false, 0)
    default: return nil
    }
  }

  private static func convertedUTF16(_ bytes: Span<UInt8>) -> [UInt8]? {
    guard let (isBigEndian, start) = utf16(bytes) else { return nil }
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for place in stride(from: start, to: bytes.count - 1, by: 2) {
      let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
      units.append(isBigEndian ? first << 8 | second : second << 8 | first)
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
