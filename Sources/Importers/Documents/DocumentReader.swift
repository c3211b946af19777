import TextCodec

/// A file that is one tree of objects, arrays and values, read in order without building the
/// tree: what JSON and UBJSON have in common.
protocol DocumentReader: ~Escapable {
  /// The offset of the next unread byte in the file.
  var position: Int { get }

  /// Enters the object that is the next value.
  @_lifetime(self: copy self)
  mutating func enterObject() throws(Fault)

  /// The key of the next member of the innermost object, whose value is then to be read or
  /// skipped; nil at the end of the object, which is then left.
  ///
  /// - Parameter previous: The key before it, after which the search starts.
  @_lifetime(self: copy self)
  mutating func nextKey<Key: FileKey>(after previous: Key?) throws(Fault) -> ObjectKey<Key>?

  /// As above, for keys that are names, such as those of attributes.
  @_lifetime(self: copy self)
  mutating func nextName() throws(Fault) -> String?

  /// Enters the array that is the next value.
  @_lifetime(self: copy self)
  mutating func enterArray() throws(Fault)

  /// Whether the innermost array has another element, which is then to be read or skipped.
  /// At the end of the array it is left.
  @_lifetime(self: copy self)
  mutating func nextElement() throws(Fault) -> Bool

  @_lifetime(self: copy self)
  mutating func readString() throws(Fault) -> String

  @_lifetime(self: copy self)
  mutating func readInteger() throws(Fault) -> Int

  /// Appends the numbers of the array that is the next value, each rounded once to Float.
  @_lifetime(self: copy self)
  mutating func readFloats(into list: inout [Float]) throws(Fault)

  /// Appends the integers of the array that is the next value.
  @_lifetime(self: copy self)
  mutating func readIntegers<Integer: FixedWidthInteger>(
    into list: inout [Integer]
  ) throws(Fault)

  /// Appends the elements of the array that is the next value: true, false, 1 and 0.
  @_lifetime(self: copy self)
  mutating func readFlags(into list: inout [Bool]) throws(Fault)

  /// Skips the next value with all that is in it.
  @_lifetime(self: copy self)
  mutating func skipValue() throws(Fault)

  /// Checks that nothing follows the file's one value.
  @_lifetime(self: copy self)
  mutating func expectEnd() throws(Fault)
}

/// A key as the object has it.
enum ObjectKey<Key: FileKey> {
  case known(Key)
  case unknown(String)
}

extension DocumentReader where Self: ~Escapable {
  /// The strings of the array that is the next value.
  @_lifetime(self: copy self)
  mutating func readStrings() throws(Fault) -> [String] {
    var strings: [String] = []
    try enterArray()
    while try nextElement() { strings.append(try readString()) }
    return strings
  }
}

extension Fault {
  static func integerOutOfRange(_ value: some BinaryInteger, at offset: Int) -> Fault {
    Fault(.invalid, at: offset, "the integer \(value) is out of range here")
  }
}

extension DocumentReader where Self: ~Escapable {
  /// Reads the object that is the next value, all of whose keys must be known: one that is
  /// not could change what the model predicts.
  ///
  /// - Parameters:
  ///   - required: Keys that must not be missing.
  ///   - read: Reads or skips the value of a key.
  /// - Returns: The keys that the object has.
  @discardableResult
  @_lifetime(self: copy self)
  mutating func readMembers<Key: FileKey>(
    requiring required: [Key] = [], _ read: (Key, inout Self) throws(Fault) -> Void
  ) throws(Fault) -> KeySet<Key> {
    let start = position
    var keys = KeySet<Key>()
    var previous: Key?
    try enterObject()
    while let spelled = try nextKey(after: previous) {
      switch spelled {
      case .unknown(let name):
        throw Fault(
          .unsupported, at: position, key: quoted(name),
          "the key is unknown here, so it is uncertain what the model predicts",
          remedy: Remedy.newerTreec)
      case .known(let key):
        guard keys.insert(key) else {
          throw Fault(.malformed, at: position, key: key.name, "the key stands twice")
        }
        previous = key
        do {
          try read(key, &self)
        } catch {
          throw error.inside(key.name)
        }
      }
    }
    for key in required { try keys.require(key, at: start) }
    return keys
  }
}

extension KeySet {
  /// Checks that the object that ends at `offset` has `key`.
  func require(_ key: Key, at offset: Int) throws(Fault) {
    guard contains(key) else {
      throw Fault(.invalid, at: offset, key: key.name, "the key is missing")
    }
  }
}
