import Evaluator
import NIOCore

/// Decides which requests are scored on the event loop: those that keep other connections
/// waiting for no longer than a small request takes anyway.
enum InlineBodySize {
  /// How long an event loop may be busy with one request.
  private static let budget = TimeAmount.microseconds(250)
  private static let range = 2 << 10...64 << 10
  /// What a number takes in a body, with its comma.
  private static let bytesPerNumber = 6

  /// The size in bytes up to which a body is expected to be answered within the budget, from
  /// the time that `model` needs for a row here and now.
  static func measured(_ model: ServedModel) -> Int {
    let predictor = model.predictor
    let row = [Double](repeating: 0, count: predictor.model.input.count)
    let output = model.output == .fields ? PredictionOutput.fields : .prediction
    guard !row.isEmpty, let width = try? predictor.columnCount(of: output) else {
      return range.lowerBound
    }
    var result = [Double](repeating: 0, count: width)
    var workspace = predictor.makeWorkspace()
    var fastest = TimeAmount.seconds(1)
    for _ in 0..<3 {
      let start = NIODeadline.now()
      var span = result.mutableSpan
      // A model that refuses this row has taken its time all the same.
      try? predictor.predict(
        row.span, layout: .rowMajor(rows: 1, columns: row.count), output: output, into: &span,
        workspace: &workspace)
      fastest = min(fastest, NIODeadline.now() - start)
    }
    let rows = budget.nanoseconds / max(fastest.nanoseconds, 1)
    let size = Int(clamping: rows).multipliedReportingOverflow(by: row.count * bytesPerNumber)
    return size.overflow
      ? range.upperBound : min(max(size.partialValue, range.lowerBound), range.upperBound)
  }
}
