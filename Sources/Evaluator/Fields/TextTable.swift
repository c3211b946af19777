/// Different texts, numbered in the order in which they first came.
///
/// Rows can be made of nothing but new texts, so all of them lie in one piece of memory: a text
/// takes its bytes and some 20 more.
struct TextTable: Sendable {
  private var bytes: [UInt8] = []
  /// Where each text ends in ``bytes``.
  private var ends: [Int] = []
  /// Numbers of texts + 1 by hash, with linear probing; a power of two of places, or none.
  private var places: [UInt32] = []

  /// How much memory is kept for texts to come.
  private static let keptBytes = 1 << 16
  private static let keptPlaces = 1 << 10

  var count: Int { ends.count }

  /// Seeded anew in every process, so that no rows can aim at one place.
  static func hash(_ text: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: text)
    return hasher.finalize()
  }

  /// The number of a text, which is added where it is new.
  ///
  /// - Parameter hash: What ``hash(_:)`` gives.
  mutating func insert(_ text: UnsafeRawBufferPointer, _ hash: Int) -> Int {
    if (count + 1) * 2 > places.count { grow() }
    var place = hash & (places.count - 1)
    while places[place] > 0 {
      let number = Int(places[place]) - 1
      if bytes[range(of: number)].elementsEqual(text) { return number }
      place = (place + 1) & (places.count - 1)
    }
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    places[place] = UInt32(count)
    return count - 1
  }

  /// The text of a number; nil where there is none.
  func text(_ number: Int) -> String? {
    guard ends.indices.contains(number) else { return nil }
    return String(decoding: bytes[range(of: number)], as: UTF8.self)
  }

  /// Forgets all texts, and gives back what many of them took.
  mutating func removeAll() {
    guard count > 0 else { return }
    guard bytes.capacity <= Self.keptBytes, places.count <= Self.keptPlaces else {
      self = TextTable()
      return
    }
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    for place in places.indices { places[place] = 0 }
  }

  private func range(of number: Int) -> Range<Int> {
    (number > 0 ? ends[number - 1] : 0)..<ends[number]
  }

  private mutating func grow() {
    places = Array(repeating: 0, count: max(16, places.count * 2))
    for number in 0..<count {
      let hash = bytes[range(of: number)].withUnsafeBytes { Self.hash($0) }
      var place = hash & (places.count - 1)
      while places[place] > 0 { place = (place + 1) & (places.count - 1) }
      places[place] = UInt32(number + 1)
    }
  }
}
