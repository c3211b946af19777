import Evaluator
import TextCodec

extension ScoringService {
  /// Throws unless the model takes the rows of `frame`, as a pandas frame.
  func checkFrame(_ frame: Frame) throws(ScoringError) {
    try checkShape(frame)
    if options.isStrict, model.rules.needsCategoryColumns {
      throw unexpected("LightGBM wants columns of pandas' type category, which no body can make.")
    }
    for (column, kinds) in frame.kinds.enumerated()
    where !model.rules.takesFrameColumn(kinds) {
      if let fault = frame.fault { throw unexpected(fault) }
      let name = model.columns[column].name.escapingControlCharacters
      throw unexpected("Column '\(name)': \(model.rules.reason(against: kinds)).")
    }
  }

  /// Throws unless the model takes the rows of `frame`, as a NumPy array of which the columns
  /// of numbers have cells of `kinds`.
  func checkArray(_ frame: Frame, kinds: Frame.Kinds) throws(ScoringError) {
    try checkShape(frame)
    let isUnusable = frame.kinds.contains { !$0.isDisjoint(with: [.unusable, .nested]) }
    guard isUnusable || model.rules.conversion(ofArray: kinds) == .refused else { return }
    if let fault = frame.fault { throw unexpected(fault) }
    throw unexpected("The rows have both text and true or false.")
  }

  private func checkShape(_ frame: Frame) throws(ScoringError) {
    guard frame.rowCount > 0 else { throw unexpected("There are no rows.") }
    guard frame.columnCount == model.columnCount else {
      throw unexpected(
        "The rows have \(frame.columnCount) columns; the model has \(model.columnCount).")
    }
  }

  private func unexpected(_ reason: String) -> ScoringError {
    .unexpected(reason, isStrict: options.isStrict)
  }

  private func unexpected(_ fault: Frame.Fault) -> ScoringError {
    unexpected("Row \(fault.row), \(fault.message).")
  }

  /// Throws if the answer would be longer than it may be.
  private func checkAnswerSize(rowCount: Int) throws(ScoringError) {
    let rowSize = max(model.resultWidth, 1) * ScoringOptions.bytesPerNumber
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
    var text = PythonJSON.Predictions(width: width, rowCount: rowCount)
    for start in stride(from: 0, to: rowCount, by: step) {
      let end = min(start + step, rowCount)
      if isCancelled() { throw .cancelled }
      do {
        var results = buffer.mutableSpan
        try model.predictor.predict(
          frame.values.span.extracting(start * columnCount..<end * columnCount),
          layout: .rowMajor(rows: end - start, columns: columnCount), into: &results,
          workspace: &scratch.workspace)
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
