import Evaluator

/// Decodes and scores the rows of pieces and writes the results down; one a thread.
struct PieceScorer {
  private let predictor: Predictor
  private let output: PredictionOutput
  private let options: PredictionOptions
  private let batchSize: Int
  /// Whether a refused row ends everything.
  private let stops: Bool
  private let advice: CellAdvice
  private var decoder: any RowDecoder
  private var rows: DecodedRows
  private var batch: RowBatch
  private var workspace: Workspace
  private var results: ResultEncoder

  /// Bytes of results after which they are written, before the piece is done: few bytes of input
  /// may have many of output.
  private static let mostOutput = 1 << 22

  /// - Parameters:
  ///   - encoder: Of this thread alone.
  ///   - decoder: Has the same encoder.
  init(
    _ predictor: Predictor, encoder: RowEncoder, decoder: any RowDecoder,
    output: PredictionOutput, options: PredictionOptions, batchSize: Int, stops: Bool,
    results: ResultEncoder
  ) {
    self.predictor = predictor
    self.output = output
    self.options = options
    self.batchSize = batchSize
    self.stops = stops
    self.decoder = decoder
    self.results = results
    advice = CellAdvice(predictor.model)
    rows = DecodedRows(
      columnCount: predictor.model.input.count,
      unknownCategories: UnknownCategories(predictor.model.input))
    batch = encoder.makeBatch()
    workspace = predictor.makeWorkspace()
  }

  /// Fills output and report of `piece`.
  ///
  /// - Parameter writeOut: Called when there are many results; the output is empty afterwards.
  ///   Returns false if nobody wants more.
  mutating func score(_ piece: Piece, writeOut: () -> Bool) {
    let bytes = piece.bytes
    let text = bytes.span.extracting(0..<piece.count)
    rows.lineCount = 0
    rows.recordCount = 0
    rows.unknownCategories.removeAll()
    var offset = 0
    while offset < text.count, piece.report.fault == nil {
      batch.removeAll()
      rows.begin(limit: batchSize)
      let fault = decoder.decode(
        text.extracting(offset...), isStart: piece.isStart && offset == 0, limit: batchSize,
        into: &rows)
      offset += rows.byteCount
      score(fault, into: piece)
      if piece.output.count > Self.mostOutput, !writeOut() { return }
    }
    piece.report.lineCount = rows.lineCount
    piece.report.recordCount = rows.recordCount
    piece.report.unknownCategories = rows.unknownCategories
    piece.report.columnsSeen = rows.columnsSeen
  }

  /// Scores the rows that have been decoded before `fault`.
  private mutating func score(_ fault: RowFault?, into piece: Piece) {
    rows.move(to: &batch)
    guard batch.rowCount > 0 else {
      piece.report.fault = fault
      return
    }
    let table: ResultTable
    do throws(PredictionError) {
      table = try predictor.predict(
        batch, output: output, options: options, workspace: &workspace)
    } catch {
      piece.report.fault = .prediction("\(error)")
      return
    }
    if stops, let earlier = firstRefusal(table, before: piece.report.rowCount) {
      piece.report.fault = earlier
      return
    }
    if let fault {
      piece.report.fault = fault
      return
    }
    for (row, status) in table.rowStatus.enumerated() {
      guard case .refused(let reason) = status else { continue }
      piece.report.refusals.append(
        PieceReport.Refusal(
          row: piece.report.rowCount + row, line: rows.lines[row], reason: reason))
    }
    results.append(table, to: &piece.output)
    piece.report.rowCount += batch.rowCount
  }

  /// The first row that could not be scored.
  private func firstRefusal(_ table: ResultTable, before rowCount: Int) -> RowFault? {
    for (row, status) in table.rowStatus.enumerated() {
      guard case .refused(let reason) = status else { continue }
      if let failure = batch.failures.first, failure.row == row {
        return .cell(
          failure.message + advice.hint(against: failure.error.reason), line: rows.lines[row])
      }
      return .refused(reason, line: rows.lines[row], row: rowCount + row)
    }
    return nil
  }
}
