/// What is done with the bytes of an XML document before a parser sees them: they are converted,
/// and looked over, because a type declaration must never reach a parser.
struct XMLBytes {
  /// The document in UTF-8, where it is in UTF-16; nil where it can be taken as it is.
  private(set) var converted: [UInt8]?

  /// - Throws: ``Fault`` where the document has a type declaration, a piece of markup that is too
  ///   long, or an encoding that is not known.
  init(_ bytes: Span<UInt8>, limits: XMLScan.Limits) throws(Fault) {
    converted = Self.convertedUTF16(bytes)
    if let converted {
      try XMLScan(converted.span, limits: limits, forbidsSections: false).check()
    } else {
      let encoding = Self.declaredEncoding(bytes) ?? "UTF-8"
      let hasDoubleBytes = try Self.hasDoubleBytes(encoding)
      try XMLScan(bytes, limits: limits, forbidsSections: hasDoubleBytes).check()
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

  /// What the declaration says the encoding is; nil where it says nothing.
  private static func declaredEncoding(_ bytes: Span<UInt8>) -> String? {
    var place = bytes.hasPrefix("\u{FEFF}") ? 3 : 0
    guard bytes.hasPrefix("<?xml", at: place) else { return nil }
    // A declaration is short, and `encoding` stands in no other part of it.
    let end = min(bytes.count, place + 1000)
    while place < end, !bytes.hasPrefix("?>", at: place) {
      guard bytes.hasPrefix("encoding", at: place) else {
        place += 1
        continue
      }
      place += 8
      while place < end, isBlank(bytes[place]) || bytes[place] == UInt8(ascii: "=") { place += 1 }
      guard place < end else { return nil }
      let quote = bytes[place]
      let start = place + 1
      place = start
      while place < end, bytes[place] != quote, bytes[place] != UInt8(ascii: ">") { place += 1 }
      return String(decoding: (start..<place).prefix(40).map { bytes[$0] }, as: UTF8.self)
    }
    return nil
  }

  /// Whether a `]` may be half of a character in the encoding.
  ///
  /// - Throws: ``Fault`` where bytes below 128 may stand for something else than in ASCII, so that
  ///   tags could not be told from other things.
  private static func hasDoubleBytes(_ encoding: String) throws(Fault) -> Bool {
    let name = encoding.uppercased().filter { $0 != "-" && $0 != "_" }
    let single = [
      "UTF8", "ASCII", "USASCII", "ISO8859", "LATIN", "WINDOWS12", "CP12", "KOI8", "EUC", "TIS620",
      "CP437", "CP85", "CP866", "IBM437", "IBM85", "IBM866", "MACINTOSH", "L1",
    ]
    let double = [
      "SHIFTJIS", "SJIS", "MSKANJI", "WINDOWS31J", "CP932", "GBK", "GB2312", "GB18030", "CP936",
      "BIG5", "CP950", "CP949",
    ]
    if single.contains(where: { name.hasPrefix($0) }) { return false }
    if double.contains(where: { name.hasPrefix($0) }) { return true }
    throw Fault(
      .unsupported, at: nil, key: "line 1",
      "the document says that its encoding is '\(encoding)': it is not, or treec does not read it",
      remedy: "Save the document in UTF-8")
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
