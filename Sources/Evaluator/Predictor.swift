import TreeIR

/// Scores rows with a model. Immutable, and shared by threads without locks; every thread
/// brings its own ``Workspace``.
///
/// ```swift
/// let predictor = try Predictor(contentsOf: "model.tir")
/// let predictions = try predictor.predict(row: [5.1, 3.5, .nan])
/// ```
public struct Predictor: Sendable {
  public var model: TreeModel { core.engine.model }
  /// One reference for all, because copying a predictor is counted.
  private let core: Core

  private final class Core: Sendable {
    let engine: ScoringEngine
    /// By position of the output.
    let plans: [OutputPlan?]
    let box: PlanBox
    let ensembleCount: Int
    let slotCount: Int
    /// Which iterations may be asked for.
    let iterationRules: IterationRules
    let isReference: Bool

    init(_ model: TreeModel, _ options: EngineOptions, isReference: Bool) {
      let reads = SlotReads(model)
      engine = ScoringEngine(model)
      plans = PredictionOutput.allCases.map { OutputPlan($0, of: model, reads) }
      box = PlanBox(model, reads, plans, options)
      ensembleCount = model.ensembles.count
      slotCount = model.slotCount
      iterationRules = IterationRules(library: model.provenance.library)
      self.isReference = isReference
    }
  }

  /// Prepares to score `model`.
  public init(_ model: TreeModel, engines: EngineOptions = EngineOptions()) {
    core = Core(model, engines, isReference: false)
    switch engines.preparation {
    case .onDemand: break
    case .immediate: core.box.prepare()
    case .automatic:
      let splits = model.ensembles.reduce(0) { $0 + $1.splits.count }
      let buckets = model.statisticTables.reduce(0) { $0 + $1.keys.count }
      if splits <= EngineOptions.mostSplits, buckets <= EngineOptions.mostBuckets {
        core.box.prepare()
      } else {
        core.box.prepareInBackground()
      }
    }
  }

  /// Scores `model` by the book: slowly, and the measure of everything faster.
  static func reference(_ model: TreeModel) -> Predictor {
    Predictor(core: Core(model, EngineOptions(preparation: .onDemand), isReference: true))
  }

  private init(core: Core) {
    self.core = core
  }

  /// Opens a `.tir` file.
  ///
  /// - Throws: `ModelError` when the file cannot be read or is no valid model.
  public init(
    contentsOf path: String, engines: EngineOptions = EngineOptions()
  ) throws(ModelError) {
    self.init(try TreeModel(contentsOf: path), engines: engines)
  }

  /// Waits until the engines' tables are made; makes them if nobody does.
  public func prepare() {
    core.box.prepare()
  }

  /// The engines; waits until they are prepared.
  var enginePlan: EnginePlan { core.box.prepare() }

  /// Whether the engines' tables are made.
  public var isPrepared: Bool { core.box.plan != nil }

  /// Which engines score the ensembles of the model, and why; waits until they are prepared.
  public func engineReports() -> [EngineReport] {
    enginePlan.ensembles.enumerated().map { $1.report(ensemble: $0) }
  }

  /// Whether ``PredictionOptions/earlyStopping`` has an effect on this model: in LightGBM
  /// it has for binary and multiclass classification and for ranking.
  public var allowsEarlyStopping: Bool {
    model.ensembles.contains { $0.earlyStopping != .never }
  }

  /// An encoder of text and JSON cells for the model's rows.
  public func makeRowEncoder() -> RowEncoder {
    RowEncoder(model.input, texts: RowTexts(core.engine.texts))
  }

  /// The texts that the model has.
  var texts: ModelTexts { core.engine.texts }

  /// Memory for predictions on one thread.
  public func makeWorkspace() -> Workspace {
    Workspace(slotCount: model.slotCount)
  }

  /// How many numbers a row's result has.
  ///
  /// - Throws: ``PredictionError`` when the model has no such output.
  public func columnCount(
    of output: PredictionOutput, options: PredictionOptions = PredictionOptions()
  ) throws(PredictionError) -> Int {
    resultWidth(try plan(for: output, options), options)
  }

  /// Scores rows that lie in memory as Double.
  ///
  /// Once the workspace has been used, nothing is allocated.
  ///
  /// - Parameters:
  ///   - rows: Values of the input columns, in the order of the model's input schema; NaN
  ///     is missing, categories are codes.
  ///   - layout: Where the values lie in `rows`; as many columns as the model has.
  ///   - output: What to compute.
  ///   - options: With which part of the model.
  ///   - result: Receives ``columnCount(of:options:)`` numbers a row, row by row.
  ///   - workspace: This thread's.
  /// - Throws: ``PredictionError``; nothing has been written then.
  public func predict(
    _ rows: Span<Double>, layout: MatrixLayout, output: PredictionOutput = .prediction,
    options: PredictionOptions = PredictionOptions(), into result: inout MutableSpan<Double>,
    workspace: inout Workspace
  ) throws(PredictionError) {
    try score(rows, layout, output, options, &result, &workspace)
  }

  /// Scores rows that lie in memory as Float; each value is widened.
  ///
  /// See ``predict(_:layout:output:options:into:workspace:)``.
  public func predict(
    _ rows: Span<Float>, layout: MatrixLayout, output: PredictionOutput = .prediction,
    options: PredictionOptions = PredictionOptions(), into result: inout MutableSpan<Double>,
    workspace: inout Workspace
  ) throws(PredictionError) {
    let plan = try check(layout, rows.count, output, options, &result, &workspace)
    scorePacked(rows, layout, plan, options, &result, &workspace) { Double($0) }
  }

  /// Scores one row; for convenience, with memory of its own.
  ///
  /// - Throws: ``PredictionError``, also when the model itself refuses the row.
  public func predict(
    row: [Double], output: PredictionOutput = .prediction,
    options: PredictionOptions = PredictionOptions()
  ) throws(PredictionError) -> [Double] {
    var workspace = makeWorkspace()
    var result = [Double](repeating: 0, count: try columnCount(of: output, options: options))
    var span = result.mutableSpan
    try predict(
      row.span, layout: .rowMajor(rows: 1, columns: row.count), output: output,
      options: options, into: &span, workspace: &workspace)
    if let refusal = workspace.refusals.first {
      throw PredictionError(.rowRefused, refusal.reason)
    }
    return result
  }

  private func resultWidth(_ plan: OutputPlan, _ options: PredictionOptions) -> Int {
    plan.wantsLeaves ? core.engine.leafCount(options) : plan.slots.count
  }

  func plan(
    for output: PredictionOutput, _ options: PredictionOptions
  ) throws(PredictionError) -> OutputPlan {
    guard let plan = core.plans[output.position] else {
      throw PredictionError(
        .outputUnavailable,
        "the model has no \(output.rawValue): its task is \(model.task); ask for "
          + model.outputs.map(\.role.description).joined(separator: " or "))
    }
    if let stopping = options.earlyStopping {
      guard stopping.margin >= 0, stopping.frequency >= 1 else {
        throw PredictionError(
          .invalidOption,
          "early stopping needs a margin of 0 or more and a frequency of 1 or more")
      }
    }
    guard !plan.wantsLeaves || core.ensembleCount > 0 else {
      throw PredictionError(.outputUnavailable, "the model has no leaves: it has no trees")
    }
    guard options.usesWholeModel || core.ensembleCount == 1 else {
      throw PredictionError(
        .invalidOption,
        model.ensembles.isEmpty
          ? "iterations cannot be chosen in a model without trees"
          : "iterations cannot be chosen in a model of \(model.ensembles.count) ensembles")
    }
    try core.iterationRules.check(options, of: model.ensembles.first?.iterationCount ?? 0)
    return plan
  }

  // MARK: Scoring

  private func score(
    _ rows: Span<Double>, _ layout: MatrixLayout, _ output: PredictionOutput,
    _ options: PredictionOptions, _ result: inout MutableSpan<Double>,
    _ workspace: inout Workspace
  ) throws(PredictionError) {
    let isReadable = layout.columnStride == 1 && layout.columnCount >= QuantiserPlan.lanes
    if isReadable, options.areDefault, let direct = workspace.direct,
      direct.answers(core.box.owner, output)
    {
      try direct.score(rows, layout, into: &result, &workspace.scratch)
      workspace.begin(slotCount: 0)
      return
    }
    let plan = try check(layout, rows.count, output, options, &result, &workspace)
    guard isReadable, let scoring = scoring(plan, options, &workspace) else {
      scorePacked(rows, layout, plan, options, &result, &workspace) { $0 }
      return
    }
    let matrix = RowMatrix(
      rows, stride: layout.rowStride, width: layout.columnCount, count: layout.rowCount)
    scoring.score(matrix, from: 0, into: &result, &workspace)
    if let direct = scoring.engines.direct[output.position] { workspace.direct = direct }
  }

  /// The way to score with engines, once they are prepared; nil where it has to be by the book.
  private func scoring(
    _ plan: OutputPlan, _ options: PredictionOptions, _ workspace: inout Workspace
  ) -> BlockScoring? {
    if workspace.plan?.owner !== core.box.owner { workspace.plan = core.box.plan }
    guard let engines = workspace.plan, !core.isReference, options.earlyStopping == nil
    else { return nil }
    return BlockScoring(
      engine: core.engine, engines: engines, plan: plan, options: options,
      width: resultWidth(plan, options))
  }

  /// Scores rows by the book, from row `first` on, until there are engines for the rest.
  ///
  /// - Returns: The engines; nil if all rows have been scored.
  private func scoreUntilPrepared<Number: BitwiseCopyable>(
    _ rows: Span<Number>, _ layout: MatrixLayout, _ plan: OutputPlan,
    _ options: PredictionOptions, _ result: inout MutableSpan<Double>,
    _ workspace: inout Workspace, _ first: inout Int, widen: (Number) -> Double
  ) -> BlockScoring? {
    let width = resultWidth(plan, options)
    while first < layout.rowCount {
      if let scoring = scoring(plan, options, &workspace) { return scoring }
      let end = min(first + Self.rowsByTheBook, layout.rowCount)
      for row in first..<end {
        for column in 0..<layout.columnCount {
          workspace.slots[column] = widen(rows[layout.place(row, column)])
        }
        core.engine.scoreByTheBook(
          row, plan, options, &workspace, width: width, into: &result)
      }
      first = end
    }
    return nil
  }

  /// Rows after which somebody looks whether there are engines now.
  private static let rowsByTheBook = 16

  /// Scores rows that do not lie as engines read them, or before there are engines.
  private func scorePacked<Number: BitwiseCopyable>(
    _ rows: Span<Number>, _ layout: MatrixLayout, _ plan: OutputPlan,
    _ options: PredictionOptions, _ result: inout MutableSpan<Double>,
    _ workspace: inout Workspace, widen: (Number) -> Double
  ) {
    var first = 0
    guard
      let scoring = scoreUntilPrepared(
        rows, layout, plan, options, &result, &workspace, &first, widen: widen)
    else { return }
    var packed: [Double] = []
    swap(&packed, &workspace.input)
    let width = max(layout.columnCount, QuantiserPlan.lanes)
    if packed.count < width * BlockScoring.blockRows {
      packed = [Double](repeating: .nan, count: width * BlockScoring.blockRows)
    }
    while first < layout.rowCount {
      let count = min(BlockScoring.blockRows, layout.rowCount - first)
      for row in 0..<count {
        for column in 0..<layout.columnCount {
          packed[row * width + column] = widen(rows[layout.place(first + row, column)])
        }
      }
      let matrix = RowMatrix(packed.span, stride: width, width: width, count: count)
      scoring.score(matrix, from: first, into: &result, &workspace)
      first += count
    }
    workspace.input = packed
  }

  private func check(
    _ layout: MatrixLayout, _ elementCount: Int, _ output: PredictionOutput,
    _ options: PredictionOptions, _ result: inout MutableSpan<Double>,
    _ workspace: inout Workspace
  ) throws(PredictionError) -> OutputPlan {
    let plan = try plan(for: output, options)
    try layout.check(columns: core.engine.inputCount, elementCount: elementCount)
    try layout.check(rowsOf: resultWidth(plan, options), fit: result.count)
    workspace.begin(slotCount: core.slotCount)
    return plan
  }
}
