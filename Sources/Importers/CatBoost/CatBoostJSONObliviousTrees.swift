import TextCodec
import TreeIR

/// Reads `oblivious_trees`.
struct CatBoostJSONObliviousTrees {
  private let split: CatBoostJSONSplit
  private let limits: Limits
  private var trees: CatBoostTrees?

  init(_ splits: CatBoostSplits, limits: Limits) {
    split = CatBoostJSONSplit(splits: splits)
    self.limits = limits
  }

  @_lifetime(json: copy json)
  mutating func read(
    _ json: inout SourceJSONReader, _ meter: inout ReadingMeter
  ) throws(Fault) -> CatBoostTrees {
    var draft = ObliviousTreeDraft(levels: [], leaves: LeafDraft())
    try json.readList { (json, place) throws(Fault) in
      try readTree(&json, &draft)
      if trees == nil { trees = try newTrees(draft, place) }
      try trees?.add(draft, at: SourcePlace(offset: place.offset))
      meter.reached(json.position)
    }
    return trees ?? CatBoostTrees(limits: limits)
  }

  @_lifetime(json: copy json)
  private func readTree(
    _ json: inout SourceJSONReader, _ draft: inout ObliviousTreeDraft
  ) throws(Fault) {
    draft.levels.removeAll(keepingCapacity: true)
    draft.leaves.values.removeAll(keepingCapacity: true)
    draft.leaves.covers.removeAll(keepingCapacity: true)
    try json.readMembers(requiring: [.leafValues, .splits]) {
      (key: CatBoostObliviousTreeKey, json: inout SourceJSONReader) throws(Fault) in
      if try json.peekKind() == .null {
        try json.readNull()
        return
      }
      switch key {
      case .leafValues: try json.readFiniteDoubles(into: &draft.leaves.values)
      case .leafWeights: try json.readDoubles(into: &draft.leaves.covers)
      case .splits:
        try json.readList { (json, _) throws(Fault) in
          draft.levels.append(try split.read(&json))
        }
      }
    }
    // Weights are not kept by all versions, and are zeros after some operations.
    if draft.leaves.covers.count != 1 << min(draft.levels.count, 32) {
      draft.leaves.covers.removeAll(keepingCapacity: true)
    }
  }

  /// The first tree tells how many values a leaf has.
  private func newTrees(
    _ draft: ObliviousTreeDraft, _ place: SourcePlace
  ) throws(Fault) -> CatBoostTrees {
    let leaves = 1 << min(draft.levels.count, 32)
    let (dimension, rest) = draft.leaves.values.count.quotientAndRemainder(dividingBy: leaves)
    guard rest == 0 else {
      throw Fault(
        .invalid, at: place.offset,
        "\(draft.leaves.values.count) leaf values for a tree of \(draft.levels.count) splits")
    }
    return try CatBoostTrees(checking: dimension, limits, SourcePlace(offset: place.offset))
  }
}
