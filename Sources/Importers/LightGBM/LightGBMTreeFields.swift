import TextCodec

/// The values of one `Tree=` block of the text form, by key, before they are parsed: keys
/// may come in any order, and the lengths of most lists stand under others.
struct LightGBMTreeFields {
  /// Every key that a LightGBM from 2.0.12 to 4.x writes or reads in a tree.
  enum Key: Int, FileKey {
    case leafCount
    case categorySetCount
    case splitFeature
    case splitGain
    case threshold
    case decisionType
    case leftChild
    case rightChild
    case leafValue
    case leafWeight
    case leafRows
    case internalValue
    case internalWeight
    case internalRows
    case categoryBoundaries
    case categoryWords
    case isLinear
    case leafConstant
    case featureCounts
    case leafFeatures
    case leafCoefficients
    case shrinkage

    var text: StaticString {
      switch self {
      case .leafCount: "num_leaves"
      case .categorySetCount: "num_cat"
      case .splitFeature: "split_feature"
      case .splitGain: "split_gain"
      case .threshold: "threshold"
      case .decisionType: "decision_type"
      case .leftChild: "left_child"
      case .rightChild: "right_child"
      case .leafValue: "leaf_value"
      case .leafWeight: "leaf_weight"
      case .leafRows: "leaf_count"
      case .internalValue: "internal_value"
      case .internalWeight: "internal_weight"
      case .internalRows: "internal_count"
      case .categoryBoundaries: "cat_boundaries"
      case .categoryWords: "cat_threshold"
      case .isLinear: "is_linear"
      case .leafConstant: "leaf_const"
      case .featureCounts: "num_features"
      case .leafFeatures: "leaf_features"
      case .leafCoefficients: "leaf_coeff"
      case .shrinkage: "shrinkage"
      }
    }
  }

  /// Where the block begins.
  private(set) var start = 0
  private var ranges = [Range<Int>?](repeating: nil, count: Key.allCases.count)
  private var last: Key?

  /// Reads the lines after `Tree=` up to the first blank one.
  mutating func read(_ cursor: inout ByteCursor) throws(Fault) {
    for index in ranges.indices { ranges[index] = nil }
    start = cursor.position
    last = nil
    while let line = cursor.nextLine() {
      if line.isEmpty { return }
      guard !cursor.isAtEnd else { throw truncation(line, cursor.bytes) }
      try readLine(line, cursor.bytes)
    }
    throw truncation(start..<start, cursor.bytes)
  }

  /// The failure of a file that ends with `line` of a tree.
  private func truncation(_ line: Range<Int>, _ bytes: Span<UInt8>) -> Fault {
    let end = TextField.keyEnd(of: line, in: bytes)
    let cut = Key.matching(bytes.extracting(line.lowerBound..<end), after: last)
    let next = Key(rawValue: ((cut ?? last)?.rawValue ?? -1) + 1)
    return Fault(
      .truncated, at: line.lowerBound, key: (cut ?? last)?.name ?? "",
      "the file ends within a tree, before \(next?.name ?? "the blank line after it")",
      remedy: Remedy.completeCopy)
  }

  private mutating func readLine(_ line: Range<Int>, _ bytes: Span<UInt8>) throws(Fault) {
    let equals = TextField.keyEnd(of: line, in: bytes)
    let name = bytes.extracting(line.lowerBound..<equals)
    guard equals < line.upperBound, let key = Key.matching(name, after: last) else {
      throw unknownKey(name, at: line.lowerBound)
    }
    guard ranges[key.rawValue] == nil else {
      throw Fault(
        .malformed, at: line.lowerBound, key: key.name, "the key stands twice in the tree")
    }
    ranges[key.rawValue] = equals + 1..<line.upperBound
    last = key
  }

  private func unknownKey(_ name: Span<UInt8>, at offset: Int) -> Fault {
    Fault(
      .unsupported, at: offset, key: quoted(name),
      "this is no key of a LightGBM tree, so it is uncertain what the tree predicts",
      remedy: Remedy.newerTreec)
  }

  /// The value of `key`, or nil if the block has none.
  subscript(key: Key) -> TextField? {
    guard let range = ranges[key.rawValue] else { return nil }
    return TextField(key: key.text, range: range)
  }

  /// The value of `key`, without which there is no tree.
  func require(_ key: Key) throws(Fault) -> TextField {
    if let field = self[key] { return field }
    throw Fault(.invalid, at: start, key: key.name, "the key is missing in the tree")
  }

  /// Reads the list of `key`, one element a node or leaf, into `list`, which stays empty
  /// where the block has no such key.
  func readOptional<Element: TextListElement>(
    _ key: Key, _ bytes: Span<UInt8>, count: Int, into list: inout [Element]
  ) throws(Fault) {
    list.removeAll(keepingCapacity: true)
    try self[key]?.readList(bytes, count: count, reason: "num_leaves", into: &list)
  }
}
