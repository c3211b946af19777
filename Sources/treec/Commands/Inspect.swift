import ArgumentParser
import TreeIR

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a model: where it comes from, its columns, trees and arithmetic.")

  @OptionGroup var modelOptions: ModelOptions

  @Flag(help: "Write JSON.")
  var json = false

  func run() throws {
    let model = try modelOptions.load()
    let summary = ModelSummary(model)
    if json {
      try OutputStream.print(InspectJSON(model, summary).text + "\n")
    } else {
      try OutputStream.print(InspectText(model, summary).text)
    }
  }
}
