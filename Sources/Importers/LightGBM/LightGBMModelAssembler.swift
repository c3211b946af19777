import TreeIR

/// Builds the model from what the readers of text and JSON find: trees one by one, then
/// schema, scoring graph and outputs.
struct LightGBMModelAssembler {
  let signature: LightGBMSignature
  private let limits: Limits
  private var ensemble: EnsembleBuilder
  private var isCategorical: [Bool]

  init(_ signature: LightGBMSignature, limits: Limits) {
    self.signature = signature
    self.limits = limits
    let outputCount = signature.outputCount
    ensemble = EnsembleBuilder(
      profile: .lightGBM, outputCount: outputCount,
      earlyStopping: signature.objective.earlyStopping(outputCount: outputCount),
      limits: limits)
    isCategorical = Array(repeating: false, count: signature.columnCount)
  }

  var treeCount: Int { ensemble.treeCount }

  /// Adds a category set and returns its number.
  mutating func addCategorySet(_ words: ArraySlice<UInt32>) throws(ModelError) -> Int {
    try ensemble.addCategorySet(words: words)
  }

  /// Notes that a split tests column `column` for categories.
  mutating func noteCategorical(_ column: Int) {
    isCategorical[column] = true
  }

  /// Adds the next tree, whose output is set here: outputs take turns.
  mutating func add(_ tree: inout TreeDraft) throws(ModelError) {
    let outputCount = signature.outputCount
    tree.output = treeCount % outputCount
    try ensemble.add(tree)
    if treeCount % outputCount == 0 { ensemble.endIteration() }
  }

  /// Builds the model.
  ///
  /// - Parameters:
  ///   - dictionaries: What the file tells about pandas categories.
  ///   - options: What the caller tells.
  ///   - format: The name of the format, for the provenance.
  ///   - source: The file, for the provenance.
  consuming func model(
    dictionaries: LightGBMDictionaries, options: ImportOptions, format: String, source: SourceID
  ) throws(Fault) -> TreeModel {
    let header = signature.header
    guard treeCount % signature.outputCount == 0 else {
      throw header.fault(
        .invalid, .treesPerIteration,
        "\(treeCount) trees, which is no multiple of num_tree_per_iteration="
          + "\(signature.outputCount)")
    }
    let columns = LightGBMColumns(
      signature: signature, isCategorical: isCategorical, dictionaries: dictionaries)
    var builder = ModelBuilder(input: try columns.schema(options: options))
    builder.provenance = Provenance(
      library: "LightGBM", version: signature.version, format: format,
      objective: header.objective ?? "", sourceHash: source.hash, sourceSize: source.size)
    let number = builder.add(ensemble.build())
    signature.addGraph(scoring: number, to: &builder)
    do {
      return try builder.build(limits: limits)
    } catch {
      throw Fault(error, at: nil)
    }
  }
}

/// What identifies the source file in the provenance.
struct SourceID {
  let hash: UInt64
  let size: UInt64

  init(_ bytes: Span<UInt8>) {
    hash = xxh64(bytes)
    size = UInt64(bytes.count)
  }
}

extension LightGBMSignature {
  /// Adds the operations and outputs that make predictions of the scores of ensemble
  /// `number`.
  func addGraph(scoring number: Int, to builder: inout ModelBuilder) {
    let scores: Range<Int>
    var margins: Range<Int>
    if header.averagesOutput {
      // Random forests: the raw output stays the sum, the rest starts from the average.
      let counted = builder.scoreReportingRange(number)
      scores = counted.scores
      let averages = scores.map {
        builder.arithmetic(.divide, .slot($0), .slot(counted.iterationCount))
      }
      margins = averages[0]..<averages[0] + averages.count
    } else {
      scores = builder.score(number)
      margins = scores
    }
    if let link = objective.link { margins = builder.link(link, of: margins) }
    builder.outputs = [
      ModelOutput(.raw, slots: Array(scores)), ModelOutput(.prediction, slots: Array(margins)),
    ]
    switch objective.family {
    case .custom: builder.task = .unknown
    case .regression: builder.task = .regression
    case .ranking: builder.task = .ranking
    case .binary:
      builder.task = .binaryClassification
      let positive = margins.lowerBound
      let negative = builder.arithmetic(.subtract, .constant(1), .slot(positive))
      addClasses(probabilities: [negative, positive], to: &builder)
    case .multiclass:
      builder.task = .multiclassClassification
      addClasses(probabilities: Array(margins), to: &builder)
    }
  }

  private func addClasses(probabilities: [Int], to builder: inout ModelBuilder) {
    // The file does not keep the user's labels; LightGBM trains on 0, 1, 2, …
    builder.classLabels = probabilities.indices.map { .integer(Int64($0)) }
    builder.outputs += [
      ModelOutput(.probability, slots: probabilities),
      ModelOutput(.label, slots: [builder.argmax(of: probabilities)]),
    ]
  }
}
