import Evaluator
import TreeIR

/// Compares a model with reference answers from CSV files.
struct ReferenceComparison {
  let predictor: Predictor
  let rowsFile: String
  let answersFile: String
  var columns = ColumnOrder.name
  var options = PredictionOptions()
  var tolerance: UInt64?
  /// Whether rows and answers are kept, to be carried by the model.
  var keepsRows = false

  /// More numbers than this, in rows and answers, are not carried by a model.
  static let keptNumberLimit = 1 << 24

  /// Reads both files to their ends.
  ///
  /// - Returns: The report, and the rows if they are kept.
  func run() throws -> (VerificationReport, VerificationRows?) {
    let model = predictor.model
    var rows = try RowReader(rowsFile, columns: columns, predictor: predictor)
    var answers = try ReferenceReader(answersFile, model: model)
    var report = VerificationReport()
    var kept = KeptRows()
    var batch = rows.makeBatch()
    var workspace = predictor.makeWorkspace()
    let batchSize = rows.batchSize(resultWidth: answers.columnCount)
    while try rows.read(into: &batch, limit: batchSize) {
      let references = try answers.read(batch.rowCount)
      try predictor.verify(
        batch, against: references, options: options, tolerance: tolerance,
        workspace: &workspace, report: &report)
      guard keepsRows else { continue }
      kept.add(batch, references)
      guard kept.numberCount <= Self.keptNumberLimit else {
        throw Failure(
          "\(rowsFile): a model carries at most \(Self.keptNumberLimit) numbers to verify; "
            + "convert with fewer rows, and check the others with 'treec verify'")
      }
    }
    try answers.expectEnd()
    for note in rows.notes { Terminal.say(note) }
    guard report.rowCount > 0 else { throw Failure("\(rowsFile): there are no rows") }
    return (report, keepsRows ? try kept.rows(from: answersFile) : nil)
  }
}

/// Gathers rows and answers to be carried by a model.
private struct KeptRows {
  private var rowCount = 0
  private var inputs: [Double] = []
  private var answers: [ReferenceColumn] = []

  var numberCount: Int { inputs.count + rowCount * answers.count }

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

  /// - Parameter file: Names the answers in a message.
  func rows(from file: String) throws(Failure) -> VerificationRows {
    // Leaf numbers are compared but not carried: they prove nothing that scores do not.
    let carried = answers.compactMap { answer in
      answer.output.role.map {
        VerificationRows.Answers(role: $0, column: answer.column, values: Column(answer.values))
      }
    }
    guard !carried.isEmpty else {
      throw Failure(
        "\(file): there are only leaf numbers; a model carries answers for raw, prediction, "
          + "probability or label: add one of these columns")
    }
    return VerificationRows(rowCount: rowCount, inputs: Column(inputs), answers: carried)
  }
}
