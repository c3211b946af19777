import TreeIR

/// The trees of a model, as they are read.
struct CatBoostTrees {
  private(set) var ensemble: EnsembleBuilder
  /// Values a leaf.
  let dimension: Int

  /// - Precondition: `dimension` is from 1 to `limits.outputs`.
  private init(dimension: Int, _ limits: Limits) {
    self.dimension = dimension
    ensemble = EnsembleBuilder(
      profile: .catBoost, outputCount: dimension, leafWidth: dimension, limits: limits)
  }

  /// Starts without trees.
  ///
  /// - Parameters:
  ///   - dimension: Values a leaf.
  ///   - place: Where the file says so.
  init(checking dimension: Int, _ limits: Limits, _ place: SourcePlace) throws(Fault) {
    guard (1...limits.outputs).contains(dimension) else {
      throw place.fault(
        dimension > limits.outputs ? .limit : .invalid,
        "leaves have \(dimension) values; 1 to \(limits.outputs) are possible")
    }
    self.init(dimension: dimension, limits)
  }

  /// A model without trees.
  init(limits: Limits) {
    self.init(dimension: 1, limits)
  }

  /// Adds the next tree.
  mutating func add(_ tree: ObliviousTreeDraft, at place: SourcePlace) throws(Fault) {
    try addIteration(at: place) { (ensemble) throws(ModelError) in try ensemble.add(tree) }
  }

  /// Adds the next tree.
  mutating func add(_ tree: TreeDraft, at place: SourcePlace) throws(Fault) {
    try addIteration(at: place) { (ensemble) throws(ModelError) in try ensemble.add(tree) }
  }

  /// Every tree is an iteration.
  private mutating func addIteration(
    at place: SourcePlace, _ add: (inout EnsembleBuilder) throws(ModelError) -> Void
  ) throws(Fault) {
    do {
      try add(&ensemble)
      ensemble.endIteration()
    } catch {
      throw Fault(error, at: place.offset, key: place.path)
    }
  }
}

/// What the splits of a model can be: CatBoost numbers them over all features.
struct CatBoostSplits {
  private(set) var list: [Split] = []
  /// What files in JSON say of each besides, to compare it with what they say in the trees.
  private(set) var descriptions: [Description] = []

  enum Description: CustomStringConvertible {
    case numeric(feature: Int, border: Float)
    case oneHot(feature: Int, value: Int32)
    case statistic(targetBorder: Int, border: Float)

    var description: String {
      switch self {
      case .numeric(let feature, let border): "border \(border) of numeric feature \(feature)"
      case .oneHot(let feature, let value): "value \(value) of categorical feature \(feature)"
      case .statistic(let target, let border):
        "border \(border) of a statistic (CTR) with target border \(target)"
      }
    }
  }

  mutating func append(_ split: Split, _ description: Description) {
    list.append(split)
    descriptions.append(description)
  }

  /// The split that a tree at `place` calls `index`.
  func split(_ index: Int, at place: SourcePlace) throws(Fault) -> Split {
    guard list.indices.contains(index) else {
      throw place.fault(
        .invalid,
        "there is no split \(index): the features have \(list.count) borders and values in all",
        remedy:
          "The file seems damaged or edited, or is JSON of a CatBoost before 0.20, which left "
          + "out one-hot values: save the model again, as cbm")
    }
    return list[index]
  }
}
