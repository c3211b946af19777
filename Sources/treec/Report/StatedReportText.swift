import Evaluator

/// What the comparison with the results that a model's source states gave, in words.
struct StatedReportText {
  private let report: StatedVerification

  private static let shownDifferences = 10

  init(_ report: StatedVerification) {
    self.report = report
  }

  var text: String {
    var text = ""
    for difference in report.differences.prefix(Self.shownDifferences) {
      text +=
        "ModelVerification, row \(difference.row + 1), \(difference.field.visible): stated "
        + "\(difference.expected.visible), got \(difference.actual.visible)\n"
    }
    let more = report.differences.count - Self.shownDifferences
    if more > 0 { text += "(\(more) more differences)\n" }
    return text
      + "ModelVerification \(report.passed ? "passed" : "FAILED"): \(report.rowCount) rows, "
      + "\(report.compared) results compared, \(report.differences.count) differing\n"
  }
}
