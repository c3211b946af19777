import Evaluator

extension ScoringService {
  /// Throws if the answer would be longer than it may be.
  private func checkAnswerSize(rowCount: Int) throws(ScoringError) {
    let longest = model.labels.reduce(ScoringOptions.bytesPerNumber) { max($0, $1.count + 4) }
    let rowSize =
      model.output == .fields
      ? model.members.reduce(4) { $0 + $1.size } : max(model.resultWidth, 1) * longest
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
    if model.output == .fields { return try predictRecords(&scratch, isCancelled) }
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
      try score(start..<end, of: frame, into: &buffer, &scratch)
      text.append(buffer.span.extracting(0..<(end - start) * width))
    }
    return Answer(status: 200, contentType: "application/json", body: text.finish())
  }

  /// Scores the rows of the scratch's frame, some at a time; the answer is a record a row.
  private func predictRecords(
    _ scratch: inout Scratch, _ isCancelled: () -> Bool
  ) throws(ScoringError) -> Answer {
    let width = model.resultWidth
    let frame = scratch.takeFrame()
    let rowCount = frame.rowCount
    let step = max(1, min(rowCount, Self.resultsAtOnce / max(width, 1)))
    var buffer = scratch.takeResults(count: step * width)
    defer {
      scratch.results = buffer
      scratch.frame = frame
    }
    let texts = (scratch.encoder ?? model.encoder).texts
    var records = PythonJSON.Records(model.members, rowCount: rowCount)
    for start in stride(from: 0, to: rowCount, by: step) {
      let end = min(start + step, rowCount)
      if isCancelled() { throw .cancelled }
      try score(start..<end, of: frame, into: &buffer, &scratch)
      for row in 0..<end - start {
        records.append(buffer.span.extracting(row * width..<(row + 1) * width), texts)
        // Nobody knows before how long texts are.
        guard records.bytes.count <= options.maximumAnswerSize else {
          throw unexpected(
            "The answer is longer than the limit of \(options.maximumAnswerSize) bytes; send fewer "
              + "rows at once.")
        }
      }
    }
    return Answer(status: 200, contentType: "application/json", body: records.finish())
  }

  /// Scores some rows of `frame`.
  private func score(
    _ rows: Range<Int>, of frame: Frame, into buffer: inout [Double], _ scratch: inout Scratch
  ) throws(ScoringError) {
    let columnCount = model.columnCount
    do {
      var results = buffer.mutableSpan
      try model.predictor.predict(
        frame.values.span.extracting(rows.lowerBound * columnCount..<rows.upperBound * columnCount),
        rowCount: rows.count, output: model.output, texts: scratch.encoder?.texts,
        into: &results, workspace: &scratch.workspace)
    } catch {
      throw unexpected(error.message)
    }
    if let refusal = scratch.workspace.refusals.first {
      throw unexpected("Row \(rows.lowerBound + refusal.row): \(refusal.reason)")
    }
  }

  private static let resultsAtOnce = 1 << 14
}
