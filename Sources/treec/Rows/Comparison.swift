import Evaluator
import TreeIR

/// Compares a model with reference answers from CSV files.
struct ReferenceComparison {
  let predictor: Predictor
  let rowsFile: String
  let answersFile: String
  var options = PredictionOptions()
  var tolerance: UInt64?
  /// Whether rows and answers are kept, to be carried by the model.
  var keepsRows = false

  /// More rows than this are not carried by a model.
  static let keptRowLimit = 100_000

  /// Reads both files to their ends.
  ///
  /// - Returns: The report, and the rows if they are kept.
  func run() throws -> (VerificationReport, VerificationRows?) {
    let model = predictor.model
    var rows = try RowReader(rowsFile, hasHeader: true, model: model)
    var answers = try ReferenceReader(answersFile, model: model)
    var report = VerificationReport()
    var kept = KeptRows()
    var batch = RowBatch(model.input)
    var workspace = predictor.makeWorkspace()
    while try rows.read(into: &batch, limit: 1024) {
      let references = try answers.read(batch.rowCount)
      try predictor.verify(
        batch, against: references, options: options, tolerance: tolerance,
        workspace: &workspace, report: &report)
      guard keepsRows else { continue }
      kept.add(batch, references)
      guard report.rowCount <= Self.keptRowLimit else {
        throw Failure(
          "\(rowsFile): a model carries at most \(Self.keptRowLimit) rows to verify; "
            + "convert with fewer, and check the others with 'treec verify'")
      }
    }
    try answers.expectEnd()
    guard report.rowCount > 0 else { throw Failure("\(rowsFile): there are no rows") }
    return (report, keepsRows ? kept.rows() : nil)
  }
}

/// Gathers rows and answers to be carried by a model.
private struct KeptRows {
  private var rowCount = 0
  private var inputs: [Double] = []
  private var answers: [ReferenceColumn] = []

  mutating func add(_ batch: RowBatch, _ references: [ReferenceColumn]) {
    rowCount += batch.rowCount
    inputs.append(contentsOf: batch.values)
    if answers.isEmpty {
      answers = references
    } else {
      for column in references.indices {
        answers[column].values.append(contentsOf: references[column].values)
      }
    }
  }

  func rows() -> VerificationRows {
    VerificationRows(
      rowCount: rowCount, inputs: Column(inputs),
      answers: answers.compactMap { answer in
        // Leaf numbers are compared but not carried: they prove nothing that scores do not.
        ModelOutput.Role(answer.output).map {
          VerificationRows.Answers(role: $0, column: answer.column, values: Column(answer.values))
        }
      })
  }
}

extension ModelOutput.Role {
  fileprivate init?(_ output: PredictionOutput) {
    switch output {
    case .raw: self = .raw
    case .prediction: self = .prediction
    case .probability: self = .probability
    case .label: self = .label
    case .leaf: return nil
    }
  }
}
