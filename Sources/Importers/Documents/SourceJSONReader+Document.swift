import TextCodec

extension SourceJSONReader: DocumentReader {
  @_lifetime(self: copy self)
  mutating func nextKey<Key: FileKey>(after previous: Key?) throws(Fault) -> ObjectKey<Key>? {
    guard let spelled = try nextKey() else { return nil }
    if let key = Key.matching(spelled.rawBytes, after: previous) { return .known(key) }
    // No known key needs an escape, but it may be written with one.
    let name = spelled.makeString()
    return Key.matching(name.utf8.span, after: previous).map { .known($0) } ?? .unknown(name)
  }

  @_lifetime(self: copy self)
  mutating func nextName() throws(Fault) -> String? {
    guard let name = try nextKey() else { return nil }
    return name.makeString()
  }

  @_lifetime(self: copy self)
  mutating func readInteger() throws(Fault) -> Int { try readInt() }

  @_lifetime(self: copy self)
  mutating func readFloats(into list: inout [Float]) throws(Fault) {
    try enterArray()
    while try nextElement() { list.append(try readFloat()) }
  }

  @_lifetime(self: copy self)
  mutating func readIntegers<Integer: FixedWidthInteger>(
    into list: inout [Integer]
  ) throws(Fault) {
    try enterArray()
    while try nextElement() {
      let value = try readInt()
      guard let integer = Integer(exactly: value) else {
        throw .integerOutOfRange(value, at: position)
      }
      list.append(integer)
    }
  }

  @_lifetime(self: copy self)
  mutating func readFlags(into list: inout [Bool]) throws(Fault) {
    try enterArray()
    while try nextElement() {
      if try peekKind() == .bool {
        list.append(try readBool())
      } else {
        let value = try readInt()
        guard value == 0 || value == 1 else { throw .integerOutOfRange(value, at: position) }
        list.append(value == 1)
      }
    }
  }
}
