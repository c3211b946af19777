import TextCodec

/// Different keys, numbered in the order in which they first came.
///
/// Bodies can be made of nothing but keys, so all of them lie in one piece of memory: a key
/// takes its bytes and some 20 more, and is found without being copied.
struct KeyIndex: Sendable {
  private var bytes: [UInt8] = []
  /// Where each key ends in ``bytes``.
  private var ends: [Int] = []
  /// Numbers of keys + 1 by hash, with linear probing; a power of two of places, or none.
  private var places: [UInt32] = []

  var count: Int { ends.count }

  /// The key's number; it is added where it is new.
  mutating func insert(_ key: Span<UInt8>) -> Int {
    if (count + 1) * 2 > places.count { grow() }
    let place = place(of: key)
    if places[place] > 0 { return Int(places[place]) - 1 }
    key.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    ends.append(bytes.count)
    places[place] = UInt32(count)
    return count - 1
  }

  mutating func insert(_ key: borrowing JSONString) -> Int {
    key.hasEscapes ? insert(key.makeBytes().span) : insert(key.rawBytes)
  }

  /// Adds the keys of `other` that are new, in their order.
  mutating func formUnion(_ other: KeyIndex) {
    if count == 0 {
      self = other
      return
    }
    if self == other { return }
    for number in 0..<other.count {
      _ = insert(other.bytes.span.extracting(other.range(of: number)))
    }
  }

  /// Like ``insert(_:)``, but nil where the key is new and there are `limit` keys already.
  mutating func insert(_ key: borrowing JSONString, limit: Int) -> Int? {
    count < limit ? insert(key) : number(of: key)
  }

  /// The number of `key`; nil where it is none.
  func number(of key: Span<UInt8>) -> Int? {
    guard !places.isEmpty else { return nil }
    let number = places[place(of: key)]
    return number > 0 ? Int(number) - 1 : nil
  }

  func number(of key: borrowing JSONString) -> Int? {
    key.hasEscapes ? number(of: key.makeBytes().span) : number(of: key.rawBytes)
  }

  /// Whether the key of this number is `key`.
  func isKey(_ number: Int, _ key: Span<UInt8>) -> Bool {
    bytes.span.extracting(range(of: number)).equals(key)
  }

  subscript(number: Int) -> [UInt8] { Array(bytes[range(of: number)]) }

  /// All keys, in the order of their numbers.
  var all: [[UInt8]] { (0..<count).map { self[$0] } }

  /// Whether any key has this byte.
  func contains(byte: UInt8) -> Bool { bytes.contains(byte) }

  private func range(of number: Int) -> Range<Int> {
    (number > 0 ? ends[number - 1] : 0)..<ends[number]
  }

  private func place(of key: Span<UInt8>) -> Int {
    var place = Self.hash(key) & (places.count - 1)
    while places[place] > 0, !isKey(Int(places[place]) - 1, key) {
      place = (place + 1) & (places.count - 1)
    }
    return place
  }

  private mutating func grow() {
    places = Array(repeating: 0, count: max(8, places.count * 2))
    for number in 0..<count {
      var place = Self.hash(bytes.span.extracting(range(of: number))) & (places.count - 1)
      while places[place] > 0 { place = (place + 1) & (places.count - 1) }
      places[place] = UInt32(number + 1)
    }
  }

  /// Seeded anew in every process, so that no body can aim at one place.
  private static func hash(_ key: Span<UInt8>) -> Int {
    var hasher = Hasher()
    key.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}

extension KeyIndex: Equatable {
  static func == (left: KeyIndex, right: KeyIndex) -> Bool {
    left.bytes == right.bytes && left.ends == right.ends
  }
}

/// A list of names, of which some may be the same, and some no text.
struct NameList: Sendable, Equatable {
  /// The different names.
  private(set) var keys = KeyIndex()
  /// For each place of the list the number of its name; nil for what is no text.
  private(set) var numbers: [Int?] = []
  /// For each of the different names the first place where it stands.
  private(set) var firstPlaces: [Int] = []

  init() {}

  /// A list of what is no text.
  init(textless count: Int) {
    numbers = Array(repeating: nil, count: count)
  }

  /// A list of different names.
  init(_ keys: KeyIndex) {
    self.keys = keys
    numbers = Array(0..<keys.count)
    firstPlaces = Array(0..<keys.count)
  }

  var count: Int { numbers.count }

  mutating func append(_ name: Span<UInt8>) {
    let number = keys.insert(name)
    if number == firstPlaces.count { firstPlaces.append(count) }
    numbers.append(number)
  }

  mutating func append(_ name: borrowing JSONString) {
    if name.hasEscapes { append(name.makeBytes().span) } else { append(name.rawBytes) }
  }

  mutating func appendTextless() { numbers.append(nil) }

  /// The first place of `name`.
  func place(of name: Span<UInt8>) -> Int? {
    keys.number(of: name).map { firstPlaces[$0] }
  }

  /// Whether the first place of `name` is `place`.
  func isFirstPlace(_ place: Int, of name: Span<UInt8>) -> Bool {
    guard numbers.indices.contains(place), let number = numbers[place] else { return false }
    return firstPlaces[number] == place && keys.isKey(number, name)
  }

  /// The name at a place; nil for what is no text.
  subscript(place: Int) -> [UInt8]? { numbers[place].map { keys[$0] } }
}
