import TextCodec

/// An element of a list of numbers separated by blanks.
protocol TextListElement {
  /// What an element must be, for messages.
  static var kind: StaticString { get }
  /// The element at `position`, which moves past it; nil where there is none.
  static func parse(_ bytes: Span<UInt8>, at position: inout Int) -> Self?
}

extension Double: TextListElement {
  static var kind: StaticString { "number" }
  static func parse(_ bytes: Span<UInt8>, at position: inout Int) -> Double? {
    DecimalParser.parseDouble(bytes, at: &position)
  }
}

extension Float: TextListElement {
  static var kind: StaticString { "number" }
  static func parse(_ bytes: Span<UInt8>, at position: inout Int) -> Float? {
    DecimalParser.parseFloat(bytes, at: &position)
  }
}

extension Int32: TextListElement {
  static var kind: StaticString { "integer of 32 bits" }
  static func parse(_ bytes: Span<UInt8>, at position: inout Int) -> Int32? {
    DecimalParser.parseInt32(bytes, at: &position)
  }
}

extension UInt32: TextListElement {
  static var kind: StaticString { "unsigned integer of 32 bits" }
  static func parse(_ bytes: Span<UInt8>, at position: inout Int) -> UInt32? {
    DecimalParser.parseUInt32(bytes, at: &position)
  }
}

extension Int64: TextListElement {
  static var kind: StaticString { "integer of 64 bits" }
  static func parse(_ bytes: Span<UInt8>, at position: inout Int) -> Int64? {
    DecimalParser.parseInt64(bytes, at: &position)
  }
}

/// A value of a text file and the key it stands under.
struct TextField {
  /// Text that costs nothing to hold: fields are made for every list of every tree.
  let key: StaticString
  let range: Range<Int>

  /// Where the key of `line` ends: at the first `=`, or with the line.
  static func keyEnd(of line: Range<Int>, in bytes: Span<UInt8>) -> Int {
    var end = line.lowerBound
    while end < line.upperBound, bytes[end] != UInt8(ascii: "=") { end += 1 }
    return end
  }

  /// A failure of this value.
  func fault(
    _ code: ImportError.Code, at offset: Int? = nil, feature: String? = nil, _ message: String
  ) -> Fault {
    Fault(
      code, at: offset ?? range.lowerBound, key: key.description, feature: feature, message)
  }

  /// Reads exactly `count` elements into `list`, whose content is replaced.
  ///
  /// Runs of blanks separate elements and may precede and follow them.
  ///
  /// - Parameter reason: What asks for `count` elements, for messages.
  func readList<Element: TextListElement>(
    _ bytes: Span<UInt8>, count: Int, reason: StaticString, into list: inout [Element]
  ) throws(Fault) {
    list.removeAll(keepingCapacity: true)
    // Elements take a byte each and a blank between, so that a count that the text cannot
    // hold is refused before memory is taken for it.
    guard count <= (range.count + 1) / 2 else {
      throw fault(.invalid, "fewer elements than the \(count) that \(reason) asks for")
    }
    list.reserveCapacity(count)
    var position = range.lowerBound
    while true {
      while position < range.upperBound, bytes[position] == 0x20 { position += 1 }
      guard position < range.upperBound else { break }
      guard list.count < count else {
        throw fault(
          .invalid, at: position, "more elements than the \(count) that \(reason) asks for")
      }
      let start = position
      guard let element = Element.parse(bytes, at: &position),
        position == range.upperBound || position < range.upperBound && bytes[position] == 0x20
      else { throw notAnElement(bytes, at: start, kind: Element.kind) }
      list.append(element)
    }
    guard list.count == count else {
      throw fault(
        .invalid, "\(list.count) elements, but \(reason) asks for \(count)")
    }
  }

  /// Reads the one element that the value is.
  func readElement<Element: TextListElement>(
    _ bytes: Span<UInt8>, as type: Element.Type
  ) throws(Fault) -> Element {
    var position = range.lowerBound
    guard let element = Element.parse(bytes, at: &position), position == range.upperBound else {
      throw notAnElement(bytes, at: range.lowerBound, kind: Element.kind)
    }
    return element
  }

  /// Reads the value as text.
  func readString(_ bytes: Span<UInt8>) throws(Fault) -> String {
    guard let text = String(validating: bytes.extracting(range)) else {
      throw fault(.malformed, "the text is not UTF-8")
    }
    return text
  }

  private func notAnElement(
    _ bytes: Span<UInt8>, at start: Int, kind: StaticString
  ) -> Fault {
    var end = start
    while end < range.upperBound, bytes[end] != 0x20 { end += 1 }
    let word = bytes.extracting(start..<end)
    return fault(.malformed, at: start, "\(quoted(word)) is no \(kind)")
  }
}

extension String {
  /// The text that `bytes` are in UTF-8, or nil if they are none.
  init?(validating bytes: Span<UInt8>) {
    guard let text = try? UTF8Span(validating: bytes) else { return nil }
    self.init(copying: text)
  }
}
