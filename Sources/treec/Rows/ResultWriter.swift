import Evaluator
import TextCodec

/// Writes results as CSV.
struct ResultWriter: ~Copyable {
  private var output: OutputStream
  private var writer: CSVWriter
  /// What cells of rows hold that were refused.
  private let refusalMark: String

  /// Opens `path`, nil or `-` being standard output, and writes the header.
  init(_ path: String?, columns: [String], refusalMark: String = "") throws {
    self.refusalMark = refusalMark
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
        case .booleans(let values): writer.append(values[row] ? "True" : "False")
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
