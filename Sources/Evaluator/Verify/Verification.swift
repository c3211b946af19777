import TreeIR

/// Reference answers for one column of an output.
public struct ReferenceColumn: Sendable {
  public var output: PredictionOutput
  /// Which of the output's columns.
  public var column: Int
  /// One answer a row; for labels, the position in the model's `classLabels`.
  public var values: [Double]

  public init(output: PredictionOutput, column: Int, values: [Double]) {
    self.output = output
    self.column = column
    self.values = values
  }
}

/// How far a model's results are from reference answers.
public struct VerificationReport: Sendable {
  /// The comparison of one column.
  public struct Column: Sendable {
    /// For instance `raw_0`.
    public let name: String
    /// Largest distance that is accepted, in ulps.
    public let tolerance: UInt64
    public fileprivate(set) var compared = 0
    /// Results whose bits are not those of the reference.
    public fileprivate(set) var differing = 0
    /// Results farther from the reference than the tolerance.
    public fileprivate(set) var failing = 0
    /// The result farthest from its reference, if any differs.
    public fileprivate(set) var worst: Difference?
    /// The first failing row.
    public fileprivate(set) var firstFailure: Difference?
  }

  /// A result that is not the reference answer.
  public struct Difference: Sendable, Equatable {
    /// Position among all rows, from 0.
    public let row: Int
    public let expected: Double
    public let actual: Double
    public let ulps: UInt64
  }

  public fileprivate(set) var columns: [Column] = []
  public fileprivate(set) var rowCount = 0

  public var passed: Bool { columns.allSatisfy { $0.failing == 0 } }

  public init() {}
}

extension Predictor {
  /// The distance, in ulps, within which an output must equal the original library's: 0
  /// where only comparisons and sums are involved, 1 after one `exp`, 2 after a softmax or
  /// two functions in a row, whose bits differ between processors.
  public func defaultTolerance(of output: PredictionOutput) -> UInt64 {
    guard output != .leaf, output != .label,
      let plan = OutputPlan(output, of: model)
    else { return 0 }
    return plan.operations.reduce(0) { tolerance, operation in
      guard case .link(let link) = operation.kind else { return tolerance }
      return max(tolerance, link.function.tolerance)
    }
  }

  /// Scores `batch` and adds the comparison with `references` to `report`.
  ///
  /// - Parameters:
  ///   - batch: Rows, of which none has failed.
  ///   - references: Answers for the rows of the batch.
  ///   - options: With which part of the model the answers were made.
  ///   - tolerance: Accepted distance in ulps; each output's default when nil.
  ///   - workspace: This thread's.
  ///   - report: Carries the comparison on from batch to batch.
  /// - Throws: ``PredictionError`` when an output does not exist.
  public func verify(
    _ batch: RowBatch, against references: [ReferenceColumn],
    options: PredictionOptions = PredictionOptions(), tolerance: UInt64? = nil,
    workspace: inout Workspace, report: inout VerificationReport
  ) throws(PredictionError) {
    try verify(
      batch.values.span, rowCount: batch.rowCount, references, options, tolerance, &workspace,
      &report)
  }

  /// Scores the rows that the model carries and compares them with the answers beside them.
  ///
  /// - Parameter tolerance: Accepted distance in ulps; each output's default when nil.
  /// - Returns: nil when the model carries none.
  public func verifyEmbeddedRows(
    tolerance: UInt64? = nil
  ) throws(PredictionError) -> VerificationReport? {
    guard let rows = model.verification else { return nil }
    let references = rows.answers.map {
      ReferenceColumn(
        output: PredictionOutput($0.role), column: $0.column, values: Array($0.values))
    }
    var report = VerificationReport()
    var workspace = makeWorkspace()
    try verify(
      rows.inputs.span, rowCount: rows.rowCount, references, PredictionOptions(), tolerance,
      &workspace, &report)
    return report
  }

  private func verify(
    _ values: Span<Double>, rowCount: Int, _ references: [ReferenceColumn],
    _ options: PredictionOptions, _ tolerance: UInt64?, _ workspace: inout Workspace,
    _ report: inout VerificationReport
  ) throws(PredictionError) {
    if report.columns.isEmpty {
      for reference in references {
        let names = try columnNames(of: reference.output, options: options)
        guard names.indices.contains(reference.column) else {
          throw PredictionError(
            .outputUnavailable,
            "there are answers for \(reference.output.rawValue) column \(reference.column); "
              + "the model has \(names.count)")
        }
        report.columns.append(
          VerificationReport.Column(
            name: names[reference.column],
            tolerance: tolerance ?? defaultTolerance(of: reference.output)))
      }
    }
    for output in PredictionOutput.allCases
    where references.contains(where: { $0.output == output }) {
      let width = try columnCount(of: output, options: options)
      var results = [Double](repeating: 0, count: rowCount * width)
      var span = results.mutableSpan
      try predict(
        values, layout: .rowMajor(rows: rowCount, columns: model.input.count), output: output,
        options: options, into: &span, workspace: &workspace)
      for (number, reference) in references.enumerated() where reference.output == output {
        for row in 0..<min(rowCount, reference.values.count) {
          report.columns[number].add(
            row: report.rowCount + row, expected: reference.values[row],
            actual: results[row * width + reference.column])
        }
      }
    }
    report.rowCount += rowCount
  }
}

extension VerificationReport.Column {
  fileprivate init(name: String, tolerance: UInt64) {
    self.name = name
    self.tolerance = tolerance
  }

  fileprivate mutating func add(row: Int, expected: Double, actual: Double) {
    compared += 1
    let ulps = ulpDistance(expected, actual)
    guard ulps > 0 else { return }
    let difference = VerificationReport.Difference(
      row: row, expected: expected, actual: actual, ulps: ulps)
    differing += 1
    if ulps > worst?.ulps ?? 0 { worst = difference }
    guard ulps > tolerance else { return }
    failing += 1
    if firstFailure == nil { firstFailure = difference }
  }
}

extension PredictionOutput {
  fileprivate init(_ role: ModelOutput.Role) {
    switch role {
    case .raw: self = .raw
    case .prediction: self = .prediction
    case .probability: self = .probability
    case .label: self = .label
    }
  }
}

extension Link.Function {
  fileprivate var tolerance: UInt64 {
    switch self {
    case .signedSquare: 0
    case .logistic, .exponential: 1
    case .logOnePlusExp, .logOfRoundedOnePlusExp, .softmax: 2
    }
  }
}
