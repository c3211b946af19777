import Evaluator
import TreeIR

/// A predictor that is measured.
struct BenchSubject {
  /// What one engine took for batches of one size.
  struct Result {
    var engine: String
    var batch: Int
    var threads: Int
    var minimum: Double
    var median: Double
    /// What preparing the engine took.
    var planSeconds: Double
  }

  let predictor: Predictor
  /// What preparing it took.
  let planSeconds: Double
  /// "auto" where treec chooses.
  private let engine: EngineName?
  private let output: PredictionOutput
  private var workspace: ParallelWorkspace
  private var single: Workspace
  private let width: Int
  private let encoder: RowEncoder

  /// One clock reading costs as much as a row; so many rows at least are scored between two.
  private static let rowsPerReading = 200

  init(
    _ engine: EngineName?, _ model: TreeModel, _ output: PredictionOutput, _ threads: Int,
    _ options: EngineOptions
  ) throws {
    self.engine = engine
    self.output = output
    var options = options
    options.engine = engine
    let start = Terminal.now()
    predictor = Predictor(model, engines: options)
    planSeconds = Terminal.now() - start
    if let engine {
      let refusals = predictor.engineReports().flatMap(\.refusals)
      if let refusal = refusals.first(where: { $0.engine == engine }) {
        throw Failure("engine \(engine) cannot score this model: \(refusal.reason)")
      }
    }
    workspace = predictor.makeParallelWorkspace(threads: threads)
    single = predictor.makeWorkspace()
    width = try predictor.columnCount(of: output)
    encoder = predictor.makeRowEncoder()
  }

  /// Measures batches of `batch` rows; subjects take turns for `seconds` each.
  static func measure(
    _ subjects: [BenchSubject], _ rows: BenchRows, batch: Int, seconds: Double
  ) throws -> [Result] {
    var subjects = subjects
    var times = [[Double]](repeating: [], count: subjects.count)
    var results = [Double](
      repeating: 0, count: batch * (subjects.map(\.width).max() ?? 0))
    var target = results.mutableSpan
    // The first round fills caches and workspaces.
    for index in subjects.indices { _ = try subjects[index].time(rows, batch, &target) }
    let end = Terminal.now() + seconds * Double(subjects.count)
    repeat {
      for index in subjects.indices {
        times[index].append(try subjects[index].time(rows, batch, &target))
      }
    } while Terminal.now() < end || times[0].count < 5
    return subjects.indices.map { index in
      let sorted = times[index].sorted()
      let subject = subjects[index]
      return Result(
        engine: subject.engineNames(batch), batch: batch,
        threads: subject.workspace.threadCount, minimum: sorted[0],
        median: sorted[sorted.count / 2],
        planSeconds: subject.planSeconds)
    }
  }

  /// The engines that score batches of `batch` rows.
  private func engineNames(_ batch: Int) -> String {
    var names: [String] = []
    for report in predictor.engineReports() {
      guard let choice = report.choices.last(where: { $0.firstRows <= batch }) else { continue }
      if !names.contains(choice.engine.rawValue) { names.append(choice.engine.rawValue) }
    }
    return names.isEmpty ? "none" : names.joined(separator: "+")
  }

  /// Nanoseconds a row for some batches, one after the other.
  private mutating func time(
    _ rows: BenchRows, _ batch: Int, _ target: inout MutableSpan<Double>
  ) throws -> Double {
    let calls = max(1, Self.rowsPerReading / batch)
    let span = rows.values.span
    // The rows of a call that encodes text.
    var encoded = [Double](
      repeating: 0, count: rows.text == nil ? 0 : batch * rows.columnCount)
    let start = Terminal.now()
    for _ in 0..<calls {
      if next + batch > rows.rowCount { next = 0 }
      if let text = rows.text {
        try text.encode(next..<next + batch, with: encoder, into: &encoded)
        try predict(encoded.span, batch, &target)
      } else {
        let first = next * rows.columnCount
        try predict(span.extracting(first..<first + batch * rows.columnCount), batch, &target)
      }
      next += batch
    }
    return (Terminal.now() - start) * 1e9 / Double(calls * batch)
  }

  private mutating func predict(
    _ values: Span<Double>, _ batch: Int, _ target: inout MutableSpan<Double>
  ) throws {
    let layout = MatrixLayout.rowMajor(rows: batch, columns: values.count / batch)
    if workspace.threadCount == 1 {
      try predictor.predict(
        values, layout: layout, output: output, into: &target, workspace: &single)
    } else {
      try predictor.predict(
        values, layout: layout, output: output, into: &target, workspace: &workspace)
    }
  }

  /// The row that the next batch begins with.
  private var next = 0

  /// What the steps of the block engine take, in nanoseconds a row.
  func phases(_ rows: BenchRows) -> [Predictor.Phase] {
    predictor.phases(
      rows.values.span,
      layout: .rowMajor(rows: rows.rowCount, columns: rows.columnCount), clock: Terminal.now)
  }
}
