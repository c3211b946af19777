import Evaluator
import TextCodec
import TreeIR

/// Decodes rows of CSV. Numbers go from the text to their places without a stop.
struct CSVDecoder: RowDecoder {
  private let encoder: RowEncoder
  /// What becomes of each field of a record.
  private let places: [Int32]
  /// The columns of each field that is not only a number.
  private let columns: [[Int]]
  private let hasHeader: Bool
  private let missingTexts: MissingTexts
  /// Content of a field whose quotes are doubled.
  private var content: [UInt8] = []

  /// - Parameters:
  ///   - fields: The field of each column.
  ///   - width: How many fields a record has.
  ///   - hasHeader: Whether the first record is no row.
  init(
    _ encoder: RowEncoder, fields: [Int], width: Int, hasHeader: Bool, missingTexts: MissingTexts
  ) {
    self.encoder = encoder
    self.hasHeader = hasHeader
    self.missingTexts = missingTexts
    var columns = [[Int]](repeating: [], count: width)
    for (column, field) in fields.enumerated() {
      // What is not read stays missing.
      if case .ignored = encoder.schema.columns[column].kind { continue }
      columns[field].append(column)
    }
    self.columns = columns
    places = columns.map { columns in
      guard let column = columns.first else { return CSVCursor.Place.skipped }
      switch encoder.schema.columns[column].kind {
      case .numeric, .categoryCodes:
        return columns.count == 1 && !missingTexts.haveNumbers
          ? Int32(column) : CSVCursor.Place.other
      case .dictionary, .hashedText, .ignored, .field: return CSVCursor.Place.other
      }
    }
  }

  mutating func decode(
    _ text: Span<UInt8>, isStart: Bool, limit: Int, into rows: inout DecodedRows
  ) -> RowFault? {
    // Taken out, because nothing of the rows can be lent while others are added.
    var values: [Double] = []
    swap(&values, &rows.values)
    var target = values.mutableSpan
    let fault = decode(text, isStart, limit, into: &target, &rows)
    swap(&values, &rows.values)
    return fault
  }

  private mutating func decode(
    _ text: Span<UInt8>, _ isStart: Bool, _ limit: Int, into values: inout MutableSpan<Double>,
    _ rows: inout DecodedRows
  ) -> RowFault? {
    let places = places
    let width = places.count
    let mayBeTooLong = text.count > PieceReader.longestRecord
    var isBeforeFirst = isStart
    var cursor = CSVCursor(text, isStart: isStart)
    var fault: RowFault?
    while rows.rowCount < limit, cursor.beginRecord() {
      let line = cursor.lineCount
      if cursor.isAtBlankLine {
        if width == 1 && !isBeforeFirst {
          fault = .blankLine(line: line + rows.lineCount)
          break
        }
        _ = cursor.endRecord()
        continue
      }
      if isBeforeFirst && hasHeader {
        isBeforeFirst = false
        Self.skipRecord(&cursor)
        continue
      }
      isBeforeFirst = false
      let start = rows.rowCount * rows.columnCount
      var field = 0
      while true {
        field = cursor.readNumbers(places.span, from: field, into: &values, at: start)
        if field == width { break }
        guard let cell = cursor.nextField(isLast: field + 1 == width) else { break }
        if cell.hasDoubledQuotes {
          content.removeAll(keepingCapacity: true)
          cell.append(to: &content)
          encode(content.span, field, line, start, into: &values, &rows)
        } else {
          encode(cell.rawBytes, field, line, start, into: &values, &rows)
        }
        field += 1
      }
      let isWhole = field == width && cursor.endRecord()
      if !isWhole || mayBeTooLong {
        fault = self.fault(
          text.extracting(cursor.recordStart...), line: line + rows.lineCount,
          record: cursor.recordCount + rows.recordCount)
        if fault != nil { break }
      }
      rows.lines.append(line + rows.lineCount)
    }
    rows.byteCount = cursor.position
    rows.lineCount += cursor.lineCount
    rows.recordCount += cursor.recordCount
    return fault
  }

  private func encode(
    _ text: Span<UInt8>, _ field: Int, _ line: Int, _ start: Int,
    into values: inout MutableSpan<Double>, _ rows: inout DecodedRows
  ) {
    let isMissing = !missingTexts.isEmpty && missingTexts.contain(text)
    for column in columns[field] {
      do throws(CellError) {
        let value = try encoder.encode(
          text: isMissing ? text.extracting(0..<0) : text, column: column)
        values[start + column] = value
        if value.isNaN, !isMissing {
          rows.unknownCategories.note(text, column: column, line: line + rows.lineCount + 1)
        }
      } catch {
        values[start + column] = .nan
        rows.noteFailure(column: column, error)
      }
    }
  }

  private static func skipRecord(_ cursor: inout CSVCursor) {
    while cursor.nextField(isLast: false) != nil {}
    _ = cursor.nextField(isLast: true)
    _ = cursor.endRecord()
  }

  /// What is wrong with the record at the beginning of `text`, in the words of a reader that was
  /// not in a hurry; nil if nothing is.
  private func fault(_ text: Span<UInt8>, line: Int, record: Int) -> RowFault? {
    do throws(CSVError) {
      var reader = try CSVReader(options: CSVReaderOptions(skipsBlankLines: false))
      // A line before it, so that nothing is taken for a byte order mark.
      let before = [UInt8(ascii: "\n")]
      reader.append(before.span)
      _ = try reader.next()
      reader.append(text)
      reader.finish()
      _ = try reader.next()
      return reader.fieldCount == places.count
        ? nil : .ragged(line: line, count: reader.fieldCount, expected: places.count)
    } catch {
      return RowFault.csv(error).moved(lines: line - 1, records: record - 1, rows: 0)
    }
  }
}
