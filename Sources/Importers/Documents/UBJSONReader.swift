import TextCodec

/// Reads UBJSON (draft 12, with the unsigned integers of BJData, big-endian) as XGBoost writes
/// it, value by value, in order. Everything that is passed, also by skipping, is checked.
struct UBJSONReader: ~Escapable {
  /// How many objects and arrays may be open at once: many times what models have.
  static let maximumDepth = 512

  let bytes: Span<UInt8>
  private(set) var position = 0
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

  private var remaining: Int { bytes.count - position }
}

// MARK: Containers

extension UBJSONReader: DocumentReader {
  @_lifetime(self: copy self)
  mutating func enterObject() throws(Fault) {
    try enter(isObject: true, type: try expectMarker("{", "an object"))
  }

  @_lifetime(self: copy self)
  mutating func enterArray() throws(Fault) {
    try enter(isObject: false, type: try expectMarker("[", "an array"))
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
  private mutating func enter(isObject: Bool, type marker: UInt8) throws(Fault) {
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
  private mutating func readHeader() throws(Fault) -> (type: UInt8?, count: Int?) {
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
    // Every member takes a byte at least, but for those whose value is their type, which no
    // model has in a list: their count could be anything.
    guard type.map({ Self.width(of: $0) != 0 }) ?? true, count <= remaining else {
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
    case UInt8(ascii: "{"): try enter(isObject: true, type: marker)
    case UInt8(ascii: "["):
      if let list = try readTypedList() {
        position = list.range.upperBound
      } else {
        try enter(isObject: false, type: marker)
      }
    case UInt8(ascii: "S"), UInt8(ascii: "H"): _ = try readTextRange()
    default:
      guard let width = Self.width(of: marker) else { throw unknown(marker) }
      try skip(width)
    }
  }
}

// MARK: Values

extension UBJSONReader {
  @_lifetime(self: copy self)
  mutating func readString() throws(Fault) -> String {
    _ = try expectMarker("S", "text")
    return try text(try readTextRange())
  }

  @_lifetime(self: copy self)
  mutating func readInteger() throws(Fault) -> Int {
    let marker = try readMarker()
    return try readInteger(marker)
  }

  @_lifetime(self: copy self)
  mutating func readFloats(into list: inout [Float]) throws(Fault) {
    _ = try expectMarker("[", "an array")
    guard let typed = try readTypedList() else {
      try enter(isObject: false, type: UInt8(ascii: "["))
      while try nextElement() { list.append(try readFloat(try readMarker())) }
      return
    }
    list.reserveCapacity(list.count + typed.count)
    if typed.type == UInt8(ascii: "d") {
      for index in 0..<typed.count {
        let offset = typed.range.lowerBound + 4 * index
        list.append(Float(bitPattern: bytes.bigEndian(at: offset)))
      }
      position = typed.range.upperBound
    } else {
      for _ in 0..<typed.count { list.append(try readFloat(typed.type)) }
    }
  }

  @_lifetime(self: copy self)
  mutating func readIntegers<Integer: FixedWidthInteger>(
    into list: inout [Integer]
  ) throws(Fault) {
    _ = try expectMarker("[", "an array")
    guard let typed = try readTypedList() else {
      try enter(isObject: false, type: UInt8(ascii: "["))
      while try nextElement() { list.append(try narrowed(try readInteger())) }
      return
    }
    list.reserveCapacity(list.count + typed.count)
    if typed.type == UInt8(ascii: "l"), Integer.self == Int32.self {
      for index in 0..<typed.count {
        let value: UInt32 = bytes.bigEndian(at: typed.range.lowerBound + 4 * index)
        list.append(Integer(truncatingIfNeeded: Int32(bitPattern: value)))
      }
      position = typed.range.upperBound
    } else {
      for _ in 0..<typed.count { list.append(try narrowed(try readInteger(typed.type))) }
    }
  }

  @_lifetime(self: copy self)
  mutating func readFlags(into list: inout [Bool]) throws(Fault) {
    _ = try expectMarker("[", "an array")
    let typed = try readTypedList()
    if typed == nil { try enter(isObject: false, type: UInt8(ascii: "[")) }
    var index = 0
    while true {
      let marker: UInt8
      if let typed {
        guard index < typed.count else { return }
        index += 1
        marker = typed.type
      } else {
        guard try nextElement() else { return }
        marker = try readMarker()
      }
      switch marker {
      case UInt8(ascii: "T"): list.append(true)
      case UInt8(ascii: "F"): list.append(false)
      default:
        let value = try readInteger(marker)
        guard value == 0 || value == 1 else { throw .integerOutOfRange(value, at: position) }
        list.append(value == 1)
      }
    }
  }

  /// A list of numbers of one type, which lie one after another.
  private struct TypedList {
    let type: UInt8
    let count: Int
    let range: Range<Int>
  }

  /// The list of numbers that begins after the marker of an array, or nil, and nothing read,
  /// where the array is something else.
  @_lifetime(self: copy self)
  private mutating func readTypedList() throws(Fault) -> TypedList? {
    let start = position
    guard try peek() == UInt8(ascii: "$") else { return nil }
    let header = try readHeader()
    guard let type = header.type, let count = header.count, let width = Self.width(of: type),
      width > 0
    else {
      position = start
      return nil
    }
    // The count is at most that of the file's bytes, so that the product fits.
    guard count * width <= remaining else {
      throw Fault(
        .truncated, at: start, "\(count) numbers do not fit the rest of the UBJSON",
        remedy: Remedy.completeCopy)
    }
    return TypedList(type: type, count: count, range: position..<position + count * width)
  }

  @_lifetime(self: copy self)
  private mutating func readFloat(_ marker: UInt8) throws(Fault) -> Float {
    switch marker {
    case UInt8(ascii: "d"): return Float(bitPattern: try read(UInt32.self))
    case UInt8(ascii: "D"): return Float(Double(bitPattern: try read(UInt64.self)))
    default: return Float(try readInteger(marker))
    }
  }

  @_lifetime(self: copy self)
  private mutating func readInteger(_ marker: UInt8) throws(Fault) -> Int {
    switch marker {
    case UInt8(ascii: "i"): return Int(Int8(bitPattern: try read(UInt8.self)))
    case UInt8(ascii: "U"): return Int(try read(UInt8.self))
    case UInt8(ascii: "I"): return Int(Int16(bitPattern: try read(UInt16.self)))
    case UInt8(ascii: "u"): return Int(try read(UInt16.self))
    case UInt8(ascii: "l"): return Int(Int32(bitPattern: try read(UInt32.self)))
    case UInt8(ascii: "m"): return Int(try read(UInt32.self))
    case UInt8(ascii: "L"): return Int(bitPattern: UInt(try read(UInt64.self)))
    case UInt8(ascii: "M"): return try narrowed(try read(UInt64.self))
    default: throw wrongType(marker, expected: "an integer")
    }
  }

  private func narrowed<Integer: FixedWidthInteger>(
    _ value: some FixedWidthInteger
  ) throws(Fault) -> Integer {
    guard let integer = Integer(exactly: value) else {
      throw .integerOutOfRange(value, at: position)
    }
    return integer
  }

  @_lifetime(self: copy self)
  private mutating func read<Word: FixedWidthInteger & UnsignedInteger>(
    _ type: Word.Type
  ) throws(Fault) -> Word {
    let start = position
    try skip(MemoryLayout<Word>.size)
    return bytes.bigEndian(at: start)
  }

  /// The bytes of a value of `type`; nil for containers, text and unknown types.
  private static func width(of type: UInt8) -> Int? {
    switch type {
    case UInt8(ascii: "Z"), UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "N"): 0
    case UInt8(ascii: "i"), UInt8(ascii: "U"), UInt8(ascii: "C"): 1
    case UInt8(ascii: "I"), UInt8(ascii: "u"): 2
    case UInt8(ascii: "l"), UInt8(ascii: "m"), UInt8(ascii: "d"): 4
    case UInt8(ascii: "L"), UInt8(ascii: "M"), UInt8(ascii: "D"): 8
    default: nil
    }
  }
}

// MARK: Bytes

extension UBJSONReader {
  /// The type of the next value.
  @_lifetime(self: copy self)
  private mutating func readMarker() throws(Fault) -> UInt8 {
    if let type = open.last?.memberType { return type }
    while try peek() == UInt8(ascii: "N") { position += 1 }
    return try readByte()
  }

  @discardableResult
  @_lifetime(self: copy self)
  private mutating func expectMarker(
    _ expected: Unicode.Scalar, _ what: String
  ) throws(Fault) -> UInt8 {
    let marker = try readMarker()
    guard marker == UInt8(ascii: expected) else { throw wrongType(marker, expected: what) }
    return marker
  }

  /// A length and as many bytes of text.
  @_lifetime(self: copy self)
  private mutating func readTextRange() throws(Fault) -> Range<Int> {
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

  private func text(_ range: Range<Int>) throws(Fault) -> String {
    let text = bytes.extracting(range).withUnsafeBytes {
      String(validating: $0, as: UTF8.self)
    }
    guard let text else {
      throw Fault(.malformed, at: range.lowerBound, "text is not UTF-8")
    }
    return text
  }

  private func peek() throws(Fault) -> UInt8 {
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
  private mutating func skip(_ count: Int) throws(Fault) {
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

  private func wrongType(_ marker: UInt8, expected what: String) -> Fault {
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

extension Span<UInt8> {
  /// The big-endian number at `offset`, which must lie within.
  @inline(__always)
  fileprivate func bigEndian<Word: FixedWidthInteger>(at offset: Int) -> Word {
    precondition(offset >= 0 && offset <= count - MemoryLayout<Word>.size)
    return withUnsafeBytes {
      Word(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: Word.self))
    }
  }
}
