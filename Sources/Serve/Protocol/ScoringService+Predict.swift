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

  /// Scores the rows of the scratch's frame.
  func predict(
    _ scratch: inout Scratch, _ isCancelled: () -> Bool
  ) throws(ScoringError) -> Answer {
    try checkAnswerSize(rowCount: scratch.frame.rowCount)
    let body =
      model.output == .fields
      ? try records(&scratch, isCancelled) : try predictions(&scratch, isCancelled)
    return Answer(status: 200, contentType: "application/json", body: body)
  }

  private func predictions(
    _ scratch: inout Scratch, _ isCancelled: () -> Bool
  ) throws(ScoringError) -> [UInt8] {
    let width = model.resultWidth
    var text = PythonJSON.Predictions(
      width: width, rowCount: scratch.frame.rowCount, isRow: scratch.isRow,
      isList: width != 1 || model.rules.listsLabels && model.output == .label)
    if model.output == .label { text.labels = model.labels }
    try score(&scratch, isCancelled) { (results) throws(ScoringError) in text.append(results) }
    return text.finish()
  }

  /// The answer of a model that names its results: a record a row.
  private func records(
    _ scratch: inout Scratch, _ isCancelled: () -> Bool
  ) throws(ScoringError) -> [UInt8] {
    let width = model.resultWidth
    let texts = (scratch.encoder ?? model.encoder).texts
    var records = PythonJSON.Records(model.members, rowCount: scratch.frame.rowCount)
    try score(&scratch, isCancelled) { (results) throws(ScoringError) in
      for start in stride(from: 0, to: results.count, by: max(width, 1)) {
        records.append(results.extracting(start..<start + width), texts)
        // Nobody knows before how long texts are.
        guard records.bytes.count <= options.maximumAnswerSize else {
          throw unexpected(
            "The answer is longer than the limit of \(options.maximumAnswerSize) bytes; send fewer "
              + "rows at once.")
        }
      }
    }
    return records.finish()
  }

  /// Scores the rows of the scratch's frame, some at a time, and hands on the results of whole rows.
  private func score(
    _ scratch: inout Scratch, _ isCancelled: () -> Bool,
    _ body: (Span<Double>) throws(ScoringError) -> Void
  ) throws(ScoringError) {
    let width = model.resultWidth
    let frame = scratch.takeFrame()
    let step = max(1, min(frame.rowCount, Self.resultsAtOnce / max(width, 1)))
    var buffer = scratch.takeResults(count: step * width)
    defer {
      scratch.results = buffer
      scratch.frame = frame
    }
    for start in stride(from: 0, to: frame.rowCount, by: step) {
      let end = min(start + step, frame.rowCount)
      if isCancelled() { throw .cancelled }
      try score(start..<end, of: frame, into: &buffer, &scratch)
      try body(buffer.span.extracting(0..<(end - start) * width))
    }
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
