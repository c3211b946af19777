import Evaluator
import TextCodec
import TreeIR

/// How the fields of a file are given to the columns of a model.
enum ColumnOrder {
  case name
  /// There is a header, but its names play no part.
  case position
  case positionWithoutHeader
}

/// Reads rows of a CSV for a model: finds the model's columns and encodes their cells.
struct RowReader: ~Copyable {
  private var table: CSVTable
  private let encoder: RowEncoder
  /// The CSV field of each input column.
  private let fields: [Int]
  /// The line in which each row of the last batch begins.
  private var lines: [Int] = []
  private var rowCount = 0
  private var unknownCategories: UnknownCategories
  /// Whether a refused row ends everything.
  private let stops: Bool
  /// Texts that stand for missing values.
  private let missingTexts: [[UInt8]]
  /// Whether a column taken for numeric may be one of categories: LightGBM's files do not
  /// always tell which columns their dictionaries belong to.
  private let mayLackDictionary: Bool

  /// Opens `path`, nil or `-` being standard input.
  ///
  /// - Throws: when a column of the model is missing, naming it.
  init(
    _ path: String?, columns: ColumnOrder, predictor: Predictor,
    refusals: RefusalOptions? = nil
  ) throws {
    let model = predictor.model
    let table = try CSVTable(path, hasHeader: columns != .positionWithoutHeader)
    let header = HeaderCheck(names: table.firstRecord, file: table.name, model: model)
    fields =
      switch columns {
      case .name: try header.fields()
      case .position: try header.fieldsByPosition()
      case .positionWithoutHeader: try header.fieldsWithoutHeader()
      }
    encoder = predictor.makeRowEncoder()
    stops = refusals.map { $0.onError == .stop } ?? true
    missingTexts = refusals?.missingTexts.map { Array($0.utf8) } ?? []
    unknownCategories = UnknownCategories(model.input)
    mayLackDictionary = model.provenance.library == "LightGBM" && model.input.hasDictionaries
    self.table = table
  }

  /// Rows to read at a time when every row has `resultWidth` results: many for speed, few
  /// enough for bounded memory where rows are wide.
  func batchSize(resultWidth: Int) -> Int {
    max(1, min(1024, (1 << 20) / max(1, fields.count, resultWidth)))
  }

  var bytesRead: Int { table.bytesRead }
  var size: Int? { table.size }

  /// What the owner of the rows should know after they have been read.
  var notes: [String] { unknownCategories.notes(rowCount: rowCount) }

  /// Memory for the rows that are read.
  func makeBatch() -> RowBatch { encoder.makeBatch() }

  /// Refills `batch` with the next rows, at most `limit`.
  ///
  /// - Returns: false when there are no more.
  /// - Throws: when a cell cannot be encoded, naming line and column.
  mutating func read(into batch: inout RowBatch, limit: Int) throws -> Bool {
    batch.removeAll()
    lines.removeAll(keepingCapacity: true)
    while batch.rowCount < limit, try table.next() {
      lines.append(table.line)
      batch.appendRow { (column) throws(CellError) in
        let text = table.field(fields[column]).bytes
        let isMissing = isMissingText(text)
        let value = try encoder.encode(
          text: isMissing ? text.extracting(0..<0) : text, column: column)
        if value.isNaN { unknownCategories.note(text, column: column, line: table.line) }
        return value
      }
    }
    if stops, let failure = batch.failures.first {
      throw Failure(
        "\(table.name), line \(lines[failure.row]): \(failure.message)"
          + hint(against: failure.error.reason))
    }
    rowCount += batch.rowCount
    return batch.rowCount > 0
  }

  private func isMissingText(_ text: Span<UInt8>) -> Bool {
    for missing in missingTexts where missing.span.isSame(as: text) { return true }
    return false
  }

  /// Tells of the rows of the last batch that were refused.
  ///
  /// - Throws: ``Failure`` at the first, where that is wanted.
  func report(_ results: ResultTable) throws {
    for (row, status) in results.rowStatus.enumerated() {
      guard case .refused(let reason) = status else { continue }
      let place = "\(table.name), line \(lines[row]): row \(rowCount - lines.count + row + 1)"
      if stops { throw Failure("\(place): \(reason)") }
      Terminal.say("\(place): \(reason)")
    }
  }

  /// What else can be done about a cell, where it is not the cell that is wrong.
  private func hint(against reason: CellError.Reason) -> String {
    switch reason {
    case .notANumber where mayLackDictionary:
      "; if the column holds categories, convert the model again with --categorical"
    case .unknownCategory: "; --unknown-category missing takes it as missing"
    case .notANumber, .wrongType, .notACategory, .refused: ""
    }
  }
}

/// Counts cells that hold a category which the model does not know. They are scored as
/// missing, as the model or an option has it, but somebody should hear of it.
private struct UnknownCategories {
  private struct Count {
    var cells = 0
    var first = ""
    var line = 0
  }

  private let schema: InputSchema
  private var counts: [Int: Count] = [:]

  init(_ schema: InputSchema) {
    self.schema = schema
  }

  /// Notes a cell that has been encoded as missing.
  mutating func note(_ text: Span<UInt8>, column: Int, line: Int) {
    guard !text.isEmpty, case .dictionary = schema.columns[column].kind else { return }
    if counts[column] == nil {
      let shown = text.extracting(0..<min(40, text.count))
      let first = shown.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
      counts[column] = Count(first: first.escapingControlCharacters, line: line)
    }
    counts[column]?.cells += 1
  }

  func notes(rowCount: Int) -> [String] {
    counts.sorted { $0.key < $1.key }.map { column, count in
      "note: column '\(schema.columns[column].name.escapingControlCharacters)': \(count.cells) of "
        + "\(rowCount) cells hold no category that the model knows and are taken as missing; the "
        + "first is '\(count.first)' in line \(count.line)"
    }
  }
}

extension InputSchema {
  fileprivate var hasDictionaries: Bool {
    columns.contains { if case .dictionary = $0.kind { true } else { false } }
  }
}

extension Span<UInt8> {
  fileprivate func isSame(as other: Span<UInt8>) -> Bool {
    count == other.count && indices.allSatisfy { self[$0] == other[$0] }
  }
}
