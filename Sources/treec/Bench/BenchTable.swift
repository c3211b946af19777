import Evaluator
import TextCodec
import TreeIR

/// Shows what was measured: a table for people, or an object a line for programs.
struct BenchTable {
  private let json: Bool
  /// Whether calls encode text.
  private let encodes: Bool
  /// What reading and checking the model took.
  private let openSeconds: Double
  private var table = TextTable([.left, .right, .right, .right, .right, .right])

  init(json: Bool, encodes: Bool, openSeconds: Double) {
    self.json = json
    self.encodes = encodes
    self.openSeconds = openSeconds
  }

  mutating func begin(model: TreeModel, _ subjects: [BenchSubject]) throws {
    guard !json else { return }
    let trees = model.ensembles.reduce(0) { $0 + $1.treeCount }
    let bytes = subjects.reduce(0) { sum, subject in
      subject.predictor.engineReports().reduce(sum) { $0 + $1.tableBytes }
    }
    let planSeconds = subjects.reduce(0) { $0 + $1.planSeconds }
    try OutputStream.print(
      "\(model.provenance.library) model, \(trees) trees, \(model.input.count) columns; "
        + "instructions \(InstructionSet.current.rawValue)\n"
        + "opened in \(Self.rounded(openSeconds * 1000)) ms, prepared in "
        + "\(Self.rounded(planSeconds * 1000)) ms, tables \(bytes >> 10) KiB\n"
        + (encodes ? "each call encodes its rows from text\n" : ""))
    table.add(["engine", "batch", "threads", "ns/row min", "ns/row median", "rows/s"])
  }

  mutating func add(_ result: BenchSubject.Result) throws {
    guard json else {
      table.add([
        result.engine, "\(result.batch)", "\(result.threads)", Self.rounded(result.minimum),
        Self.rounded(result.median), "\(Int(1e9 / result.median))",
      ])
      return
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("engine")
    writer.write(result.engine)
    writer.key("instructions")
    writer.write(InstructionSet.current.rawValue)
    writer.key("encode")
    writer.write(encodes)
    writer.key("batch")
    writer.write(result.batch)
    writer.key("threads")
    writer.write(result.threads)
    writer.key("ns_per_row_min")
    try writer.write(result.minimum)
    writer.key("ns_per_row_median")
    try writer.write(result.median)
    writer.key("open_ms")
    try writer.write(openSeconds * 1000)
    writer.key("prepare_ms")
    try writer.write(result.planSeconds * 1000)
    writer.end()
    try OutputStream.print(String(decoding: writer.bytes, as: UTF8.self) + "\n")
  }

  mutating func add(phases: [Predictor.Phase]) throws {
    for phase in phases {
      guard json else {
        table.add([
          "  \(phase.name)", "\(phase.rows)", "1", Self.rounded(phase.nanoseconds), "", "",
        ])
        continue
      }
      var writer = JSONWriter()
      writer.beginObject()
      writer.key("phase")
      writer.write(phase.name)
      writer.key("batch")
      writer.write(phase.rows)
      writer.key("ns_per_row_min")
      try writer.write(phase.nanoseconds)
      writer.end()
      try OutputStream.print(String(decoding: writer.bytes, as: UTF8.self) + "\n")
    }
  }

  func finish() throws {
    if !json { try OutputStream.print(table.text) }
  }

  /// With one digit after the point.
  private static func rounded(_ number: Double) -> String {
    "\(Double(Int(number * 10 + 0.5)) / 10)"
  }
}
