import TreeIR

/// Finds the position of a value in a category dictionary.
///
/// Text is compared byte for byte. Numbers and truth values are compared as pandas does:
/// 1, 1.0 and True are the same category.
struct CategoryIndex: Sendable {
  /// Positions + 1 of texts by hash, with linear probing; a power of two of places.
  private var places: [Int32]
  private var texts: [[UInt8]?]
  private var integers: [Int64: Int] = [:]
  private var doubles: [Double: Int] = [:]
  /// Whether the dictionary has numbers or truth values.
  var hasNumbers: Bool { !integers.isEmpty || !doubles.isEmpty }

  init(_ values: [CategoryValue]) {
    var capacity = 2
    while capacity < values.count * 2 { capacity *= 2 }
    places = [Int32](repeating: 0, count: capacity)
    texts = []
    for (position, value) in values.enumerated() {
      switch value {
      case .string(let text):
        texts.append(Array(text.utf8))
        insert(Array(text.utf8), position)
        continue
      case .integer(let number): integers[number] = position
      case .double(let number): doubles[number] = position
      case .boolean(let truth): integers[truth ? 1 : 0] = position
      }
      texts.append(nil)
    }
  }

  /// The position of the text whose UTF-8 is `text`.
  func position(ofText text: Span<UInt8>) -> Int? {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: xxh64(text)) & mask
    while places[place] != 0 {
      let position = Int(places[place]) - 1
      if let candidate = texts[position], equal(candidate.span, text) { return position }
      place = (place + 1) & mask
    }
    return nil
  }

  /// The position of a whole number.
  func position(of number: Int64) -> Int? {
    integers[number] ?? Double(exactly: number).flatMap { doubles[$0] }
  }

  /// The position of a number.
  func position(of number: Double) -> Int? {
    doubles[number] ?? Int64(exactly: number).flatMap { integers[$0] }
  }

  private mutating func insert(_ text: [UInt8], _ position: Int) {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: xxh64(text.span)) & mask
    while places[place] != 0 { place = (place + 1) & mask }
    places[place] = Int32(position + 1)
  }

  private func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for offset in left.indices where left[offset] != right[offset] { return false }
    return true
  }
}
