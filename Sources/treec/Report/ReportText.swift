import Evaluator
import TreeIR

/// A verification report in words.
struct ReportText {
  private let report: VerificationReport
  private let labels: [CategoryValue]

  /// Columns that are all alike are summed up beyond this many.
  private static let shownColumns = 20

  /// - Parameter labels: The classes of the model.
  init(_ report: VerificationReport, labels: [CategoryValue]) {
    self.report = report
    self.labels = labels
  }

  var text: String {
    var table = TextTable([.left, .right, .right, .right, .right, .left])
    table.add(["column", "rows", "differing", "max ulps", "tolerance", ""])
    let interesting = report.columns.filter { $0.differing > 0 }
    let shown = report.columns.count <= Self.shownColumns ? report.columns : interesting
    for column in shown.prefix(Self.shownColumns) {
      table.add([
        column.name, "\(column.compared)", "\(column.differing)",
        column.worst.map { $0.ulps == .max ? "NaN" : "\($0.ulps)" } ?? "0",
        "\(column.tolerance.ulps)", column.failing == 0 ? "ok" : "FAILED",
      ])
    }
    var text = table.text
    if shown.count < report.columns.count {
      text += "(\(report.columns.count - shown.count) more columns without a difference)\n"
    }
    for column in report.columns.filter({ $0.failing > 0 }).prefix(Self.shownColumns) {
      text += describe(column)
    }
    let values = report.columns.reduce(0) { $0 + $1.compared }
    let differing = report.columns.reduce(0) { $0 + $1.differing }
    return text + "\(report.passed ? "passed" : "FAILED"): \(report.rowCount) rows, "
      + "\(values) values compared, \(differing) with differing bits\n"
  }

  private func describe(_ column: VerificationReport.Column) -> String {
    var text = ""
    let places = [("first", column.firstFailure), ("worst", column.worst)]
    for (word, difference) in places {
      guard let difference else { continue }
      text +=
        "\(column.name), row \(difference.row + 1) (\(word)): expected "
        + "\(value(difference.expected, column)), got \(value(difference.actual, column))"
        + "\(distance(difference, column))\n"
      if column.name == "label" { break }
    }
    return text
  }

  private func value(_ value: Double, _ column: VerificationReport.Column) -> String {
    guard column.name == "label", let position = Int(exactly: value),
      labels.indices.contains(position)
    else { return "\(value)" }
    return labels[position].description
  }

  private func distance(
    _ difference: VerificationReport.Difference, _ column: VerificationReport.Column
  ) -> String {
    if column.name == "label" { return "" }
    return difference.ulps == .max
      ? ": one of them is NaN" : ": \(difference.ulps) ulps apart"
  }
}
