import TextCodec
import TreeIR

/// Reads `trees`, whose nodes nest in each other as deep as the tree is, so that those not yet
/// complete are kept on a stack of their own.
struct CatBoostJSONTrees {
  private struct Node {
    var keys = KeySet<CatBoostNodeKey>()
    var last: CatBoostNodeKey?
    var split: Split?
    /// Of the false and of the true branch: a node, or `~leaf`.
    var left: Int32 = 0
    var right: Int32 = 0
    var valueCount = 0
    var weight = 0.0
    let start: Int
    /// Whether the node is the true branch of the one around it.
    let isRight: Bool
  }

  private let split: CatBoostJSONSplit
  private let limits: Limits
  private var trees: CatBoostTrees?
  private var draft = TreeDraft()
  private var open: [Node] = []

  init(_ splits: CatBoostSplits, limits: Limits) {
    split = CatBoostJSONSplit(splits: splits)
    self.limits = limits
  }

  @_lifetime(json: copy json)
  mutating func read(
    _ json: inout SourceJSONReader, _ meter: inout ReadingMeter
  ) throws(Fault) -> CatBoostTrees {
    try json.readList { (json, place) throws(Fault) in
      try readTree(&json)
      if trees == nil { trees = try newTrees(place) }
      try trees?.add(draft, at: SourcePlace(offset: place.offset))
      meter.reached(json.position)
    }
    return trees ?? CatBoostTrees(limits: limits)
  }

  /// The first tree tells how many values a leaf has.
  private func newTrees(_ place: SourcePlace) throws(Fault) -> CatBoostTrees {
    let dimension = draft.leaves.values.count / (draft.splits.count + 1)
    return try CatBoostTrees(checking: dimension, limits, SourcePlace(offset: place.offset))
  }

  @_lifetime(json: copy json)
  private mutating func readTree(_ json: inout SourceJSONReader) throws(Fault) {
    draft.removeAll()
    open.removeAll(keepingCapacity: true)
    open.append(Node(start: json.position, isRight: false))
    try json.enterObject()
    while let depth = open.indices.last {
      guard let name = try json.nextKey() else {
        try close(open.removeLast())
        continue
      }
      let offset = json.position
      guard let key = CatBoostNodeKey.matching(name.rawBytes, after: open[depth].last),
        open[depth].keys.insert(key)
      else {
        throw Fault(
          .malformed, at: offset, key: quoted(name.makeString()),
          "the key is unknown in a tree, or stands twice", remedy: Remedy.newerTreec)
      }
      open[depth].last = key
      switch key {
      case .left, .right:
        open.append(Node(start: offset, isRight: key == .right))
        try json.enterObject()
      case .split: open[depth].split = try split.read(&json)
      case .value: open[depth].valueCount = try readValue(&json)
      case .weight: open[depth].weight = try json.readDouble()
      }
    }
    numberFromRoot()
    numberLeaves()
  }

  /// Appends the values of a leaf, and returns how many they are.
  @_lifetime(json: copy json)
  private mutating func readValue(_ json: inout SourceJSONReader) throws(Fault) -> Int {
    let count = draft.leaves.values.count
    if try json.peekKind() == .array {
      try json.readFiniteDoubles(into: &draft.leaves.values)
    } else {
      draft.leaves.values.append(try json.readFiniteDouble())
    }
    return draft.leaves.values.count - count
  }

  /// Makes a node or a leaf of what has been read, and tells the node around it.
  private mutating func close(_ node: Node) throws(Fault) {
    let number: Int32
    let isSplit = node.keys.contains(.split)
    if isSplit {
      guard node.keys.contains(.left), node.keys.contains(.right), !node.keys.contains(.value),
        let split = node.split
      else {
        throw Fault(
          .invalid, at: node.start, "a split needs two branches, left and right, and has no value")
      }
      number = Int32(clamping: draft.splits.count)
      draft.splits.append(split)
      // What satisfies a split goes left here, right in CatBoost.
      draft.left.append(node.right)
      draft.right.append(node.left)
    } else {
      let leaf = draft.leaves.covers.count
      let width = draft.leaves.values.count / (leaf + 1)
      guard node.keys.contains(.value), !node.keys.contains(.left), !node.keys.contains(.right),
        node.valueCount >= 1, node.valueCount == width
      else {
        throw Fault(
          .invalid, at: node.start,
          "a leaf needs a value, as many numbers as other leaves have, and no branches without a split"
        )
      }
      number = ~Int32(clamping: leaf)
      draft.leaves.covers.append(node.weight)
    }
    guard let parent = open.indices.last else { return }
    if node.isRight { open[parent].right = number } else { open[parent].left = number }
  }

  /// Nodes have been numbered as they ended, the root last; it has to be the first.
  private mutating func numberFromRoot() {
    let last = Int32(clamping: draft.splits.count - 1)
    draft.splits.reverse()
    draft.left.reverse()
    draft.right.reverse()
    for node in draft.splits.indices {
      if draft.left[node] >= 0 { draft.left[node] = last - draft.left[node] }
      if draft.right[node] >= 0 { draft.right[node] = last - draft.right[node] }
    }
  }

  /// Numbers the leaves as the model that was saved did, which the file does not tell: from the
  /// false branch to the true one, but a leaf comes before a subtree beside it.
  ///
  /// Source: measured; `TNonSymmetricTreeModelBuilder` in CatBoost's `libs/model`.
  private mutating func numberLeaves() {
    var number: Int32 = 0
    draft.leaves.nativeIDs = Array(repeating: 0, count: draft.leaves.covers.count)
    var subtrees = draft.splits.isEmpty ? [] : [0]
    while let node = subtrees.popLast() {
      let (left, right) = (draft.right[node], draft.left[node])
      for leaf in [left, right] where leaf < 0 {
        draft.leaves.nativeIDs[Int(~leaf)] = number
        number += 1
      }
      for subtree in [right, left] where subtree >= 0 { subtrees.append(Int(subtree)) }
    }
  }
}
