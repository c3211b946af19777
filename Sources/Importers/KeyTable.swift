import TextCodec

/// The keys of one kind of object or block: an enumeration whose raw values count from 0 in
/// the order in which files have them.
protocol FileKey: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == Int {
  /// The key as files spell it.
  var text: StaticString { get }
}

extension FileKey {
  /// The key as a `String`, for messages.
  var name: String { text.description }

  /// The key spelled `bytes`, or nil. The search starts after `previous`, because files
  /// keep the order nearly always, and a block's keys are looked up millions of times.
  static func matching(_ bytes: Span<UInt8>, after previous: Self?) -> Self? {
    let start = (previous?.rawValue ?? -1) + 1
    var index = start
    while let key = Self(rawValue: index) {
      if bytes.equals(key.text) { return key }
      index += 1
    }
    for index in 0..<start {
      if let key = Self(rawValue: index), bytes.equals(key.text) { return key }
    }
    return nil
  }
}

/// Which keys have come, to find those that come twice. For at most 32 keys.
struct KeySet<Key: FileKey> {
  private var bits: UInt32 = 0

  /// Adds `key`, and says whether it is new.
  mutating func insert(_ key: Key) -> Bool {
    let bit = UInt32(1) << UInt32(key.rawValue)
    defer { bits |= bit }
    return bits & bit == 0
  }

  func contains(_ key: Key) -> Bool {
    bits & UInt32(1) << UInt32(key.rawValue) != 0
  }
}
