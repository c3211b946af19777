import TextCodec
import TreeIR

/// Turns the elements of `tree_info` into trees. Nodes nest in each other as deep as the
/// tree is, so that those not yet complete are kept on a stack of their own.
struct LightGBMJSONTree {
  private enum Key: Int, FileKey {
    case treeIndex
    case leafCount
    case categorySetCount
    case shrinkage
    case structure

    var text: StaticString {
      switch self {
      case .treeIndex: "tree_index"
      case .leafCount: "num_leaves"
      case .categorySetCount: "num_cat"
      case .shrinkage: "shrinkage"
      case .structure: "tree_structure"
      }
    }
  }

  private let featureNames: [String]
  private let clampsThresholds: Bool
  private var draft = TreeDraft()
  /// Complete nodes and leaves of the tree, in the order of their ends.
  private var splits: [LightGBMJSONNode] = []
  private var leaves: [LightGBMJSONNode] = []
  /// Nodes around the one that is being read.
  private var open: [LightGBMJSONNode] = []
  private var positions: [Int] = []
  private var sets: LightGBMJSONCategorySets
  private var nextTreeIndex: Int?

  /// - Parameter sourceSize: Size of the file in bytes, which bounds what sets may cost.
  init(signature: LightGBMSignature, sourceSize: Int) {
    featureNames = signature.featureNames
    clampsThresholds = signature.version != "v2"
    sets = LightGBMJSONCategorySets(sourceSize: sourceSize)
  }

  /// Reads the next element, and adds its tree.
  mutating func read(
    _ json: inout SourceJSONReader, into model: inout LightGBMModelAssembler
  ) throws(Fault) {
    let start = json.position
    var keys = KeySet<Key>()
    var previous: Key?
    var leafCount: (count: Int, offset: Int)?
    try json.enterObject()
    while let spelled = try json.nextKey() {
      let offset = json.position
      guard let key = Key.matching(spelled.rawBytes, after: previous), keys.insert(key) else {
        throw Self.unknownOrRepeated(spelled.makeString(), at: offset)
      }
      previous = key
      do {
        switch key {
        case .treeIndex: try checkTreeIndex(&json)
        case .leafCount: leafCount = (try json.readInt(), offset)
        case .categorySetCount, .shrinkage: try json.skipValue()
        case .structure: try readStructure(&json, into: &model)
        }
      } catch {
        throw error.inside(key.name)
      }
    }
    guard keys.contains(.structure) else {
      throw Fault(.invalid, at: start, key: Key.structure.name, "the key is missing in the tree")
    }
    if let leafCount, leafCount.count != leaves.count {
      throw Fault(
        .invalid, at: leafCount.offset, key: Key.leafCount.name,
        "\(leafCount.count) leaves are declared, but the tree has \(leaves.count)")
    }
    do {
      try makeDraft(at: start)
      try addDraft(to: &model, at: start)
    } catch {
      throw error.inside(Key.structure.name)
    }
  }

  /// Indices count up, but a dump of a part of a model does not start with 0.
  private mutating func checkTreeIndex(_ json: inout SourceJSONReader) throws(Fault) {
    let offset = json.position
    let index = try json.readInt()
    if let nextTreeIndex, index != nextTreeIndex {
      throw Fault(.invalid, at: offset, "tree \(index) stands where tree \(nextTreeIndex) should")
    }
    nextTreeIndex = index &+ 1
  }

  // MARK: Nodes

  private mutating func readStructure(
    _ json: inout SourceJSONReader, into model: inout LightGBMModelAssembler
  ) throws(Fault) {
    splits.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
    open.removeAll(keepingCapacity: true)
    var node = LightGBMJSONNode()
    do throws(Fault) {
      try json.enterObject()
      while true {
        while let spelled = try json.nextKey() {
          let offset = json.position
          let key = LightGBMJSONNode.Key.matching(spelled.rawBytes, after: node.last)
          guard let key, node.keys.insert(key) else {
            throw Self.unknownOrRepeated(spelled.makeString(), at: offset)
          }
          node.last = key
          if key == .leftChild || key == .rightChild {
            try json.enterObject()
            open.append(node)
            node = LightGBMJSONNode()
          } else {
            do throws(Fault) {
              try readMember(key, of: &node, &json, into: &model)
            } catch {
              throw error.inside(key.name)
            }
          }
        }
        try node.finish(
          isRoot: open.isEmpty, featureNames: featureNames, at: json.position)
        if node.isLeaf { leaves.append(node) } else { splits.append(node) }
        if node.isCategorical { model.noteCategorical(node.slot) }
        guard var parent = open.popLast() else { return }
        if parent.last == .leftChild { parent.left = node.link } else { parent.right = node.link }
        node = parent
      }
    } catch {
      throw open.isEmpty ? error : error.inside(openPath)
    }
  }

  /// The way from the root to the node that is being read, abbreviated in deep trees.
  private var openPath: String {
    let shown = 3
    func path(_ nodes: ArraySlice<LightGBMJSONNode>) -> String {
      nodes.map { $0.last?.name ?? "" }.joined(separator: ".")
    }
    guard open.count > 2 * shown else { return path(open[...]) }
    return path(open.prefix(shown)) + ".(\(open.count - 2 * shown) deeper)."
      + path(open.suffix(shown))
  }

  private mutating func readMember(
    _ key: LightGBMJSONNode.Key, of node: inout LightGBMJSONNode,
    _ json: inout SourceJSONReader, into model: inout LightGBMModelAssembler
  ) throws(Fault) {
    switch key {
    case .splitIndex, .leafIndex: node.index = try readIndex(&json)
    case .splitFeature:
      let offset = json.position
      let slot = try json.readInt()
      guard featureNames.indices.contains(slot) else {
        throw Fault(
          .invalid, at: offset, "the node tests feature \(slot) of \(featureNames.count)")
      }
      node.slot = slot
    case .splitGain: node.gain = try json.readFloat()
    case .threshold:
      if try json.peekKind() == .string {
        node.operand = .categorySet(try sets.read(&json, into: &model))
      } else {
        let threshold = try json.readDouble()
        node.operand = .threshold(
          clampsThresholds ? LightGBMJSONReader.unclamped(threshold) : threshold)
      }
    case .decisionType:
      let offset = json.position
      let test = try json.readText()
      switch test {
      case "==": node.isCategorical = true
      case "<=": node.isCategorical = false
      default: throw Self.unknownWord(test.makeString(), "'==' and '<='", at: offset)
      }
    case .defaultLeft: node.defaultLeft = try json.readBool()
    case .missingType:
      let offset = json.position
      let type = try json.readText()
      switch type {
      case "None": node.missingType = .none
      case "Zero": node.missingType = .zero
      case "NaN": node.missingType = .nan
      default: throw Self.unknownWord(type.makeString(), "None, Zero and NaN", at: offset)
      }
    case .internalRows, .leafRows: node.rows = Double(try json.readInt())
    case .leafValue: node.value = try json.readDouble()
    case .leafConstant: node.linear.constant = try json.readDouble()
    case .leafFeatures:
      try json.enterArray()
      while try json.nextElement() { node.linearSlots.append(try json.readInt()) }
    case .leafCoefficients:
      try json.enterArray()
      while try json.nextElement() { node.linearCoefficients.append(try json.readDouble()) }
    case .internalValue, .internalWeight, .leafWeight, .leftChild, .rightChild:
      try json.skipValue()
    }
  }

  private func readIndex(_ json: inout SourceJSONReader) throws(Fault) -> Int32 {
    let offset = json.position
    guard let index = Int32(exactly: try json.readInt()), index >= 0, index < Int32.max else {
      throw Fault(.invalid, at: offset, "the number of a node must be 0 or more, in 32 bits")
    }
    return index
  }

  private static func unknownWord(_ word: String, _ known: String, at offset: Int) -> Fault {
    Fault(
      .unsupported, at: offset, "\(quoted(word)) is none of \(known)",
      remedy: Remedy.newerTreec)
  }

  private static func unknownOrRepeated(_ key: String, at offset: Int) -> Fault {
    Fault(
      .unsupported, at: offset, key: quoted(key),
      "the key is unknown here or stands twice, so it is uncertain what the tree predicts",
      remedy: Remedy.newerTreec)
  }

  // MARK: The draft

  /// Puts nodes and leaves into the places that their numbers say.
  private mutating func makeDraft(at offset: Int) throws(Fault) {
    draft.removeAll()
    try orderByIndex(splits, key: .splitIndex, at: offset)
    if let root = splits.last, root.index != 0 {
      throw Fault(
        .invalid, at: offset, key: "split_index", "the root has number \(root.index), not 0")
    }
    let hasNodeRows = splits.allSatisfy(\.hasRows)
    for position in positions {
      let node = splits[position]
      draft.splits.append(node.split)
      draft.left.append(node.left)
      draft.right.append(node.right)
      if hasNodeRows { draft.nodeCovers.append(node.rows) }
    }
    try orderByIndex(leaves, key: .leafIndex, at: offset)
    let hasLeafRows = leaves.count == 1 || leaves.allSatisfy(\.hasRows)
    let isLinear = leaves.contains(where: \.isLinear)
    guard !isLinear || leaves.allSatisfy(\.isLinear) else {
      throw Fault(
        .invalid, at: offset, key: "leaf_const", "some leaves have a linear model, others none")
    }
    for position in positions {
      let leaf = leaves[position]
      draft.leaves.values.append(leaf.value)
      if hasLeafRows { draft.leaves.covers.append(leaf.rows) }
      if isLinear { draft.leaves.linear.append(leaf.linear) }
    }
  }

  /// Fills `positions` with the place in `nodes` of each number.
  private mutating func orderByIndex(
    _ nodes: [LightGBMJSONNode], key: LightGBMJSONNode.Key, at offset: Int
  ) throws(Fault) {
    positions.removeAll(keepingCapacity: true)
    positions.append(contentsOf: repeatElement(-1, count: nodes.count))
    for (position, node) in nodes.enumerated() {
      let index = Int(node.index)
      guard index < positions.count, positions[index] < 0 else {
        throw Fault(
          .invalid, at: offset, key: key.name,
          index < positions.count
            ? "\(index) stands twice" : "\(index) stands in a tree that has \(nodes.count)")
      }
      positions[index] = position
    }
  }

  private mutating func addDraft(
    to model: inout LightGBMModelAssembler, at offset: Int
  ) throws(Fault) {
    do {
      try model.add(&draft)
    } catch {
      throw Fault(error, at: offset)
    }
  }
}
