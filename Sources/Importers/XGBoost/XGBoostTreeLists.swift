import TextCodec

/// The lists of one tree as the file has them: an element a node, node 0 the root.
///
/// One value serves all trees, so that its lists are allocated once.
struct XGBoostTreeLists {
  private(set) var left: [Int32] = []
  private(set) var right: [Int32] = []
  private(set) var features: [Int] = []
  /// Thresholds, and the values of leaves where these are single numbers.
  private(set) var conditions: [Float] = []
  private(set) var defaultLeft: [Bool] = []
  /// 0 numeric, 1 categorical; empty where all are numeric.
  private(set) var splitTypes: [UInt8] = []
  private(set) var gains: [Float] = []
  private(set) var covers: [Float] = []
  /// Leaf vectors of files before 3.2: one vector a node.
  private(set) var baseWeights: [Float] = []
  /// Leaf vectors from 3.2 on: one a leaf, whose position is its right child.
  private(set) var leafWeights: [Float] = []
  private(set) var categories: [Int32] = []
  private(set) var categoryNodes: [Int32] = []
  private(set) var categorySegments: [Int] = []
  private(set) var categorySizes: [Int] = []
  /// Values a leaf.
  private(set) var leafSize = 1
  private(set) var nodeCount: Int?
  private(set) var keys = KeySet<XGBoostTreeKey>()
  private(set) var start = 0

  /// Where the value of each key begins.
  private var offsets = [Int](repeating: 0, count: XGBoostTreeKey.allCases.count)

  /// Reads the object that is the next value of `document`.
  ///
  /// - Parameters:
  ///   - number: The tree's position, which its `id` repeats.
  ///   - hasVectors: Whether leaves are vectors, as far as it is known: the weights of all
  ///     nodes, which need as much reading as the thresholds, are of use only then.
  mutating func read<Document: DocumentReader & ~Escapable>(
    _ document: inout Document, number: Int, hasVectors: Bool?
  ) throws(Fault) {
    removeAll()
    start = document.position
    keys = try document.readMembers {
      (key: XGBoostTreeKey, document: inout Document) throws(Fault) in
      offsets[key.rawValue] = document.position
      switch key {
      case .baseWeights:
        if hasVectors == false {
          try document.skipValue()
        } else {
          try document.readFloats(into: &baseWeights)
        }
      case .categories: try document.readIntegers(into: &categories)
      case .categoryNodes: try document.readIntegers(into: &categoryNodes)
      case .categorySegments: try document.readIntegers(into: &categorySegments)
      case .categorySizes: try document.readIntegers(into: &categorySizes)
      case .defaultLeft: try document.readFlags(into: &defaultLeft)
      case .number: try Self.checkNumber(&document, number)
      case .leafWeights: try document.readFloats(into: &leafWeights)
      case .leftChildren: try document.readIntegers(into: &left)
      case .gains: try document.readFloats(into: &gains)
      case .parents: try document.skipValue()
      case .rightChildren: try document.readIntegers(into: &right)
      case .splitConditions: try document.readFloats(into: &conditions)
      case .splitIndices: try document.readIntegers(into: &features)
      case .splitTypes: try document.readIntegers(into: &splitTypes)
      case .covers: try document.readFloats(into: &covers)
      case .parameters: try readParameters(&document)
      }
    }
    try checkLengths()
  }

  /// A failure at the value of `key`.
  func fault(
    _ code: ImportError.Code, _ key: XGBoostTreeKey, feature: String? = nil, _ message: String,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    Fault(
      code, at: keys.contains(key) ? offsets[key.rawValue] : start, key: key.name,
      feature: feature, message, remedy: remedy)
  }

  private mutating func removeAll() {
    left.removeAll(keepingCapacity: true)
    right.removeAll(keepingCapacity: true)
    features.removeAll(keepingCapacity: true)
    conditions.removeAll(keepingCapacity: true)
    defaultLeft.removeAll(keepingCapacity: true)
    splitTypes.removeAll(keepingCapacity: true)
    gains.removeAll(keepingCapacity: true)
    covers.removeAll(keepingCapacity: true)
    baseWeights.removeAll(keepingCapacity: true)
    leafWeights.removeAll(keepingCapacity: true)
    categories.removeAll(keepingCapacity: true)
    categoryNodes.removeAll(keepingCapacity: true)
    categorySegments.removeAll(keepingCapacity: true)
    categorySizes.removeAll(keepingCapacity: true)
    leafSize = 1
    nodeCount = nil
  }

  private static func checkNumber<Document: DocumentReader & ~Escapable>(
    _ document: inout Document, _ number: Int
  ) throws(Fault) {
    let offset = document.position
    let found = try document.readInteger()
    guard found == number else {
      throw Fault(.invalid, at: offset, "tree \(found) stands where tree \(number) should")
    }
  }

  private mutating func readParameters<Document: DocumentReader & ~Escapable>(
    _ document: inout Document
  ) throws(Fault) {
    var size: Int?
    var count: Int?
    try document.readMembers {
      (key: XGBoostTreeParameterKey, document: inout Document) throws(Fault) in
      switch key {
      case .leafSize: size = try document.readCountAsText()
      case .nodeCount: count = try document.readCountAsText()
      case .deletedCount, .columnCount: try document.skipValue()
      }
    }
    // 0 and 1 both say that leaves are single numbers.
    leafSize = max(size ?? 1, 1)
    nodeCount = count
  }

  private func checkLengths() throws(Fault) {
    let count = left.count
    for key: XGBoostTreeKey in [
      .leftChildren, .rightChildren, .splitIndices, .splitConditions, .defaultLeft, .parameters,
    ] where !keys.contains(key) {
      throw fault(.invalid, key, "the key is missing in the tree")
    }
    guard count > 0 else { throw fault(.invalid, .leftChildren, "the tree has no nodes") }
    if let nodeCount, nodeCount != count {
      throw fault(
        .invalid, .leftChildren, "\(count) elements, but the tree has num_nodes=\(nodeCount)")
    }
    try check(.rightChildren, right.count)
    try check(.splitIndices, features.count)
    try check(.splitConditions, conditions.count)
    try check(.defaultLeft, defaultLeft.count)
    if keys.contains(.splitTypes) { try check(.splitTypes, splitTypes.count) }
    if keys.contains(.gains) { try check(.gains, gains.count) }
    if keys.contains(.covers) { try check(.covers, covers.count) }
    for (key, length) in [
      (XGBoostTreeKey.categorySegments, categorySegments.count),
      (.categorySizes, categorySizes.count),
    ] where length != categoryNodes.count {
      throw fault(
        .invalid, key, "\(length) elements for \(categoryNodes.count) in categories_nodes")
    }
    try checkCategorySizes()
  }

  /// Checks that no category is listed for two nodes: what a tree's sets cost is then bounded by
  /// its size.
  private func checkCategorySizes() throws(Fault) {
    var left = categories.count
    for size in categorySizes {
      guard size > 0, size <= left else {
        throw fault(
          .invalid, .categorySizes,
          "a set of \(size) categories, where \(left) of \(categories.count) are left")
      }
      left -= size
    }
  }

  private func check(_ key: XGBoostTreeKey, _ length: Int) throws(Fault) {
    guard length == left.count else {
      throw fault(.invalid, key, "\(length) elements for the \(left.count) nodes of the tree")
    }
  }
}

extension DocumentReader where Self: ~Escapable {
  /// Reads a count that is written as text, as XGBoost's parameters are.
  @_lifetime(self: copy self)
  mutating func readCountAsText() throws(Fault) -> Int {
    let offset = position
    let text = try readString()
    guard let count = Int32(text), count >= 0 else {
      throw Fault(
        .malformed, at: offset,
        "\(quoted(text)) should be a whole number from 0 to \(Int32.max)")
    }
    return Int(count)
  }
}
