import TextCodec

/// The columns of records: their keys in the order in which they first came, or as the body
/// lists them.
///
/// While the keys are the model's names in the model's order, nothing is stored.
struct KeyTable {
  private let names: ColumnNames
  /// How many of the model's names the keys begin with.
  private var namesInOrder = 0
  /// The keys after those; some are no text where the body lists them.
  private var others = NameList()
  /// Whether a key was left out because there are too many.
  private(set) var isFull = false

  init(_ names: ColumnNames) {
    self.names = names
  }

  /// A table of the given columns, or, if nil, of the model's.
  init(_ names: ColumnNames, fixed: NameList?) {
    self.names = names
    if let fixed {
      others = fixed
    } else {
      namesInOrder = names.count
    }
  }

  var count: Int { namesInOrder + others.count }

  var isModelOrder: Bool { others.count == 0 && namesInOrder == names.count }

  /// All keys; empty where a column has none.
  func makeKeys() -> [[UInt8]] {
    (0..<count).map { position in
      position < namesInOrder
        ? names.bytes(ofColumn: position) : others[position - namesInOrder] ?? []
    }
  }

  /// What pandas has against the keys.
  var surrogateError: String? { LoneSurrogate.error(in: others.keys) }

  /// The position of `key`, which probably is `guess`; the first of several.
  func position(of key: Span<UInt8>, guess: Int) -> Int? {
    if guess < namesInOrder && names.isName(key, ofColumn: guess) { return guess }
    if guess == count && isNext(key) { return nil }
    if others.isFirstPlace(guess - namesInOrder, of: key) { return guess }
    if namesInOrder > 0, let column = names.column(called: key), column < namesInOrder {
      return column
    }
    return others.place(of: key).map { namesInOrder + $0 }
  }

  /// Adds a key that is not in the table, and gives its position; nil where there are too many.
  mutating func append(_ key: Span<UInt8>) -> Int? {
    if isNext(key) {
      namesInOrder += 1
    } else if count < names.keyLimit {
      others.append(key)
    } else {
      isFull = true
      return nil
    }
    return count - 1
  }

  /// Whether `key` is the model's next name, and so no key of the table.
  private func isNext(_ key: Span<UInt8>) -> Bool {
    others.count == 0 && namesInOrder < names.count && names.isName(key, ofColumn: namesInOrder)
  }
}
