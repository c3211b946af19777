import Evaluator

/// Which engines score a model, for people.
struct EngineText {
  let text: String

  init(_ reports: [EngineReport]) {
    var text = ""
    for report in reports {
      let name = reports.count > 1 ? "ensemble \(report.ensemble), " : ""
      text +=
        "\nengines (\(name)instructions \(InstructionSet.current.rawValue), "
        + "tables \(report.tableBytes >> 10) KiB)\n"
      var table = TextTable([.left, .left, .right, .left])
      table.add(["rows at a time", "engine", "ns/row, estimated", "instead of"])
      for choice in report.choices { table.add(Self.cells(choice)) }
      text += table.text
      for refusal in report.refusals {
        text += "not \(refusal.engine): \(refusal.reason)\n"
      }
    }
    self.text = text
  }

  private static func cells(_ choice: EngineReport.Choice) -> [String] {
    let rows =
      switch choice.lastRows {
      case nil: "\(choice.firstRows) and more"
      case choice.firstRows: "\(choice.firstRows)"
      case .some(let last): "\(choice.firstRows) to \(last)"
      }
    let method = choice.method.isEmpty ? "" : ", \(choice.method)"
    var second = ""
    if let runnerUp = choice.runnerUp, let nanoseconds = choice.runnerUpNanoseconds {
      second = "\(runnerUp), \(Int(nanoseconds.rounded()))"
    }
    return [
      rows, "\(choice.engine)\(method)", "\(Int(choice.estimatedNanoseconds.rounded()))", second,
    ]
  }
}
