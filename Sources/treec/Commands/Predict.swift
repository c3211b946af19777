import ArgumentParser
import Evaluator
import TreeIR

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score the rows of a CSV file.",
    discussion: """
      Columns are matched by name, in any order; columns that the model does not have are \
      ignored. An empty cell is a missing value, or text of no letters where CatBoost hashes it. Numbers are written so that they read back \
      exactly.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: "Rows as CSV; - or nothing reads standard input.", completion: .file(extensions: ["csv"]))
  var input: String?

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "Where to write the results; standard output by default.", valueName: "out.csv"),
    completion: .file(extensions: ["csv"]))
  var outputFile: String?

  @Option(
    help: ArgumentHelp(
      "prediction, raw, probability, log-probability, exponent, label, leaf or fields.",
      discussion: """
        prediction: the objective's natural output (a probability for binary classification, \
        one per class for multiclass). raw: the margins. probability: one column per class, \
        also for binary. log-probability: their logarithms. exponent: the exponential of the \
        margin. label: the class. leaf: the leaf of every tree. fields: what a PMML model \
        calls its results, which is the default there.
        """))
  var output: PredictionOutput?

  @Flag(help: "The file has no header: columns go by position.")
  var noHeader = false

  @OptionGroup var columnOptions: ColumnOptions

  @OptionGroup var refusalOptions: RefusalOptions

  @OptionGroup var iterationOptions: IterationOptions

  @OptionGroup var tableOptions: TableOptions

  func validate() throws {
    guard outputFile != "" else { throw ValidationError("-o needs the name of a file, or -.") }
  }

  func run() throws {
    try OutputPath.check(outputFile, isNoneOf: [modelOptions.model, input])
    let predictor = Predictor(try modelOptions.load(), engines: tableOptions.engineOptions)
    let options = iterationOptions.predictionOptions(for: predictor)
    if !iterationOptions.areGiven, let note = predictor.model.bestIterationNote {
      Terminal.say(note)
    }
    let output =
      self.output ?? (predictor.model.resultFields.isEmpty ? .prediction : .fields)
    let names = try predictor.columnNames(of: output, options: options)
    guard !names.isEmpty else {
      throw Failure("there are no leaves: the iterations asked for have no trees")
    }
    var rows = try RowReader(
      input, columns: noHeader ? .positionWithoutHeader : columnOptions.order,
      predictor: predictor, refusals: refusalOptions)
    var writer = try ResultWriter(
      outputFile, columns: names, refusalMark: refusalOptions.onError == .mark ? "#ERROR" : "",
      truths: output == .fields ? ("true", "false") : ("True", "False"))
    var batch = rows.makeBatch()
    var workspace = predictor.makeWorkspace()
    var rowCount = 0
    let writesToTerminal =
      OutputPath.isStandardOutput(outputFile ?? "-") && Terminal.showsOutput
    let progress = ProgressBar(label: "scoring", isEnabled: !writesToTerminal)
    defer { progress.clear() }
    let batchSize = rows.batchSize(resultWidth: names.count)
    while try rows.read(into: &batch, limit: batchSize) {
      let results = try predictor.predict(
        batch, output: output, options: options, workspace: &workspace)
      try rows.report(results)
      try writer.write(results)
      rowCount += batch.rowCount
      progress.show(
        done: rows.bytesRead, of: rows.size,
        detail: rate(rowCount, progress))
    }
    try writer.finish()
    progress.finish(rate(rowCount, progress))
    for note in rows.notes { Terminal.say(note) }
  }

  private func rate(_ rowCount: Int, _ progress: ProgressBar) -> String {
    "\(rowCount) rows, \(Int(Double(rowCount) / progress.elapsed)) rows/s"
  }
}
