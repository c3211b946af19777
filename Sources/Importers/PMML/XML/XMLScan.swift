import TextCodec
import TreeIR

/// Looks over a document before libxml2 sees it, and refuses what that would need minutes for: its
/// time grows with the square of the length of a tag, and of the number of attributes in one. A
/// type declaration is found wherever it stands.
///
/// Only what decides where a piece of markup ends is looked at; whether the document is well-formed
/// is left to libxml2. Up to its first error both see the same pieces, and it is not asked further.
struct XMLScan: ~Escapable {
  /// What a document may have; what trees need is far below.
  struct Limits {
    /// Of a tag, with its attributes.
    var tagBytes = 1 << 20
    var attributes = 256
    /// Of a comment, an instruction or a CDATA section.
    var markupBytes = 1 << 20
  }

  private let bytes: Span<UInt8>
  private let limits: Limits
  private let forbidsSections: Bool

  /// - Parameters:
  ///   - bytes: The document, in an encoding that has bytes below 128 for nothing but ASCII; but
  ///     see `forbidsSections`.
  ///   - forbidsSections: Whether CDATA sections are refused: for encodings where a `]` may be half
  ///     of a character.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, limits: Limits, forbidsSections: Bool) {
    (self.bytes, self.limits, self.forbidsSections) = (bytes, limits, forbidsSections)
  }

  /// Shorter tags cannot have too many attributes: `a="" ` is the shortest.
  private var harmlessBytes: Int { min(limits.attributes * 5, limits.tagBytes) }

  /// - Throws: ``Fault`` with the line.
  func check() throws(Fault) {
    let harmless = harmlessBytes
    var cursor = ByteCursor(bytes)
    guard var place = cursor.firstOffset(of: UInt8(ascii: "<")) else { return }
    while place < bytes.count {
      cursor.position = place + 1
      let second = place + 1 < bytes.count ? bytes[place + 1] : 0
      if second == UInt8(ascii: "!") || second == UInt8(ascii: "?") {
        cursor.position = try endOfMarkup(place)
        guard let next = cursor.firstOffset(of: UInt8(ascii: "<")) else { return }
        place = next
        continue
      }
      // No `<` stands in a tag: not even in the value of an attribute.
      let next = cursor.firstOffset(of: UInt8(ascii: "<")) ?? bytes.count
      if next - place > harmless { try checkTag(place..<next) }
      place = next
    }
  }

  // MARK: Tags

  /// Checks the tag at the beginning of `range`; behind it is text.
  private func checkTag(_ range: Range<Int>) throws(Fault) {
    var quote: UInt8?
    var attributes = 0
    for place in range {
      let byte = bytes[place]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "=") {
        attributes += 1
        guard attributes <= limits.attributes else {
          throw fault(
            .limit, at: range.lowerBound, name(at: range.lowerBound),
            "an element has more than \(limits.attributes) attributes", Self.shorten)
        }
      } else if byte == UInt8(ascii: ">") {
        return
      }
      guard place - range.lowerBound < limits.tagBytes else {
        throw fault(
          .limit, at: range.lowerBound, name(at: range.lowerBound),
          "a tag is longer than \(limits.tagBytes) bytes", Self.shorten)
      }
    }
  }

  private static let shorten =
    "No model needs that: correct the program that wrote the file"

  /// The element's name, or the beginning of it.
  private func name(at place: Int) -> String {
    var end = place + 1
    while end < bytes.count, end - place <= 40, Self.isInName(bytes[end]) { end += 1 }
    return String(decoding: (place + 1..<end).map { bytes[$0] }, as: UTF8.self)
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "_"),
      UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  // MARK: Comments, instructions and sections

  /// Where the comment, instruction or section that begins at `place` ends.
  private func endOfMarkup(_ place: Int) throws(Fault) -> Int {
    let rest = bytes.extracting(place..<bytes.count)
    if rest.hasPrefix("<?") {
      return try end(of: "an instruction", at: place, from: place + 2, byte: "?", times: 1)
    }
    if rest.hasPrefix("<!--") {
      return try end(of: "a comment", at: place, from: place + 4, byte: "-", times: 2)
    }
    if rest.hasPrefix("<![CDATA[") {
      guard !forbidsSections else {
        throw fault(
          .unsupported, at: place, "CDATA",
          "CDATA sections are read only where the document is in Unicode or has a byte a character",
          "Save the document in UTF-8")
      }
      return try end(of: "a CDATA section", at: place, from: place + 9, byte: "]", times: 2)
    }
    throw XMLBytes.typeDeclaration(line: line(of: place))
  }

  /// Where the markup ends that begins at `place`: behind the first `>` from `start` on that stands
  /// behind so many of `byte`.
  private func end(
    of kind: String, at place: Int, from start: Int, byte: Unicode.Scalar, times: Int
  ) throws(Fault) -> Int {
    let byte = UInt8(ascii: byte)
    var cursor = ByteCursor(bytes)
    cursor.position = start
    while let close = cursor.firstOffset(of: UInt8(ascii: ">")) {
      let isEnd =
        close - times >= start && (1...times).allSatisfy { bytes[close - $0] == byte }
      guard close - place < limits.markupBytes else { break }
      if isEnd { return close + 1 }
      cursor.position = close + 1
    }
    guard bytes.count - place >= limits.markupBytes else {
      throw fault(
        .truncated, at: place, "", "\(kind) does not end", Remedy.completeCopy)
    }
    throw fault(
      .limit, at: place, "", "\(kind) is longer than \(limits.markupBytes) bytes",
      "Remove it, or, if it was meant to end earlier, end it")
  }

  // MARK: Places

  private func fault(
    _ code: ImportError.Code, at place: Int, _ name: String, _ message: String, _ remedy: String
  ) -> Fault {
    let line = "line \(line(of: place))"
    return Fault(
      code, at: nil, key: name.isEmpty ? line : "\(line), \(name)", message, remedy: remedy)
  }

  private func line(of place: Int) -> Int {
    var line = 1
    for index in 0..<place where bytes[index] == 0x0A { line += 1 }
    return line
  }
}
