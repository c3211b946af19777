import TextCodec
import TreeIR

/// A node or leaf of a dumped tree while its members are read.
struct LightGBMJSONNode {
  /// Every key that a LightGBM from 2.0.12 to 4.x dumps in a node or a leaf.
  enum Key: Int, FileKey {
    case splitIndex
    case splitFeature
    case splitGain
    case threshold
    case decisionType
    case defaultLeft
    case missingType
    case internalValue
    case internalWeight
    case internalRows
    case leftChild
    case rightChild
    case leafIndex
    case leafValue
    case leafWeight
    case leafRows
    case leafConstant
    case leafFeatures
    case leafCoefficients

    var text: StaticString {
      switch self {
      case .splitIndex: "split_index"
      case .splitFeature: "split_feature"
      case .splitGain: "split_gain"
      case .threshold: "threshold"
      case .decisionType: "decision_type"
      case .defaultLeft: "default_left"
      case .missingType: "missing_type"
      case .internalValue: "internal_value"
      case .internalWeight: "internal_weight"
      case .internalRows: "internal_count"
      case .leftChild: "left_child"
      case .rightChild: "right_child"
      case .leafIndex: "leaf_index"
      case .leafValue: "leaf_value"
      case .leafWeight: "leaf_weight"
      case .leafRows: "leaf_count"
      case .leafConstant: "leaf_const"
      case .leafFeatures: "leaf_features"
      case .leafCoefficients: "leaf_coeff"
      }
    }
  }

  private static let required: [Key] = [
    .splitIndex, .splitFeature, .threshold, .decisionType, .defaultLeft, .missingType,
    .leftChild, .rightChild,
  ]

  var keys = KeySet<Key>()
  /// The key whose value is being read, or was read last.
  var last: Key?
  /// `split_index` or `leaf_index`.
  var index: Int32 = 0
  var slot = 0
  var gain: Float = 0
  var operand = Split.Operand.threshold(.nan)
  var isCategorical = false
  var defaultLeft = false
  var missingType = LightGBMMissingType.none
  var left: Int32 = 0
  var right: Int32 = 0
  var rows: Double = 0
  var value = 0.0
  var linear = LeafDraft.LinearModel(constant: 0, terms: [])
  var linearSlots: [Int] = []
  var linearCoefficients: [Double] = []

  var isLeaf: Bool { keys.contains(.leafValue) }

  var isLinear: Bool { keys.contains(.leafConstant) }

  /// Whether the file tells the training rows of the node.
  var hasRows: Bool { keys.contains(isLeaf ? .leafRows : .internalRows) }

  /// The link by which a parent refers to the node.
  var link: Int32 { isLeaf ? ~index : index }

  /// The split, if the node is one.
  var split: Split {
    let decision = LightGBMDecision(
      isCategorical: isCategorical, defaultLeft: defaultLeft, type: missingType)
    return Split(
      slot: slot, condition: isCategorical ? .inCategorySet : .lessOrEqual,
      missing: decision.missing, operand: operand, gain: gain)
  }

  /// Checks, when the node's object ends, that its members make a node or a leaf.
  ///
  /// - Parameter isRoot: A tree's only leaf has no number.
  mutating func finish(isRoot: Bool, featureNames: [String], at offset: Int) throws(Fault) {
    if isLeaf {
      try checkLeaf(isRoot: isRoot, featureNames: featureNames, at: offset)
      return
    }
    guard keys.contains(.splitIndex) || keys.contains(.splitFeature) else {
      throw missing(.leafValue, at: offset)
    }
    for key in Self.required where !keys.contains(key) { throw missing(key, at: offset) }
    guard !keys.contains(.leafIndex) else {
      throw Fault(.invalid, at: offset, key: "leaf_index", "a node is either split or leaf")
    }
    switch operand {
    case .threshold(let threshold):
      guard !isCategorical, !threshold.isNaN else {
        throw Fault(
          .invalid, at: offset, key: "threshold", feature: featureNames[slot],
          isCategorical
            ? "decision_type '==' needs categories such as \"1||5\", not a number"
            : "the threshold is not a number")
      }
    case .categorySet:
      guard isCategorical else {
        throw Fault(
          .invalid, at: offset, key: "threshold", feature: featureNames[slot],
          "decision_type '<=' needs a number, not categories")
      }
    }
  }

  private mutating func checkLeaf(
    isRoot: Bool, featureNames: [String], at offset: Int
  ) throws(Fault) {
    guard !Self.required.contains(where: keys.contains) else {
      throw Fault(.invalid, at: offset, key: "leaf_value", "a node is either split or leaf")
    }
    guard isRoot || keys.contains(.leafIndex) else { throw missing(.leafIndex, at: offset) }
    guard isLinear else { return }
    guard linearSlots.count == linearCoefficients.count else {
      throw Fault(
        .invalid, at: offset, key: "leaf_coeff",
        "\(linearCoefficients.count) coefficients for \(linearSlots.count) features")
    }
    guard linearSlots.allSatisfy(featureNames.indices.contains) else {
      throw Fault(
        .invalid, at: offset, key: "leaf_features",
        "a leaf uses a feature that is none of the \(featureNames.count)")
    }
    linear.terms = zip(linearSlots, linearCoefficients).map { (slot: $0, coefficient: $1) }
  }

  private func missing(_ key: Key, at offset: Int) -> Fault {
    Fault(.invalid, at: offset, key: key.name, "the key is missing in the node")
  }
}
