import ArgumentParser
import Evaluator
import TreeIR

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert a model to a .tir file.",
    discussion: """
      The same model always gives the same file. With --verify-rows and --verify-expected the \
      converted model is checked against reference answers first: on a difference nothing is \
      written, otherwise rows and answers travel in the file, and 'treec verify MODEL' checks \
      them again wherever it goes. Results that the model's own file states for some rows \
      (ModelVerification of PMML) are checked as well, unless --no-verify is given.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("Where to write the model.", valueName: "model.tir"),
    completion: .file(extensions: ["tir"]))
  var outputFile: String

  @Option(
    help: ArgumentHelp("Rows to check the model with, as CSV.", valueName: "rows.csv"),
    completion: .file(extensions: ["csv"]))
  var verifyRows: String?

  @Option(
    help: ArgumentHelp(
      "The original library's answers, as CSV with columns raw_0 …, prediction_0 …, "
        + "probability_0 …, label, leaf_0 ….", valueName: "expected.csv"),
    completion: .file(extensions: ["csv"]))
  var verifyExpected: String?

  @Flag(help: "Do not check the results that the model's own file states (PMML).")
  var noVerify = false

  @OptionGroup var columnOptions: ColumnOptions

  func validate() throws {
    guard !outputFile.isEmpty, !OutputPath.isStandardOutput(outputFile) else {
      throw ValidationError("A .tir file cannot be written to standard output: name a file.")
    }
    guard (verifyRows == nil) == (verifyExpected == nil) else {
      throw ValidationError("--verify-rows and --verify-expected go together.")
    }
  }

  func run() throws {
    try OutputPath.check(outputFile, isNoneOf: [modelOptions.model, verifyRows, verifyExpected])
    var model = try modelOptions.load()
    if !noVerify, let report = try Predictor(model).verifyStatedResults() {
      Terminal.write(StatedReportText(report).text)
      guard report.passed else {
        Terminal.say(
          "\(outputFile) was not written. To convert the model nevertheless, use --no-verify.")
        throw ExitCode.failure
      }
    }
    if let verifyRows, let verifyExpected {
      let comparison = ReferenceComparison(
        predictor: Predictor(model), rowsFile: verifyRows, answersFile: verifyExpected,
        columns: columnOptions.order, keepsRows: true)
      let (report, rows) = try comparison.run()
      Terminal.write(ReportText(report, labels: model.classLabels).text)
      guard report.passed else {
        Terminal.say("\(outputFile) was not written.")
        throw ExitCode.failure
      }
      model = try model.withVerification(rows)
    }
    try model.write(to: outputFile)
  }
}
