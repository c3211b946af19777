import Evaluator

extension ScoringService {
  /// Throws if the answer would be longer than it may be.
  private func checkAnswerSize(rowCount: Int) throws(ScoringError) {
    let longest = model.labels.reduce(ScoringOptions.bytesPerNumber) { max($0, $1.count + 4) }
    let rowSize = max(model.resultWidth, 1) * longest
    guard rowCount > options.maximumAnswerSize / rowSize else { return }
    throw unexpected(
      "The answer to \(rowCount) rows may be longer than the limit of "
        + "\(options.maximumAnswerSize) bytes; send fewer rows at once.")
  }

  /// Scores the rows of the scratch's frame, some at a time.
  func predict(
    _ scratch: inout Scratch, _ isCancelled: () -> Bool
  ) throws(ScoringError) -> Answer {
    try checkAnswerSize(rowCount: scratch.frame.rowCount)
    let columnCount = model.columnCount
    let width = model.resultWidth
    let frame = scratch.takeFrame()
    let rowCount = frame.rowCount
    let step = max(1, min(rowCount, Self.resultsAtOnce / max(width, 1)))
    var buffer = scratch.takeResults(count: step * width)
    defer {
      scratch.results = buffer
      scratch.frame = frame
    }
    var text = PythonJSON.Predictions(
      width: width, rowCount: rowCount, isRow: scratch.isRow,
      isList: width != 1 || model.rules.listsLabels && model.output == .label)
    if model.output == .label { text.labels = model.labels }
    for start in stride(from: 0, to: rowCount, by: step) {
      let end = min(start + step, rowCount)
      if isCancelled() { throw .cancelled }
      do {
        var results = buffer.mutableSpan
        try model.predictor.predict(
          frame.values.span.extracting(start * columnCount..<end * columnCount),
          layout: .rowMajor(rows: end - start, columns: columnCount), output: model.output,
          into: &results, workspace: &scratch.workspace)
      } catch {
        throw unexpected(error.message)
      }
      if let refusal = scratch.workspace.refusals.first {
        throw unexpected("Row \(start + refusal.row): \(refusal.reason)")
      }
      text.append(buffer.span.extracting(0..<(end - start) * width))
    }
    return Answer(status: 200, contentType: "application/json", body: text.finish())
  }

  private static let resultsAtOnce = 1 << 14
}
