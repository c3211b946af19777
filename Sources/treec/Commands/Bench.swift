import ArgumentParser
import Evaluator
import TreeIR

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast a model is scored.",
    discussion: """
      Scores rows from memory, row-major Doubles, through the library that programs import. \
      Batches follow one another through the rows. With several engines they take turns, so \
      that all see the same noise.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(
    help: ArgumentHelp(
      "Rows as CSV with a header; random rows between the model's thresholds by default.",
      valueName: "rows.csv"),
    completion: .file(extensions: ["csv"]))
  var data: String?

  @Flag(
    help: ArgumentHelp(
      "Begin each call with the text of the cells.",
      discussion: """
        The cells of the file are held in memory as they are, and each call encodes those of \
        its rows first: numbers are parsed, categories looked up or hashed.
        """))
  var encode = false

  @OptionGroup var columnOptions: ColumnOptions

  @OptionGroup var tableOptions: TableOptions

  @Option(help: ArgumentHelp("Rows a call, separated by commas.", valueName: "1,64,1000"))
  var batches: CountList = CountList([1, 64, 1000, 8192])

  @Option(help: ArgumentHelp("Threads that share a batch.", valueName: "N"))
  var threads = 1

  @Option(
    help: ArgumentHelp(
      "Engines to measure, separated by commas: \(EngineList.names), or auto for what treec "
        + "chooses.", valueName: "auto"))
  var engine: EngineList = EngineList(engines: [nil])

  @Option(help: "What to compute, as `treec predict` has it.")
  var output: PredictionOutput?

  @Option(help: ArgumentHelp("Seconds for each batch size and engine.", valueName: "S"))
  var seconds = 0.5

  @Option(help: ArgumentHelp("Rows of a block of engine bitslice.", visibility: .hidden))
  var blockWidth: Int?

  @Flag(help: "Show what the parts of the work take.")
  var phases = false

  @Flag(help: "One JSON object a line.")
  var json = false

  func validate() throws {
    guard threads >= 1, threads <= 1024 else {
      throw ValidationError("--threads must be 1 to 1024.")
    }
    guard blockWidth.map({ [64, 128, 256, 512].contains($0) }) ?? true else {
      throw ValidationError("--block-width must be 64, 128, 256 or 512.")
    }
    guard !encode || data != nil else {
      throw ValidationError("--encode needs --data: random rows have no text.")
    }
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds must be more than 0, and at most 3600.")
    }
  }

  func run() throws {
    let start = Terminal.now()
    let model = try modelOptions.load()
    let openSeconds = Terminal.now() - start
    let rows = try BenchRows(
      data, columnOptions, model, count: batches.counts.max() ?? 1, asText: encode)
    var engineOptions = tableOptions.engineOptions
    engineOptions.blockWidth = blockWidth
    engineOptions.preparation = .immediate
    let subjects = try engine.engines.map {
      try BenchSubject(
        $0, model, output ?? (model.resultFields.isEmpty ? .prediction : .fields), threads,
        engineOptions)
    }
    var table = BenchTable(json: json, encodes: encode, openSeconds: openSeconds)
    try table.begin(model: model, subjects)
    for batch in batches.counts {
      for result in try BenchSubject.measure(subjects, rows, batch: batch, seconds: seconds) {
        try table.add(result)
      }
    }
    if phases {
      for subject in subjects {
        let phases = subject.phases(rows)
        if phases.isEmpty {
          Terminal.say(
            "note: no phases: engine bitslice does not score this model, or it has fewer than 8 "
              + "columns, or there are fewer than 512 rows")
        }
        try table.add(phases: phases)
      }
    }
    try table.finish()
  }
}
