import TextCodec

/// Reads UBJSON (draft 12, with the unsigned integers of BJData, big-endian) as XGBoost writes
/// it, value by value, in order. Everything that is passed, also by skipping, is checked.
struct UBJSONReader: ~Escapable {
  /// How many objects and arrays may be open at once: many times what models have.
  static let maximumDepth = 512

  let bytes: Span<UInt8>
  var position = 0
  private var open: [Container] = []

  /// An object or array whose members are being read.
  private struct Container {
    let isObject: Bool
    /// Members still to come; nil where a closing byte ends them.
    var remaining: Int?
    /// The type of all members, where it is written once.
    let memberType: UInt8?
  }

  /// A reader before the one value of `bytes`.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
  }

  var remaining: Int { bytes.count - position }
}

// MARK: Containers

extension UBJSONReader: DocumentReader {
  @_lifetime(self: copy self)
  mutating func enterObject() throws(Fault) {
    try expectMarker("{", "an object")
    try enter(isObject: true)
  }

  @_lifetime(self: copy self)
  mutating func enterArray() throws(Fault) {
    try expectMarker("[", "an array")
    try enter(isObject: false)
  }

  @_lifetime(self: copy self)
  mutating func nextElement() throws(Fault) -> Bool { try hasNextMember() }

  @_lifetime(self: copy self)
  mutating func nextKey<Key: FileKey>(after previous: Key?) throws(Fault) -> ObjectKey<Key>? {
    guard try hasNextMember() else { return nil }
    let range = try readTextRange()
    if let key = Key.matching(bytes.extracting(range), after: previous) { return .known(key) }
    return .unknown(try text(range))
  }

  @_lifetime(self: copy self)
  mutating func nextName() throws(Fault) -> String? {
    guard try hasNextMember() else { return nil }
    return try text(try readTextRange())
  }

  @_lifetime(self: copy self)
  mutating func skipValue() throws(Fault) {
    let depth = open.count
    try skipOrEnter()
    while let innermost = open.last, open.count > depth {
      guard try hasNextMember() else { continue }
      if innermost.isObject { _ = try readTextRange() }
      try skipOrEnter()
    }
  }

  @_lifetime(self: copy self)
  mutating func expectEnd() throws(Fault) {
    guard remaining == 0 else {
      throw Fault(.malformed, at: position, "\(remaining) bytes follow the end of the UBJSON")
    }
  }

  @_lifetime(self: copy self)
  mutating func enter(isObject: Bool) throws(Fault) {
    guard open.count < Self.maximumDepth else {
      throw Fault(
        .limit, at: position, "more than \(Self.maximumDepth) objects and arrays nest here")
    }
    let header = try readHeader()
    open.append(
      Container(isObject: isObject, remaining: header.count, memberType: header.type))
  }

  /// `$` and the type of all members, then `#` and their count; either may be absent, but not
  /// the count where the type is.
  @_lifetime(self: copy self)
  mutating func readHeader() throws(Fault) -> (type: UInt8?, count: Int?) {
    var type: UInt8?
    if try peek() == UInt8(ascii: "$") {
      position += 1
      type = try readByte()
    }
    guard try peek() == UInt8(ascii: "#") else {
      if type != nil { throw malformed("a type of all elements comes without their count") }
      return (nil, nil)
    }
    position += 1
    let offset = position
    let count = try readLength()
    // Their count could be anything, since they take no bytes.
    guard type.map({ Self.width(of: $0) != 0 }) ?? true else {
      throw malformed("a list of values that are all the same")
    }
    // Every other member takes a byte at least.
    guard count <= remaining else {
      throw Fault(
        .truncated, at: offset, "\(count) elements do not fit the rest of the UBJSON",
        remedy: Remedy.completeCopy)
    }
    return (type, count)
  }

  /// Whether another member comes in the innermost container, which is left if not.
  @_lifetime(self: copy self)
  private mutating func hasNextMember() throws(Fault) -> Bool {
    guard let innermost = open.last else { throw malformed("there is no container to read on") }
    if let count = innermost.remaining {
      guard count > 0 else {
        open.removeLast()
        return false
      }
      open[open.count - 1].remaining = count - 1
      return true
    }
    while try peek() == UInt8(ascii: "N") { position += 1 }
    guard try peek() == UInt8(ascii: innermost.isObject ? "}" : "]") else { return true }
    position += 1
    open.removeLast()
    return false
  }

  /// Skips the next value, or enters it if it is a container of values of any type.
  @_lifetime(self: copy self)
  private mutating func skipOrEnter() throws(Fault) {
    let marker = try readMarker()
    switch marker {
    case UInt8(ascii: "{"): try enter(isObject: true)
    case UInt8(ascii: "["):
      if let list = try readTypedList() {
        position = list.range.upperBound
      } else {
        try enter(isObject: false)
      }
    case UInt8(ascii: "S"), UInt8(ascii: "H"): _ = try readTextRange()
    default:
      guard let width = Self.width(of: marker) else { throw unknown(marker) }
      try skip(width)
    }
  }
}

// MARK: Bytes

extension UBJSONReader {
  /// The type of the next value.
  @_lifetime(self: copy self)
  mutating func readMarker() throws(Fault) -> UInt8 {
    if let type = open.last?.memberType { return type }
    while try peek() == UInt8(ascii: "N") { position += 1 }
    return try readByte()
  }

  @_lifetime(self: copy self)
  mutating func expectMarker(_ expected: Unicode.Scalar, _ what: String) throws(Fault) {
    let marker = try readMarker()
    guard marker == UInt8(ascii: expected) else { throw wrongType(marker, expected: what) }
  }

  /// A length and as many bytes of text.
  @_lifetime(self: copy self)
  mutating func readTextRange() throws(Fault) -> Range<Int> {
    let length = try readLength()
    let start = position
    try skip(length)
    return start..<position
  }

  @_lifetime(self: copy self)
  private mutating func readLength() throws(Fault) -> Int {
    let length = try readInteger(try readByte())
    guard length >= 0 else { throw malformed("a length is negative") }
    return length
  }

  func text(_ range: Range<Int>) throws(Fault) -> String {
    let text = bytes.extracting(range).withUnsafeBytes {
      String(validating: $0, as: UTF8.self)
    }
    guard let text else {
      throw Fault(.malformed, at: range.lowerBound, "text is not UTF-8")
    }
    return text
  }

  func peek() throws(Fault) -> UInt8 {
    guard position < bytes.count else { throw truncated() }
    return bytes[position]
  }

  @_lifetime(self: copy self)
  private mutating func readByte() throws(Fault) -> UInt8 {
    let byte = try peek()
    position += 1
    return byte
  }

  @_lifetime(self: copy self)
  mutating func skip(_ count: Int) throws(Fault) {
    guard count <= remaining else { throw truncated() }
    position += count
  }

  private func truncated() -> Fault {
    Fault(
      .truncated, at: bytes.count, "the UBJSON ends within a value", remedy: Remedy.completeCopy)
  }

  private func malformed(_ message: String) -> Fault {
    Fault(.malformed, at: position, "this is not the UBJSON it should be: \(message)")
  }

  func wrongType(_ marker: UInt8, expected what: String) -> Fault {
    malformed("\(what) should be here, but its type is \(Self.shown(marker))")
  }

  private func unknown(_ marker: UInt8) -> Fault {
    malformed("there is no type \(Self.shown(marker))")
  }

  private static func shown(_ marker: UInt8) -> String {
    (0x21...0x7E).contains(marker)
      ? "'\(Character(Unicode.Scalar(marker)))'" : "0x\(String(marker, radix: 16))"
  }
}
