import TextCodec

extension UBJSONReader {
  @_lifetime(self: copy self)
  mutating func readString() throws(Fault) -> String {
    try expectMarker("S", "text")
    return try text(try readTextRange())
  }

  @_lifetime(self: copy self)
  mutating func readInteger() throws(Fault) -> Int {
    let marker = try readMarker()
    return try readInteger(marker)
  }

  @_lifetime(self: copy self)
  mutating func readFloats(into list: inout [Float]) throws(Fault) {
    try expectMarker("[", "an array")
    guard let typed = try readTypedList() else {
      try enter(isObject: false)
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
    try expectMarker("[", "an array")
    guard let typed = try readTypedList() else {
      try enter(isObject: false)
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
    try expectMarker("[", "an array")
    let typed = try readTypedList()
    if typed == nil { try enter(isObject: false) }
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
  struct TypedList {
    let type: UInt8
    let count: Int
    let range: Range<Int>
  }

  /// The list of numbers that begins after the marker of an array, or nil, and nothing read,
  /// where the array is something else.
  @_lifetime(self: copy self)
  mutating func readTypedList() throws(Fault) -> TypedList? {
    let start = position
    guard try peek() == UInt8(ascii: "$") else { return nil }
    let header = try readHeader()
    guard let type = header.type, let count = header.count, let width = Self.width(of: type)
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
  mutating func readInteger(_ marker: UInt8) throws(Fault) -> Int {
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
  static func width(of type: UInt8) -> Int? {
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
