import ArgumentParser
import Evaluator
import TreeIR

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score the rows of a CSV or NDJSON file.",
    discussion: """
      Reads CSV, or NDJSON with one JSON object a line, and both packed by gzip: all of that is \
      recognised by content. Columns are matched by name, in any order; columns that the model does not have are \
      ignored. An empty cell is a missing value, or text of no letters where CatBoost hashes it. Numbers are written so that they read back \
      exactly.
      """)

  private static let mostThreads = 1024

  @OptionGroup var modelOptions: ModelOptions

  @Argument(
    help: "Rows as CSV or NDJSON; - or nothing reads standard input.",
    completion: .file(extensions: ["csv", "ndjson", "jsonl", "gz"]))
  var input: String?

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "Where to write the results; standard output by default.", valueName: "out.csv"),
    completion: .file(extensions: ["csv", "ndjson", "jsonl"]))
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

  @Option(
    help: ArgumentHelp(
      "Threads that score. Two more read and write.", valueName: "N"))
  var threads = 1

  @Option(help: "What the rows are: csv or ndjson; by default as their first characters have it.")
  var inputFormat: RowFormat?

  @Option(help: "How to write the results: csv or ndjson; by default as the rows are.")
  var outputFormat: RowFormat?

  @Flag(help: "The file has no header: columns go by position.")
  var noHeader = false

  @OptionGroup var columnOptions: ColumnOptions

  @OptionGroup var refusalOptions: RefusalOptions

  @OptionGroup var iterationOptions: IterationOptions

  @OptionGroup var tableOptions: TableOptions

  func validate() throws {
    guard outputFile != "" else { throw ValidationError("-o needs the name of a file, or -.") }
    guard (1...Self.mostThreads).contains(threads) else {
      throw ValidationError("--threads must be 1 to \(Self.mostThreads).")
    }
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
    let writesToTerminal =
      OutputPath.isStandardOutput(outputFile ?? "-") && Terminal.showsOutput
    let run = PredictionRun(
      predictor: predictor, output: output, options: options,
      order: noHeader ? .positionWithoutHeader : columnOptions.order, inputFormat: inputFormat,
      outputFormat: outputFormat, onError: refusalOptions.onError,
      missingTexts: MissingTexts(refusalOptions.missingTexts), threadCount: threads)
    try run.run(
      from: input, to: outputFile, columns: names, showsProgress: !writesToTerminal)
  }
}
