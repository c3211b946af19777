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
    var builder = ModelBuilder(input: try schema())
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
          ? "Load the model with XGBoost \(first) or later and save it again with "
            + "save_model('model.ubj')" : "Use a newer treec")
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
    guard isMulticlass || header.classCount <= 1 else {
      throw header.fault(
        .unsupported, XGBoostPath.classCount,
        "num_class is \(header.classCount), but the objective \(quoted(header.objective)) has "
          + "no classes")
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

  // MARK: Columns

  private func schema() throws(Fault) -> InputSchema {
    let count = header.columnCount
    guard count <= limits.columns else {
      throw header.fault(
        .limit, XGBoostPath.columnCount, "\(count) features", remedy: Remedy.raiseLimits)
    }
    let hasNames = !header.featureNames.isEmpty
    try checkLength(header.featureNames, XGBoostPath.featureNames)
    try checkLength(header.featureTypes, XGBoostPath.featureTypes)
    try checkLength(
      header.dictionaries, XGBoostPath.model(.categories, of: header.booster))
    try checkNames()
    try checkDictionaries()
    var columns: [InputColumn] = []
    columns.reserveCapacity(count)
    for column in 0..<count {
      columns.append(
        InputColumn(
          name: hasNames ? header.featureNames[column] : "f\(column)", kind: kind(of: column)))
    }
    return InputSchema(columns: columns, hasNames: hasNames)
  }

  private func checkNames() throws(Fault) {
    var names: Set<CategoryValue> = []
    for name in header.featureNames where !names.insert(.string(name)).inserted {
      throw header.fault(
        .invalid, XGBoostPath.featureNames, feature: name, "two features have the same name")
    }
  }

  private func checkDictionaries() throws(Fault) {
    for (column, dictionary) in header.dictionaries.enumerated() {
      var categories: Set<CategoryValue> = []
      for category in dictionary {
        guard categories.insert(category).inserted else {
          throw fault(
            inDictionary: column, .invalid,
            "the category \(quoted(category.description)) stands twice")
        }
        try checkName(category, column: column)
      }
    }
  }

  /// XGBoost 3.1 to 3.3 save the categories of a pandas column wrongly if one of them is not
  /// ASCII: they cut the list's bytes where it has so many characters. Nothing in the file tells
  /// such a list from a right one.
  private func checkName(_ category: CategoryValue, column: Int) throws(Fault) {
    guard version < XGBoostVersion(3, 4), case .string(let text) = category,
      !text.utf8.allSatisfy({ $0 < 0x80 })
    else { return }
    throw fault(
      inDictionary: column, .unsupported,
      "the category \(quoted(text)) is not ASCII, and XGBoost \(version.text) saves such names "
        + "wrongly when they come from pandas",
      remedy: "Train with XGBoost 3.4 or later, or name the categories in ASCII")
  }

  private func fault(
    inDictionary column: Int, _ code: ImportError.Code, _ message: String,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    header.fault(
      code, XGBoostPath.model(.categories, of: header.booster),
      feature: header.featureNames.isEmpty ? "f\(column)" : header.featureNames[column],
      message, remedy: remedy)
  }

  private func checkLength<Element>(_ list: [Element], _ path: String) throws(Fault) {
    guard list.isEmpty || list.count == header.columnCount else {
      throw header.fault(
        .invalid, path, "\(list.count) elements for num_feature=\(header.columnCount)")
    }
  }

  private func kind(of column: Int) -> InputColumn.Kind {
    if !header.dictionaries.isEmpty, !header.dictionaries[column].isEmpty {
      return .dictionary(header.dictionaries[column], unknown: .refused)
    }
    let isCategorical =
      trees.categoricalColumns.contains(column)
      || (!header.featureTypes.isEmpty && header.featureTypes[column] == "c")
    return isCategorical ? .categoryCodes : .numeric
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
    guard weights.count == trees.treeCount else {
      throw header.fault(
        .invalid, XGBoostPath.treeWeights,
        "\(weights.count) weights for \(trees.treeCount) trees")
    }
    guard trees.leafSize == 1 || version >= XGBoostVersion(3, 3) else {
      throw header.fault(
        .unsupported, XGBoostPath.treeWeights,
        "dart with vectors in the leaves, which XGBoost \(version.text) cannot score either")
    }
    return weights.map { Double($0) }
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
    let outputs = header.outputCount
    let (rows, columns) = (header.columnCount, outputs)
    var weights = header.linearWeights ?? []
    if weights.isEmpty { weights = Array(repeating: 0, count: (rows + 1) * columns) }
    guard weights.count == (rows + 1) * columns else {
      throw fault(
        .weights,
        "\(weights.count) weights; \(rows) features and a bias for each of \(outputs) outputs "
          + "need \((rows + 1) * columns)")
    }
    let slots = (0..<outputs).map { output in
      // For every output XGBoost takes the base score of the first.
      let start = weights[rows * columns + output] + margins[0]
      return builder.linearSum(
        from: Double(start),
        (0..<rows).map {
          LinearSum.Term(slot: $0, coefficient: Double(weights[$0 * columns + output]))
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

  private func fault(_ key: XGBoostModelKey, _ message: String) -> Fault {
    header.fault(.invalid, XGBoostPath.model(key, of: header.booster), message)
  }
}

extension XGBoostObjective {
  /// Adds the operations and outputs that make predictions of the margins.
  func addOutputs(of margins: Range<Int>, to builder: inout ModelBuilder) {
    let results = link.map { builder.link($0, of: margins) } ?? margins
    builder.outputs = [
      ModelOutput(.raw, slots: Array(margins)), ModelOutput(.prediction, slots: Array(results)),
    ]
    switch family {
    case .regression: builder.task = .regression
    case .ranking: builder.task = .ranking
    case .logistic, .logisticMargin, .hinge:
      guard margins.count == 1 else {
        builder.task = .multilabelClassification
        return
      }
      builder.task = .binaryClassification
      addBinaryOutputs(of: results.lowerBound, to: &builder)
    case .softprob, .softmax:
      builder.task = .multiclassClassification
      builder.classLabels = margins.indices.map { .integer(Int64($0 - margins.lowerBound)) }
      addClassOutputs(of: margins, probabilities: results, to: &builder)
    }
  }

  /// Classes 0 and 1 as scikit-learn's `XGBClassifier` makes them of the prediction.
  private func addBinaryOutputs(of prediction: Int, to builder: inout ModelBuilder) {
    switch family {
    case .logistic:
      builder.classLabels = [.integer(0), .integer(1)]
      let negative = builder.arithmetic(
        .subtract, .constant(1), .slot(prediction), precision: .float32)
      builder.outputs += [
        ModelOutput(.probability, slots: [negative, prediction]),
        // Above one half exactly where it is above its complement.
        ModelOutput(.label, slots: [builder.argmax(of: [negative, prediction])]),
      ]
    case .hinge:
      builder.classLabels = [.integer(0), .integer(1)]
      builder.outputs.append(ModelOutput(.label, slots: [prediction]))
    default: break
    }
  }

  private func addClassOutputs(
    of margins: Range<Int>, probabilities: Range<Int>, to builder: inout ModelBuilder
  ) {
    guard family == .softmax else {
      builder.outputs += [
        ModelOutput(.probability, slots: Array(probabilities)),
        ModelOutput(.label, slots: [builder.argmax(of: Array(probabilities))]),
      ]
      return
    }
    // The prediction of multi:softmax is the number of the class.
    let label = builder.argmax(of: Array(margins), nanRule: .comparesFalse)
    builder.outputs = [
      ModelOutput(.raw, slots: Array(margins)), ModelOutput(.prediction, slots: [label]),
      ModelOutput(
        .probability, slots: Array(builder.link(.softmaxInFloat, of: margins))),
      ModelOutput(.label, slots: [label]),
    ]
  }
}
