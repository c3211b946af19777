import TextCodec
import TreeIR

/// Turns the `Tree=` blocks of the text form into trees. One value serves all blocks, so
/// that its lists are allocated once.
struct LightGBMTextTree {
  private let featureNames: [String]
  private var fields = LightGBMTreeFields()
  private var draft = TreeDraft()
  private var features: [Int32] = []
  private var decisions: [Int32] = []
  private var thresholds: [Double] = []
  private var gains: [Float] = []
  private var counts: [Int64] = []
  private var boundaries: [Int32] = []
  private var words: [UInt32] = []
  private var coefficients: [Double] = []

  init(featureNames: [String]) {
    self.featureNames = featureNames
  }

  /// Reads the block that begins after the line `Tree=`, and adds its tree.
  mutating func read(
    _ cursor: inout ByteCursor, into model: inout LightGBMModelAssembler
  ) throws(Fault) {
    try fields.read(&cursor)
    let bytes = cursor.bytes
    draft.removeAll()
    let leafCount = try readLeafCount(bytes)
    let sets = try readCategorySets(bytes, into: &model)
    try readSplits(bytes, count: leafCount - 1, sets: sets, into: &model)
    try readLeaves(bytes, count: leafCount)
    try readCovers(bytes, leafCount: leafCount)
    do {
      try model.add(&draft)
    } catch {
      throw Fault(
        error, at: fields[.leftChild]?.range.lowerBound ?? fields.start,
        key: "left_child and right_child")
    }
  }

  private func readLeafCount(_ bytes: Span<UInt8>) throws(Fault) -> Int {
    let field = try fields.require(.leafCount)
    let count = try field.readElement(bytes, as: Int32.self)
    guard count >= 1 else {
      throw field.fault(.invalid, "a tree of \(count) leaves; there must be one at least")
    }
    return Int(count)
  }

  /// Adds the block's category sets; returns their numbers in the ensemble.
  private mutating func readCategorySets(
    _ bytes: Span<UInt8>, into model: inout LightGBMModelAssembler
  ) throws(Fault) -> Range<Int> {
    // The key came with the first version that knows sets.
    guard let field = fields[.categorySetCount] else { return 0..<0 }
    let count = Int(try field.readElement(bytes, as: Int32.self))
    guard count >= 0 else { throw field.fault(.invalid, "\(count) category sets") }
    guard count > 0 else { return 0..<0 }
    let boundaryField = try fields.require(.categoryBoundaries)
    try boundaryField.readList(
      bytes, count: count + 1, reason: "num_cat", into: &boundaries)
    guard boundaries[0] == 0, zip(boundaries, boundaries.dropFirst()).allSatisfy(<=) else {
      throw boundaryField.fault(.invalid, "the boundaries do not begin with 0 or they fall")
    }
    try fields.require(.categoryWords).readList(
      bytes, count: Int(boundaries[count]), reason: "cat_boundaries", into: &words)
    var first = 0
    do {
      for set in 0..<count {
        let number = try model.addCategorySet(
          words[Int(boundaries[set])..<Int(boundaries[set + 1])])
        if set == 0 { first = number }
      }
    } catch {
      throw Fault(error, at: boundaryField.range.lowerBound, key: boundaryField.key.description)
    }
    return first..<first + count
  }

  private mutating func readSplits(
    _ bytes: Span<UInt8>, count: Int, sets: Range<Int>, into model: inout LightGBMModelAssembler
  ) throws(Fault) {
    guard count > 0 else { return try checkNoSplits(bytes) }
    let featureField = try fields.require(.splitFeature)
    let thresholdField = try fields.require(.threshold)
    try featureField.readList(bytes, count: count, reason: "num_leaves", into: &features)
    try thresholdField.readList(bytes, count: count, reason: "num_leaves", into: &thresholds)
    try fields.readOptional(.splitGain, bytes, count: count, into: &gains)
    try fields.readOptional(.decisionType, bytes, count: count, into: &decisions)
    try fields.require(.leftChild).readList(
      bytes, count: count, reason: "num_leaves", into: &draft.left)
    try fields.require(.rightChild).readList(
      bytes, count: count, reason: "num_leaves", into: &draft.right)
    draft.splits.reserveCapacity(count)
    for node in 0..<count {
      let slot = Int(features[node])
      guard featureNames.indices.contains(slot) else {
        throw featureField.fault(
          .invalid, "node \(node) tests feature \(slot) of \(featureNames.count)")
      }
      // Old files without decision types have numerical splits without missing values only.
      let bits = decisions.isEmpty ? 0 : decisions[node]
      guard let decision = LightGBMDecision(bits: bits) else {
        throw fault(
          .decisionType, .unsupported, feature: slot,
          "node \(node) has decision type \(bits), which does not exist")
      }
      let threshold = thresholds[node]
      let operand: Split.Operand
      if decision.isCategorical {
        guard let set = Int(exactly: threshold), set >= 0, set < sets.count else {
          throw fault(
            .threshold, .invalid, feature: slot,
            "node \(node) tests category set \(threshold) of \(sets.count)")
        }
        operand = .categorySet(sets.lowerBound + set)
        model.noteCategorical(slot)
      } else {
        guard !threshold.isNaN else {
          throw fault(
            .threshold, .invalid, feature: slot, "node \(node) has no number for threshold")
        }
        operand = .threshold(threshold)
      }
      draft.splits.append(
        Split(
          slot: slot, condition: decision.isCategorical ? .inCategorySet : .lessOrEqual,
          missing: decision.missing, operand: operand, gain: gains.isEmpty ? 0 : gains[node]))
    }
  }

  /// A tree of one leaf has node lists without elements, if any.
  private mutating func checkNoSplits(_ bytes: Span<UInt8>) throws(Fault) {
    for key in [LightGBMTreeFields.Key.splitFeature, .decisionType, .leftChild, .rightChild] {
      try fields[key]?.readList(bytes, count: 0, reason: "num_leaves", into: &features)
    }
  }

  private mutating func readLeaves(_ bytes: Span<UInt8>, count: Int) throws(Fault) {
    try fields.require(.leafValue).readList(
      bytes, count: count, reason: "num_leaves", into: &draft.leaves.values)
    guard let field = fields[.isLinear] else { return }
    switch try field.readElement(bytes, as: Int32.self) {
    case 0: return
    case 1: break
    case let other: throw field.fault(.unsupported, "\(other) is neither 0 nor 1")
    }
    // `thresholds` and `features` are free again: splits have been made of them.
    try fields.require(.leafConstant).readList(
      bytes, count: count, reason: "num_leaves", into: &thresholds)
    let countField = try fields.require(.featureCounts)
    try countField.readList(bytes, count: count, reason: "num_leaves", into: &decisions)
    guard decisions.allSatisfy({ $0 >= 0 }) else {
      throw countField.fault(.invalid, "a leaf has a negative number of features")
    }
    let total = decisions.reduce(0) { $0 + Int($1) }
    let featureField = try fields.require(.leafFeatures)
    try featureField.readList(bytes, count: total, reason: "num_features", into: &features)
    try fields.require(.leafCoefficients).readList(
      bytes, count: total, reason: "num_features", into: &coefficients)
    guard let last = features.max() else { return appendLinearLeaves() }
    guard features.allSatisfy({ $0 >= 0 }), Int(last) < featureNames.count else {
      throw featureField.fault(
        .invalid, "a leaf uses a feature that is none of the \(featureNames.count)")
    }
    appendLinearLeaves()
  }

  private mutating func appendLinearLeaves() {
    var start = 0
    for leaf in thresholds.indices {
      let end = start + Int(decisions[leaf])
      let terms = (start..<end).map { (slot: Int(features[$0]), coefficient: coefficients[$0]) }
      draft.leaves.linear.append(
        LeafDraft.LinearModel(constant: thresholds[leaf], terms: terms))
      start = end
    }
  }

  private mutating func readCovers(_ bytes: Span<UInt8>, leafCount: Int) throws(Fault) {
    if leafCount == 1 && fields[.leafRows]?.range.isEmpty ?? true {
      // Some versions leave the count of a single leaf out; no rows part ways there.
      draft.leaves.covers.append(0)
      return
    }
    try fields.readOptional(.leafRows, bytes, count: leafCount, into: &counts)
    draft.leaves.covers.append(contentsOf: counts.lazy.map { Double($0) })
    try fields.readOptional(.internalRows, bytes, count: leafCount - 1, into: &counts)
    draft.nodeCovers.append(contentsOf: counts.lazy.map { Double($0) })
  }

  private func fault(
    _ key: LightGBMTreeFields.Key, _ code: ImportError.Code, feature: Int, _ message: String
  ) -> Fault {
    Fault(
      code, at: fields[key]?.range.lowerBound, key: key.name, feature: featureNames[feature],
      message)
  }
}
