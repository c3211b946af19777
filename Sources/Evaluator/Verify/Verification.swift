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
    /// What is accepted.
    public let tolerance: Tolerance
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

  /// Whether something was compared in every column, and nothing was beyond its tolerance.
  public var passed: Bool {
    !columns.isEmpty && columns.allSatisfy { $0.compared > 0 && $0.failing == 0 }
  }

  public init() {}
}

/// How far a result may be from its reference.
public struct Tolerance: Sendable, Hashable {
  /// Accepted distance in ulps of the result.
  public var ulps: UInt64
  /// Whether the same number of ulps of 1.0 is accepted too. A probability computed as
  /// 1 − p has the error of p, which may be very many of its own ulps.
  public var ofOne: Bool

  public init(ulps: UInt64, ofOne: Bool = false) {
    self.ulps = ulps
    self.ofOne = ofOne
  }

  /// Whether `actual`, which is `distance` ulps from `expected`, is accepted.
  func accepts(_ actual: Double, _ expected: Double, distance: UInt64) -> Bool {
    if distance <= ulps { return true }
    return ofOne && abs(actual - expected) <= Double(ulps) * Double.ulpOfOne
  }
}

extension Predictor {
  /// The distance within which an output must equal the original library's: 0 ulps where
  /// only comparisons and sums are involved, 1 after one `exp`, 2 after a softmax or a
  /// logarithm of an `exp`, whose bits differ between processors.
  public func defaultTolerance(of output: PredictionOutput) -> Tolerance {
    guard output != .leaf, output != .label, let plan = try? plan(for: output, .init()) else {
      return Tolerance(ulps: 0)
    }
    var tolerance = Tolerance(ulps: 0)
    for operation in plan.operations {
      switch operation.kind {
      case .link(let link): tolerance.ulps += link.function.tolerance
      case .arithmetic(let arithmetic) where tolerance.ulps > 0:
        if arithmetic.op == .add || arithmetic.op == .subtract { tolerance.ofOne = true }
      default: break
      }
    }
    return tolerance
  }

  /// Scores `batch` and adds the comparison with `references` to `report`.
  ///
  /// Where a model computes in Float, references are rounded to Float first: the shortest
  /// decimal of a Float is another number as a Double.
  ///
  /// - Parameters:
  ///   - batch: Rows, of which none has failed.
  ///   - references: Answers for the rows of the batch, the same columns in every call.
  ///   - options: With which part of the model the answers were made.
  ///   - tolerance: Accepted distance in ulps; each output's default when nil.
  ///   - workspace: This thread's.
  ///   - report: Carries the comparison on from batch to batch.
  /// - Throws: ``PredictionError`` when an output does not exist, or the answers are not as
  ///   many as the rows or not those of the report.
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
    let names = try names(of: references, rowCount, options)
    if report.columns.isEmpty {
      report.columns = zip(names, references).map { name, reference in
        VerificationReport.Column(
          name: name,
          tolerance: tolerance.map { Tolerance(ulps: $0) }
            ?? defaultTolerance(of: reference.output))
      }
    }
    guard report.columns.map(\.name) == names else {
      throw PredictionError(
        .wrongShape, "the answers are for \(names), the report for others")
    }
    for output in PredictionOutput.allCases
    where references.contains(where: { $0.output == output }) {
      let width = try columnCount(of: output, options: options)
      var results = [Double](repeating: 0, count: rowCount * width)
      var span = results.mutableSpan
      try predict(
        values, layout: .rowMajor(rows: rowCount, columns: model.input.count), output: output,
        options: options, into: &span, workspace: &workspace)
      let rounds = model.hasFloats(in: output)
      for (number, reference) in references.enumerated() where reference.output == output {
        for row in 0..<rowCount {
          let expected = reference.values[row]
          report.columns[number].add(
            row: report.rowCount + row, expected: rounds ? Double(Float(expected)) : expected,
            actual: results[row * width + reference.column])
        }
      }
    }
    report.rowCount += rowCount
  }

  /// The names of the columns that `references` answer.
  private func names(
    of references: [ReferenceColumn], _ rowCount: Int, _ options: PredictionOptions
  ) throws(PredictionError) -> [String] {
    var names: [String] = []
    var columns: [PredictionOutput: [String]] = [:]
    for reference in references {
      if columns[reference.output] == nil {
        columns[reference.output] = try columnNames(of: reference.output, options: options)
      }
      let all = columns[reference.output] ?? []
      guard all.indices.contains(reference.column) else {
        throw PredictionError(
          .outputUnavailable,
          "there are answers for \(reference.output.rawValue) column \(reference.column); "
            + "the model has \(all.count)")
      }
      guard reference.values.count == rowCount else {
        throw PredictionError(
          .wrongShape, "\(reference.values.count) answers for \(rowCount) rows")
      }
      names.append(all[reference.column])
    }
    return names
  }
}

extension VerificationReport.Column {
  fileprivate init(name: String, tolerance: Tolerance) {
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
    guard !tolerance.accepts(actual, expected, distance: ulps) else { return }
    failing += 1
    if firstFailure == nil { firstFailure = difference }
  }
}

extension Link.Function {
  fileprivate var tolerance: UInt64 {
    switch self {
    case .signedSquare, .unitStep, .sorted, .fastExponential, .fastSoftmax: 0
    // glibc's expf differs between processors with and without FMA for 2 of 554 million numbers.
    case .logisticInFloat, .exponentialInFloat, .softmaxInFloat, .increasingInFloat: 0
    case .logistic, .exponential, .fastLogSoftmax: 1
    case .powerInFloat, .logisticOfPower, .softmaxOfPower: 0
    case .complementaryLogLog, .logLog, .cauchyDistribution, .normalDistribution: 2
    case .logLogistic, .logOnePlusExp, .logOfRoundedOnePlusExp, .softmax: 2
    }
  }
}
