import TreeIR

/// Scores rows with a model. Immutable, and shared by threads without locks; every thread
/// brings its own ``Workspace``.
///
/// ```swift
/// let predictor = try Predictor(contentsOf: "model.tir")
/// let predictions = try predictor.predict(row: [5.1, 3.5, .nan])
/// ```
public struct Predictor: Sendable {
  public let model: TreeModel
  private let engine: ScoringEngine
  private let plans: [PredictionOutput: OutputPlan]
  /// LightGBM clamps a range of iterations to those of the model; XGBoost does not.
  private let refusesIterationsOutside: Bool

  /// Prepares to score `model`.
  public init(_ model: TreeModel) {
    self.init(model, engine: ScoringEngine(model))
  }

  /// Scores `model` by the book: slowly, and the measure of everything faster.
  static func reference(_ model: TreeModel) -> Predictor {
    Predictor(model, engine: ScoringEngine(model, isReference: true))
  }

  private init(_ model: TreeModel, engine: ScoringEngine) {
    self.model = model
    self.engine = engine
    refusesIterationsOutside = model.provenance.library == "XGBoost"
    var plans: [PredictionOutput: OutputPlan] = [:]
    for output in PredictionOutput.allCases { plans[output] = OutputPlan(output, of: model) }
    self.plans = plans
  }

  /// Opens a `.tir` file.
  ///
  /// - Throws: `ModelError` when the file cannot be read or is no valid model.
  public init(contentsOf path: String) throws(ModelError) {
    self.init(try TreeModel(contentsOf: path))
  }

  /// Whether ``PredictionOptions/earlyStopping`` has an effect on this model: in LightGBM
  /// it has for binary and multiclass classification and for ranking.
  public var allowsEarlyStopping: Bool {
    model.ensembles.contains { $0.earlyStopping != .never }
  }

  /// An encoder of text and JSON cells for the model's rows.
  public func makeRowEncoder() -> RowEncoder {
    RowEncoder(model.input)
  }

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
    try score(rows, layout, output, options, &result, &workspace) { $0 }
  }

  /// Scores rows that lie in memory as Float; each value is widened.
  ///
  /// See ``predict(_:layout:output:options:into:workspace:)``.
  public func predict(
    _ rows: Span<Float>, layout: MatrixLayout, output: PredictionOutput = .prediction,
    options: PredictionOptions = PredictionOptions(), into result: inout MutableSpan<Double>,
    workspace: inout Workspace
  ) throws(PredictionError) {
    try score(rows, layout, output, options, &result, &workspace) { Double($0) }
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

  private func score<Number: BitwiseCopyable>(
    _ rows: Span<Number>, _ layout: MatrixLayout, _ output: PredictionOutput,
    _ options: PredictionOptions, _ result: inout MutableSpan<Double>,
    _ workspace: inout Workspace, widen: (Number) -> Double
  ) throws(PredictionError) {
    let plan = try check(layout, rows.count, output, options, &result, &workspace)
    let width = resultWidth(plan, options)
    for row in 0..<layout.rowCount {
      for column in 0..<layout.columnCount {
        let place = row * layout.rowStride + column * layout.columnStride
        workspace.slots[column] = widen(rows[place])
      }
      engine.score(row, plan, options, &workspace, width: width, into: &result)
    }
  }

  private func resultWidth(_ plan: OutputPlan, _ options: PredictionOptions) -> Int {
    plan.wantsLeaves ? engine.leafCount(options) : plan.slots.count
  }

  func plan(
    for output: PredictionOutput, _ options: PredictionOptions
  ) throws(PredictionError) -> OutputPlan {
    guard let plan = plans[output] else {
      throw PredictionError(
        .outputUnavailable,
        "the model has no \(output.rawValue): its task is \(model.task); ask for prediction or raw")
    }
    if let stopping = options.earlyStopping {
      guard stopping.margin >= 0, stopping.frequency >= 1 else {
        throw PredictionError(
          .invalidOption,
          "early stopping needs a margin of 0 or more and a frequency of 1 or more")
      }
    }
    guard !plan.wantsLeaves || !model.ensembles.isEmpty else {
      throw PredictionError(.outputUnavailable, "the model has no leaves: it has no trees")
    }
    guard options.usesWholeModel || model.ensembles.count == 1 else {
      throw PredictionError(
        .invalidOption,
        model.ensembles.isEmpty
          ? "iterations cannot be chosen in a model without trees"
          : "iterations cannot be chosen in a model of \(model.ensembles.count) ensembles")
    }
    if refusesIterationsOutside { try checkIterations(options) }
    return plan
  }

  private func checkIterations(_ options: PredictionOptions) throws(PredictionError) {
    let total = model.ensembles.first?.iterationCount ?? 0
    let start = options.startIteration
    let count = max(options.iterationCount ?? 0, 0)
    guard start >= 0, start <= total, count <= total - start else {
      throw PredictionError(
        .invalidOption,
        "iterations from \(start) on, \(count == 0 ? "all" : "\(count)") of them, are not in "
          + "the model, which has \(total); XGBoost refuses them too")
    }
  }

  private func check(
    _ layout: MatrixLayout, _ elementCount: Int, _ output: PredictionOutput,
    _ options: PredictionOptions, _ result: inout MutableSpan<Double>,
    _ workspace: inout Workspace
  ) throws(PredictionError) -> OutputPlan {
    let plan = try plan(for: output, options)
    try layout.check(columns: model.input.count, elementCount: elementCount)
    let width = resultWidth(plan, options)
    let (needed, overflow) = layout.rowCount.multipliedReportingOverflow(by: width)
    guard !overflow, result.count >= needed else {
      throw PredictionError(
        .wrongShape,
        "\(layout.rowCount) rows of \(width) results do not fit \(result.count) elements")
    }
    workspace.begin(slotCount: model.slotCount)
    return plan
  }
}
