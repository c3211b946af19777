import TextCodec

/// The columns of records: their keys in the order in which they first came, or as the body
/// lists them.
///
/// While the keys are the model's names in the model's order, nothing is stored.
struct KeyTable {
  private let names: ColumnNames
  /// How many of the model's names the keys begin with.
  private var namesInOrder = 0
  /// The keys after those; nil for a column that no key is of.
  private var others: [[UInt8]?] = []
  /// Positions by key, of the first ``knownCount`` columns; filled when a key is looked for
  /// that does not stand where it should.
  private var positions: [[UInt8]: Int] = [:]
  private var knownCount = 0

  init(_ names: ColumnNames) {
    self.names = names
  }

  /// A table of the given columns, or, if nil, of the model's.
  init(_ names: ColumnNames, fixed: [[UInt8]?]?) {
    self.names = names
    if let fixed {
      others = fixed
    } else {
      namesInOrder = names.count
    }
  }

  var count: Int { namesInOrder + others.count }

  var isModelOrder: Bool { others.isEmpty && namesInOrder == names.count }

  /// All keys; empty where a column has none.
  func makeKeys() -> [[UInt8]] {
    (0..<count).map { bytes(at: $0) ?? [] }
  }

  /// What pandas has against the keys.
  var surrogateError: String? { LoneSurrogate.error(in: others.compactMap { $0 }) }

  /// The position of `key`, which probably is `guess`; the first of several.
  mutating func position(of key: Span<UInt8>, guess: Int) -> Int? {
    if guess < namesInOrder && names.isName(key, ofColumn: guess) { return guess }
    if guess == count && isNext(key) { return nil }
    while knownCount < count {
      if let name = bytes(at: knownCount), positions[name] == nil {
        positions[name] = knownCount
      }
      knownCount += 1
    }
    if let other = otherKey(at: guess), other.span.equals(key), positions[other] == guess {
      return guess
    }
    return positions[key.withUnsafeBufferPointer(Array.init)]
  }

  /// Adds a key that is not in the table.
  mutating func append(_ key: Span<UInt8>) {
    if isNext(key) {
      namesInOrder += 1
    } else {
      others.append(key.withUnsafeBufferPointer(Array.init))
    }
  }

  /// Whether `key` is the model's next name, and so no key of the table.
  private func isNext(_ key: Span<UInt8>) -> Bool {
    others.isEmpty && namesInOrder < names.count && names.isName(key, ofColumn: namesInOrder)
  }

  private func otherKey(at position: Int) -> [UInt8]? {
    let index = position - namesInOrder
    return others.indices.contains(index) ? others[index] : nil
  }

  private func bytes(at position: Int) -> [UInt8]? {
    position < namesInOrder ? names.bytes(ofColumn: position) : others[position - namesInOrder]
  }
}
