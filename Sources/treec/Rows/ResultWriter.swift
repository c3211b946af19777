import Evaluator
import TextCodec

/// Writes results as CSV.
struct ResultWriter: ~Copyable {
  private var output: OutputStream
  private var writer: CSVWriter
  /// What cells of rows hold that were refused.
  private let refusalMark: String
  private let truths: (yes: String, no: String)

  /// Opens `path`, nil or `-` being standard output, and writes the header.
  ///
  /// - Parameter truths: How truth values are written: as Python has them, unless the model's
  ///   format has another way.
  init(
    _ path: String?, columns: [String], refusalMark: String = "",
    truths: (yes: String, no: String) = ("True", "False")
  ) throws {
    self.refusalMark = refusalMark
    self.truths = truths
    let output = try OutputStream(path)
    var writer = try CSVWriter()
    for column in columns { writer.append(column) }
    writer.endRecord()
    self.output = output
    self.writer = writer
  }

  /// Writes the rows of `table`; a cell without a value stays empty.
  mutating func write(_ table: ResultTable) throws {
    for row in 0..<table.rowCount {
      for column in table.columns {
        guard column.isValid[row] else {
          writer.append(table.rowStatus[row] == .scored ? "" : refusalMark)
          continue
        }
        switch column.values {
        case .doubles(let values): writer.append(values[row])
        case .floats(let values): writer.append(values[row])
        case .integers(let values): writer.append(values[row])
        case .strings(let values): writer.append(values[row])
        case .booleans(let values): writer.append(values[row] ? truths.yes : truths.no)
        }
      }
      writer.endRecord()
    }
    try drain()
  }

  /// Writes what is left; the file then has its name.
  consuming func finish() throws {
    try drain()
    try output.finish()
  }

  private mutating func drain() throws {
    output.buffer.append(contentsOf: writer.takeBytes())
    try output.flushIfLarge()
  }
}
