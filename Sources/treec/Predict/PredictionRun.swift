import Evaluator
import TextCodec
import TreeIR

/// Scores all rows of an input. One thread reads and cuts the input into pieces, some score these,
/// and the calling thread writes the results in the order of the rows.
struct PredictionRun {
  let predictor: Predictor
  let output: PredictionOutput
  let options: PredictionOptions
  var order = ColumnOrder.name
  /// nil to tell it by the content.
  var inputFormat: RowFormat?
  /// nil for that of the input.
  var outputFormat: RowFormat?
  var onError = RefusalOptions.Action.stop
  var missingTexts = MissingTexts([])
  var threadCount = 1
  var pieceSize = PieceReader.pieceSize

  /// How the rows lie in the input.
  private enum Layout {
    case csv(fields: [Int], width: Int)
    case ndjson
  }

  /// - Parameters:
  ///   - columns: Names of the results.
  ///   - showsProgress: Whether standard error is free for a bar.
  func run(
    from inputPath: String?, to outputPath: String?, columns: [String], showsProgress: Bool
  ) throws {
    var reader = try PieceReader(
      InputStream(inputPath), format: inputFormat, pieceSize: pieceSize)
    let unknownCategories = UnknownCategories(predictor.model.input)
    let first = Piece(unknownCategories)
    let hasPieces = try reader.fill(first)
    let layout = try layout(of: first, reader)
    let name = reader.name
    let size = reader.size
    let format = outputFormat ?? reader.format

    let queue = PieceQueue(
      pieceCount: 2 * threadCount + 2, unknownCategories: unknownCategories)
    defer { queue.stop() }
    if hasPieces { queue.submit(first) }
    for _ in 0..<threadCount {
      let scorer = try makeScorer(layout, columns, format)
      try DetachedThread.start {
        var scorer = scorer
        while let piece = queue.takeWork() {
          scorer.score(piece) { queue.writeOut(piece) }
          queue.complete(piece)
        }
      }
    }
    try Self.read(reader, to: queue)

    var target = try OutputStream(outputPath)
    target.buffer.append(contentsOf: try ResultEncoder.header(columns, format))
    let progress = ProgressBar(label: "scoring", isEnabled: showsProgress)
    defer { progress.clear() }
    var summary = PredictionSummary(predictor.model.input, file: name)
    while let output = try queue.nextOutput() {
      let piece = output.piece
      target.buffer.append(contentsOf: piece.output)
      try target.flushIfLarge()
      if output.isComplete { try summary.add(piece.report) }
      progress.show(
        done: piece.bytesRead, of: size, detail: rate(summary.rowCount, progress))
      queue.finish(output)
    }
    try target.finish()
    progress.finish(rate(summary.rowCount, progress))
    for note in summary.notes { Terminal.say(note) }
  }

  private func rate(_ rowCount: Int, _ progress: ProgressBar) -> String {
    "\(rowCount) rows, \(Int(Double(rowCount) / progress.elapsed)) rows/s"
  }

  /// Starts the thread that reads.
  private static func read(
    _ reader: consuming PieceReader, to queue: PieceQueue
  ) throws(Failure) {
    let box = PieceReaderBox(reader)
    try DetachedThread.start {
      do throws(Failure) {
        while let piece = queue.takeFree(), try box.reader.fill(piece) { queue.submit(piece) }
        queue.finishReading(nil)
      } catch {
        queue.finishReading(error)
      }
    }
  }

  private func makeScorer(
    _ layout: Layout, _ columns: [String], _ format: RowFormat
  ) throws(CSVError) -> PieceScorer {
    let encoder = predictor.makeRowEncoder().withTextsOfItsOwn()
    let decoder: any RowDecoder
    let width: Int
    switch layout {
    case .csv(let fields, let fieldCount):
      decoder = CSVDecoder(
        encoder, fields: fields, width: fieldCount, hasHeader: order != .positionWithoutHeader,
        missingTexts: missingTexts)
      width = fieldCount
    case .ndjson:
      decoder = NDJSONDecoder(encoder, model: predictor.model, missingTexts: missingTexts)
      width = predictor.model.input.count
    }
    let style = ResultEncoder.Style(
      format: format, truths: output == .fields ? ("true", "false") : ("True", "False"),
      refusalMark: onError == .mark ? "#ERROR" : nil)
    return PieceScorer(
      predictor, encoder: encoder, decoder: decoder, output: output, options: options,
      batchSize: BatchSize.rows(fieldCount: width, resultWidth: columns.count),
      stops: onError == .stop, results: try ResultEncoder(columns: columns, style: style))
  }

  /// Finds the model's columns in the header, if there is one.
  private func layout(of first: Piece, _ reader: borrowing PieceReader) throws -> Layout {
    guard reader.format == .csv else {
      guard order == .name else {
        throw Failure(
          "\(reader.name): --by-position and --no-header are for CSV; this is NDJSON, whose rows "
            + "name their columns")
      }
      return .ndjson
    }
    let names = try firstRecord(of: first, file: reader.name)
    guard let names else {
      guard order == .positionWithoutHeader else {
        throw Failure("\(reader.name): the file is empty; it needs a header line")
      }
      return .csv(fields: [], width: 0)
    }
    let check = HeaderCheck(names: names, file: reader.name, model: predictor.model)
    return .csv(fields: try check.fields(order), width: names.count)
  }

  /// The fields of the first record that is not a blank line; nil if there is none.
  private func firstRecord(of piece: Piece, file: String) throws(Failure) -> [String]? {
    do throws(CSVError) {
      var reader = try CSVReader(options: CSVReaderOptions(skipsBlankLines: false))
      let bytes = piece.bytes
      reader.append(bytes.span.extracting(0..<piece.count))
      reader.finish()
      while case .record = try reader.next() {
        let field = reader.field(at: 0)
        if reader.fieldCount == 1, field.bytes.isEmpty, !field.isQuoted { continue }
        return (0..<reader.fieldCount).map { reader.field(at: $0).makeString() }
      }
      return nil
    } catch {
      throw Failure("\(file): \(error)")
    }
  }
}

/// Lets a closure own a reader.
private final class PieceReaderBox: @unchecked Sendable {
  var reader: PieceReader

  init(_ reader: consuming PieceReader) {
    self.reader = reader
  }
}

/// What the pieces so far come to.
private struct PredictionSummary {
  private let input: InputSchema
  private let file: String
  private(set) var rowCount = 0
  private var lineCount = 0
  private var recordCount = 0
  private var unknownCategories: UnknownCategories
  private var columnsSeen: [Bool] = []

  init(_ input: InputSchema, file: String) {
    self.input = input
    self.file = file
    unknownCategories = UnknownCategories(input)
  }

  /// Adds the next piece, and tells of its refused rows.
  ///
  /// - Throws: ``Failure`` where the piece has a fault.
  mutating func add(_ report: PieceReport) throws(Failure) {
    for refusal in report.refusals {
      Terminal.say(
        "\(file), line \(lineCount + refusal.line + 1): row \(rowCount + refusal.row + 1): "
          + refusal.reason)
    }
    if let fault = report.fault {
      throw fault.moved(lines: lineCount, records: recordCount, rows: rowCount).failure(file)
    }
    unknownCategories.add(report.unknownCategories, lineCount: lineCount)
    for (column, isSeen) in report.columnsSeen.enumerated() {
      if column == columnsSeen.count { columnsSeen.append(false) }
      if isSeen { columnsSeen[column] = true }
    }
    rowCount += report.rowCount
    lineCount += report.lineCount
    recordCount += report.recordCount
  }

  /// What the owner of the rows should know.
  var notes: [String] {
    unknownCategories.notes(rowCount: rowCount)
      + columnsSeen.indices.filter { !columnsSeen[$0] && input.columns[$0].kind != .ignored }.map {
        "note: no row has the key '\(input.columns[$0].name.escapingControlCharacters)'; the "
          + "column is taken as missing"
      }
  }
}
