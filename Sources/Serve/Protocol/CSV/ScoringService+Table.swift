import Evaluator
import TextCodec

/// CSV for a model whose columns have rules for cells of any type: PMML.
extension ScoringService {
  /// Reads a table with a header as `treec predict` does: columns go by name, and every cell is
  /// the text that is there, but an empty one, which is missing. pandas, which makes numbers of
  /// whole columns and nothing of words like `NA`, has no say.
  ///
  /// - Parameter frame: Gives its memory; what is in it is dropped.
  func readTable(
    _ body: Span<UInt8>, _ encoder: RowEncoder, reusing frame: consuming Frame
  ) throws(ScoringError) -> Frame {
    do {
      _ = try UTF8Span(validating: body)
    } catch {
      throw unreadable(.notUTF8(at: error.byteOffsets.lowerBound, in: body))
    }
    frame.values.removeAll(keepingCapacity: true)
    frame.rowCount = 0
    frame.fault = nil
    do {
      try read(body, encoder, &frame)
    } catch let error as ScoringError {
      throw error
    } catch {
      throw unreadable(CSVFrameError(kind: .syntax, message: "\(error)"))
    }
    return frame
  }

  private func unreadable(_ error: CSVFrameError) -> ScoringError {
    .unreadableCSV(error, isStrict: options.isStrict)
  }

  private func read(
    _ body: Span<UInt8>, _ encoder: RowEncoder, _ frame: inout Frame
  ) throws {
    // A body may be one record.
    var reader = try CSVReader(
      options: CSVReaderOptions(skipsBlankLines: false, maximumRecordLength: .max))
    reader.append(body)
    reader.finish()
    guard try Self.advance(&reader, width: nil) else {
      throw unreadable(.noHeader(isStrict: options.isStrict))
    }
    let width = reader.fieldCount
    frame.columnCount = width
    let positions = try positions(header: (0..<width).map { reader.field(at: $0).makeString() })
    let columnCount = model.columnCount
    while try Self.advance(&reader, width: width) {
      guard reader.fieldCount == width else {
        throw unreadable(
          CSVFrameError(
            kind: .syntax,
            message: "line \(reader.lineNumber): \(reader.fieldCount) fields where the header has "
              + "\(width)"))
      }
      for column in 0..<columnCount {
        do {
          frame.values.append(
            try encoder.encode(text: reader.field(at: positions[column]).bytes, column: column))
        } catch {
          frame.values.append(.nan)
          if frame.fault == nil {
            frame.fault = Frame.Fault(
              row: frame.rowCount, message: error.message(column: model.columns[column].name))
          }
        }
      }
      frame.rowCount += 1
    }
  }

  /// For each column of the model, the field of a record.
  private func positions(header: [String]) throws(ScoringError) -> [Int] {
    do {
      return try ColumnMatch(header, to: model.predictor.model).positions
    } catch {
      switch error {
      case .ambiguous(let name):
        throw unexpected("Two columns are called '\(PythonValue.shown(name))'.")
      case .missing(let names):
        let missing = Set(names.map { Array($0.utf8) })
        let isThere = model.columns.map { !missing.contains(Array($0.name.utf8)) }
        throw unexpected(model.problem(ofColumnsThere: isThere) ?? "")
      }
    }
  }

  /// Moves to the next record; false at the end. Blank lines are passed over, but for where one
  /// might be a missing value.
  private static func advance(_ reader: inout CSVReader, width: Int?) throws -> Bool {
    while case .record = try reader.next() {
      let first = reader.field(at: 0)
      let isBlank = reader.fieldCount == 1 && first.bytes.isEmpty && !first.isQuoted
      guard isBlank else { return true }
      if width == 1 {
        throw BlankLine(line: reader.lineNumber)
      }
    }
    return false
  }

  private struct BlankLine: Error, CustomStringConvertible {
    let line: Int
    var description: String {
      "line \(line) is blank; remove it, or write \"\" if it stands for a missing value"
    }
  }
}
