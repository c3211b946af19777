import TextCodec
import TreeIR

/// Checks what the parts of a file say against each other, and builds the model.
struct XGBoostModelAssembler {
  private let header: XGBoostHeader
  private let trees: XGBoostTreeBuilder
  private let modelKeys: KeySet<XGBoostModelKey>
  private let limits: Limits
  private let version: XGBoostVersion
  private let objective: XGBoostObjective

  /// The versions whose files were compared with what they predict.
  private static let versions = XGBoostVersion(1, 7)...XGBoostVersion(3, 4)

  init(
    header: XGBoostHeader, trees: XGBoostTreeBuilder, modelKeys: KeySet<XGBoostModelKey>,
    options: ImportOptions
  ) throws(Fault) {
    self.header = header
    self.trees = trees
    self.modelKeys = modelKeys
    limits = options.limits
    version = try Self.version(header)
    guard
      let objective = XGBoostObjective(
        name: header.objective, version: version, outputCount: header.outputCount)
    else {
      throw header.fault(
        .unsupported, XGBoostPath.objective,
        "XGBoost has no objective \(quoted(header.objective))", remedy: Remedy.newerTreec)
    }
    self.objective = objective
  }

  /// The model.
  func model(format: String, source: SourceID) throws(Fault) -> TreeModel {
    try checkOutputs()
    let margins = try margins()
    let columns = XGBoostColumns(
      header: header, version: version, categoricalColumns: trees.categoricalColumns,
      limits: limits)
    var builder = ModelBuilder(input: try columns.schema())
    builder.provenance = Provenance(
      library: "XGBoost", version: header.version.map(String.init).joined(separator: "."),
      format: format, objective: header.objective, sourceHash: source.hash,
      sourceSize: source.size, attributes: header.attributes)
    let scores: Range<Int>
    if header.booster == .linear {
      scores = try addLinearModel(margins, to: &builder)
    } else {
      scores = builder.score(builder.add(try ensemble(margins)))
    }
    objective.addOutputs(of: scores, to: &builder)
    do {
      return try builder.build(limits: limits)
    } catch {
      throw Fault(error, at: nil)
    }
  }

  private static func version(_ header: XGBoostHeader) throws(Fault) -> XGBoostVersion {
    guard header.version.count == 3, header.version.allSatisfy({ (0...1 << 16).contains($0) })
    else {
      throw header.fault(
        .invalid, XGBoostPath.version, "the version should be three numbers, as in [3, 2, 0]")
    }
    let version = XGBoostVersion(
      header.version[0], header.version[1], patch: header.version[2])
    let (first, last) = (versions.lowerBound.text, versions.upperBound.text)
    let isTooOld = version < versions.lowerBound
    // Patches of the last version are known too.
    guard !isTooOld, XGBoostVersion(version.major, version.minor) <= versions.upperBound else {
      throw header.fault(
        .unsupported, XGBoostPath.version,
        "XGBoost \(version.text) wrote the file; \(first) to \(last) are known",
        remedy: isTooOld
          ? "Load the model with XGBoost \(first) or later, look whether it still predicts the "
            + "same, and save it again with save_model('model.ubj')" : Remedy.newerTreec)
    }
    return version
  }

  private func checkOutputs() throws(Fault) {
    guard header.classCount <= 1 || header.targetCount <= 1 else {
      throw header.fault(
        .unsupported, XGBoostPath.classCount,
        "\(header.classCount) classes and \(header.targetCount) targets: XGBoost has no such "
          + "models")
    }
    guard header.outputCount <= limits.outputs else {
      throw header.fault(
        .limit, XGBoostPath.classCount, "\(header.outputCount) outputs",
        remedy: Remedy.raiseLimits)
    }
    let isMulticlass = objective.family == .softprob || objective.family == .softmax
    guard !isMulticlass || header.classCount >= 1 else {
      throw header.fault(
        .invalid, XGBoostPath.classCount,
        "the objective \(quoted(header.objective)) needs num_class of 1 or more")
    }
  }

  /// Where the sum of each output's margin starts.
  private func margins() throws(Fault) -> [Float] {
    var scores = header.baseScore
    if scores.count == 1, header.outputCount > 1 {
      scores = Array(repeating: scores[0], count: header.outputCount)
    }
    guard scores.count == header.outputCount else {
      throw header.fault(
        .invalid, XGBoostPath.baseScore,
        "\(scores.count) base scores for \(header.outputCount) outputs")
    }
    if isUntrained && header.boostsFromAverage && version >= XGBoostVersion(3, 1) {
      // The average was never taken: these versions start from a margin of one half, whatever
      // the file says and whatever space the objective has.
      return Array(repeating: 0.5, count: header.outputCount)
    }
    do {
      return try objective.margins(of: scores, version: version)
    } catch {
      throw header.fault(
        .invalid, XGBoostPath.baseScore,
        "the base score is \(error.score); \(quoted(header.objective)) needs one \(error.range)")
    }
  }

  private var isUntrained: Bool {
    trees.treeCount == 0 && (header.linearWeights ?? []).isEmpty
  }

  // MARK: Trees

  private func ensemble(_ margins: [Float]) throws(Fault) -> Ensemble {
    try requireKey(.trees)
    try requireKey(.treeOutputs)
    let count = trees.treeCount
    if let declared = header.treeCount, declared != count {
      throw fault(.trees, "\(count) trees, but num_trees is \(declared)")
    }
    guard header.treeOutputs.count == count else {
      throw fault(.treeOutputs, "\(header.treeOutputs.count) elements for \(count) trees")
    }
    let hasVectors = trees.leafSize > 1
    guard !hasVectors || trees.leafSize == header.outputCount else {
      throw fault(
        .trees,
        "leaves have \(trees.leafSize) values, but the model has \(header.outputCount) outputs")
    }
    let treeOutputCount = hasVectors ? 1 : header.outputCount
    if let tree = header.treeOutputs.firstIndex(where: { !(0..<treeOutputCount).contains($0) }) {
      throw fault(
        .treeOutputs,
        "tree \(tree) adds to output \(header.treeOutputs[tree]) of \(treeOutputCount)")
    }
    if let largest = trees.largestColumn, largest.column >= header.columnCount {
      var fault = largest.fault.inside(XGBoostPath.model(.trees, of: header.booster))
      fault.message += " of \(header.columnCount)"
      throw fault
    }
    return trees.build(
      EnsembleArrangement(
        outputs: header.treeOutputs, weights: try treeWeights(),
        iterationStarts: try iterationStarts(treeOutputCount),
        baseScores: margins.map { Double($0) },
        categories: version < XGBoostVersion(1, 7, patch: 3)
          ? .nonNegativeBelow2To24ElseMissing : nil))
  }

  private func treeWeights() throws(Fault) -> [Double] {
    guard let weights = header.treeWeights else { return [] }
    let count = trees.treeCount
    // From 3.3 on dart is gbtree with weights, if it has any.
    let isOld = version < XGBoostVersion(3, 3)
    if weights.isEmpty && !isOld { return [] }
    // Until 3.3 updating the trees (process_type=update) adds weights that no tree has.
    let mayBeMore = version < XGBoostVersion(3, 4)
    guard mayBeMore ? weights.count >= count : weights.count == count else {
      throw header.fault(
        .invalid, XGBoostPath.treeWeights, "\(weights.count) weights for \(count) trees")
    }
    guard trees.leafSize == 1 || !isOld else {
      throw header.fault(
        .unsupported, XGBoostPath.treeWeights,
        "dart with vectors in the leaves, which XGBoost \(version.text) cannot score either")
    }
    return weights.prefix(count).map { Double($0) }
  }

  private func iterationStarts(_ treeOutputCount: Int) throws(Fault) -> [Int] {
    let count = trees.treeCount
    if let starts = header.iterationStarts {
      guard starts.first == 0, starts.last == count, zip(starts, starts.dropFirst()).allSatisfy(<=)
      else {
        throw fault(
          .iterationStarts, "the numbers should rise from 0 to the number of trees, \(count)")
      }
      return starts
    }
    let (treesPerIteration, overflow) = header.parallelTrees.multipliedReportingOverflow(
      by: treeOutputCount)
    guard treesPerIteration > 0, !overflow, count % treesPerIteration == 0 else {
      throw fault(
        .trees,
        "\(count) trees cannot be iterations of num_parallel_tree=\(header.parallelTrees) for "
          + "each of \(treeOutputCount) outputs")
    }
    return Array(stride(from: 0, through: count, by: treesPerIteration))
  }

  // MARK: gblinear

  /// Adds `bias + base score + Σ weight · value`, summed from the left.
  private func addLinearModel(
    _ margins: [Float], to builder: inout ModelBuilder
  ) throws(Fault) -> Range<Int> {
    try requireKey(.weights)
    if modelKeys.contains(.trees) { throw fault(.trees, "gblinear has no trees") }
    let (columns, outputs) = (header.columnCount, header.outputCount)
    // Both fit 32 bits.
    guard columns * outputs <= limits.reads else {
      throw fault(
        .weights, "\(columns) weights for each of \(outputs) outputs", code: .limit,
        remedy: Remedy.raiseLimits)
    }
    let count = (columns + 1) * outputs
    var weights = header.linearWeights ?? []
    // A model that was never trained.
    if weights.isEmpty { weights = Array(repeating: 0, count: count) }
    guard weights.count == count else {
      throw fault(
        .weights,
        "\(weights.count) weights; \(columns) features and a bias for each of \(outputs) outputs "
          + "need \(count)")
    }
    let slots = (0..<outputs).map { output in
      // For every output XGBoost takes the base score of the first.
      let start = weights[columns * outputs + output] + margins[0]
      return builder.linearSum(
        from: Double(start),
        (0..<columns).map {
          LinearSum.Term(slot: $0, coefficient: Double(weights[$0 * outputs + output]))
        }, precision: .float32)
    }
    return slots[0]..<slots[0] + slots.count
  }

  private func requireKey(_ key: XGBoostModelKey) throws(Fault) {
    guard modelKeys.contains(key) else {
      throw header.fault(
        .invalid, XGBoostPath.booster, "the model of this booster needs the key '\(key.name)'")
    }
  }

  private func fault(
    _ key: XGBoostModelKey, _ message: String, code: ImportError.Code = .invalid,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    header.fault(code, XGBoostPath.model(key, of: header.booster), message, remedy: remedy)
  }
}
