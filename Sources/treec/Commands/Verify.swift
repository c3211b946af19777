import ArgumentParser
import Evaluator
import TreeIR

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare a model with reference answers, bit by bit.",
    discussion: """
      The header of EXPECTED says what is compared: raw_0 …, prediction_0 …, probability_0 …, \
      label, leaf_0 …. Without ROWS and EXPECTED the rows that the model carries are checked, \
      and those for which its source states results (ModelVerification of PMML). \
      The exit status is 1 when a result is farther from its reference than the tolerance.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(help: "Rows as CSV.", completion: .file(extensions: ["csv"]))
  var rows: String?

  @Argument(help: "The answers to them, as CSV.", completion: .file(extensions: ["csv"]))
  var expected: String?

  @Option(
    help: ArgumentHelp(
      "Accepted distance in ulps; by default 0 for raw scores, labels and leaves, 1 after one "
        + "exp, 2 after a softmax.", valueName: "ulps"))
  var tolerance: UInt64?

  @OptionGroup var columnOptions: ColumnOptions

  @OptionGroup var iterationOptions: IterationOptions

  func validate() throws {
    guard (rows == nil) == (expected == nil) else {
      throw ValidationError("ROWS and EXPECTED go together.")
    }
    guard rows != nil || !iterationOptions.areGiven else {
      throw ValidationError(
        "The rows that a model carries have answers of the whole model: iterations can be chosen "
          + "only with ROWS and EXPECTED.")
    }
  }

  func run() throws {
    let predictor = Predictor(try modelOptions.load())
    let report: VerificationReport
    if let rows, let expected {
      let comparison = ReferenceComparison(
        predictor: predictor, rowsFile: rows, answersFile: expected,
        columns: columnOptions.order, options: iterationOptions.predictionOptions(for: predictor),
        tolerance: tolerance)
      report = try comparison.run().0
    } else {
      let stated = try predictor.verifyStatedResults()
      if let stated { try OutputStream.print(StatedReportText(stated).text) }
      guard let embedded = try predictor.verifyEmbeddedRows(tolerance: tolerance) else {
        if let stated {
          guard stated.passed else { throw ExitCode.failure }
          return
        }
        throw Failure(
          "\(modelOptions.model): the model carries no rows to verify; give ROWS and EXPECTED, "
            + "or convert with --verify-rows and --verify-expected")
      }
      report = embedded
      guard stated?.passed != false else { throw ExitCode.failure }
    }
    try OutputStream.print(ReportText(report, labels: predictor.model.classLabels).text)
    guard report.passed else { throw ExitCode.failure }
  }
}
