import ArgumentParser
import Evaluator
import TreeIR

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a model: where it comes from, its columns, trees and arithmetic.",
    discussion: """
      With --tree one tree is drawn instead, as text, as DOT or as JSON. With --report a page \
      is written that shows all of it in a browser; it needs no network.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @OptionGroup var tableOptions: TableOptions

  @Option(
    // So that a negative number is a tree that does not exist, and no option.
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw a tree, numbered from 0 over all ensembles of the model.", valueName: "N"))
  var tree: Int?

  @Flag(help: "Write the tree in DOT, for Graphviz.")
  var dot = false

  @Flag(help: "Write JSON.")
  var json = false

  @Option(
    help: ArgumentHelp("Write a page for the browser.", valueName: "report.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Which trees the page is to hold.",
      discussion: """
        By default all of them, as far as their data fit in \(TreeData.defaultLimit) bytes.
        """, valueName: "A-B"))
  var reportTrees: TreeNumbers?

  func validate() throws {
    guard !dot || tree != nil else { throw ValidationError("--dot needs --tree.") }
    guard !dot || !json else { throw ValidationError("--dot and --json exclude each other.") }
    guard report == nil || (tree == nil && !json) else {
      throw ValidationError("--report goes with neither --tree nor --json.")
    }
    guard report != "" else { throw ValidationError("--report needs the name of a file.") }
    guard reportTrees == nil || report != nil else {
      throw ValidationError("--report-trees needs --report.")
    }
  }

  func run() throws {
    try OutputPath.check(report, isNoneOf: [modelOptions.model])
    let model = try modelOptions.load()
    if let report {
      try writeReport(model, to: report)
    } else if let tree {
      try OutputStream.print(drawing(of: try model.requireTree(tree), in: model))
    } else {
      let summary = ModelSummary(model)
      let engines = Predictor(model, engines: tableOptions.engineOptions).engineReports()
      try OutputStream.print(
        json
          ? InspectJSON(model, summary, engines).text + "\n"
          : InspectText(model, summary).text + EngineText(engines).text)
    }
  }

  private func drawing(of location: TreeLocation, in model: TreeModel) throws -> String {
    if dot { return TreeDOT(model, location).text }
    if json { return try TreeJSON(model, location).text + "\n" }
    return TreeText(model, location).text
  }

  private func writeReport(_ model: TreeModel, to path: String) throws {
    let page = try ReportPage(model, file: modelOptions.model, trees: reportTrees?.range)
    var stream = try OutputStream(path)
    stream.buffer = page.bytes
    try stream.finish()
    for note in page.notes { Terminal.say("note: \(note)") }
  }
}

/// `3-17`, `5`: tree numbers.
struct TreeNumbers: ExpressibleByArgument {
  let range: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = ends.first.flatMap({ Int($0) }), let last = ends.last.flatMap({ Int($0) }),
      0 <= first, first <= last
    else { return nil }
    range = first...last
  }
}
