import TextCodec

extension SourceJSONReader {
  /// Reads the array that is the next value, element by element.
  ///
  /// - Parameters:
  ///   - path: The path to the array, for places that are told of later.
  ///   - read: Reads an element; it is given the place where that stands.
  @_lifetime(self: copy self)
  mutating func readList(
    _ path: String = "", _ read: (inout SourceJSONReader, SourcePlace) throws(Fault) -> Void
  ) throws(Fault) {
    var count = 0
    try enterArray()
    while try nextElement() {
      do {
        try read(&self, SourcePlace(offset: position, path: "\(path)[\(count)]"))
      } catch {
        throw error.inside("[\(count)]")
      }
      count += 1
    }
  }

  /// Reads the hash of a category: 32 bits, written with a sign or without.
  @_lifetime(self: copy self)
  mutating func readHash() throws(Fault) -> Int32 {
    let offset = position
    let value = try readInt()
    if let hash = Int32(exactly: value) { return hash }
    guard let bits = UInt32(exactly: value) else { throw .integerOutOfRange(value, at: offset) }
    return Int32(bitPattern: bits)
  }
}
