import Evaluator
import TextCodec

/// Writes results down, as CSV or as JSON objects, one a line.
struct ResultEncoder {
  /// How truth values are written in CSV: as Python has them, unless the model's format has
  /// another way.
  struct Style {
    var format: RowFormat
    var truths = (yes: "True", no: "False")
    /// What cells of refused rows hold; nil for nothing, which is `null` in JSON.
    var refusalMark: String?
  }

  private let style: Style
  /// In JSON the bytes before each value.
  private let keys: [[UInt8]]
  private var writer: CSVWriter

  init(columns: [String], style: Style) throws(CSVError) {
    self.style = style
    keys = columns.enumerated().map { position, name in
      (position == 0 ? [UInt8(ascii: "{")] : [UInt8(ascii: ",")])
        + Self.quoted(name) + [UInt8(ascii: ":")]
    }
    writer = try CSVWriter()
    // Not the beginning of a text: no record of this writer may differ from one of another.
    writer.endRecord()
    _ = writer.takeBytes()
  }

  /// What stands before all results.
  static func header(_ columns: [String], _ format: RowFormat) throws(CSVError) -> [UInt8] {
    guard format == .csv else { return [] }
    var writer = try CSVWriter()
    for column in columns { writer.append(column) }
    writer.endRecord()
    return writer.bytes
  }

  /// Appends the rows of `table` to `text`.
  mutating func append(_ table: ResultTable, to text: inout [UInt8]) {
    switch style.format {
    case .csv: appendCSV(table, to: &text)
    case .ndjson: appendJSON(table, to: &text)
    }
  }

  private mutating func appendCSV(_ table: ResultTable, to text: inout [UInt8]) {
    let mark = style.refusalMark ?? ""
    for row in 0..<table.rowCount {
      for column in table.columns {
        guard column.isValid[row] else {
          writer.append(table.rowStatus[row] == .scored ? "" : mark)
          continue
        }
        switch column.values {
        case .doubles(let values): writer.append(values[row])
        case .floats(let values): writer.append(values[row])
        case .integers(let values): writer.append(values[row])
        case .strings(let values): writer.append(values[row])
        case .booleans(let values):
          writer.append(values[row] ? style.truths.yes : style.truths.no)
        }
      }
      writer.endRecord()
    }
    text.append(contentsOf: writer.takeBytes())
  }

  private func appendJSON(_ table: ResultTable, to text: inout [UInt8]) {
    for row in 0..<table.rowCount {
      for (position, column) in table.columns.enumerated() {
        text.append(contentsOf: keys[position])
        guard column.isValid[row] else {
          let mark = table.rowStatus[row] == .scored ? nil : style.refusalMark
          text.append(contentsOf: mark.map(Self.quoted) ?? Array("null".utf8))
          continue
        }
        switch column.values {
        case .doubles(let values):
          let value = values[row]
          if value.isFinite {
            DecimalPrinter.append(value, to: &text)
          } else {
            text.append(contentsOf: Self.token(isNaN: value.isNaN, isNegative: value < 0))
          }
        case .floats(let values):
          let value = values[row]
          if value.isFinite {
            DecimalPrinter.append(value, to: &text)
          } else {
            text.append(contentsOf: Self.token(isNaN: value.isNaN, isNegative: value < 0))
          }
        case .integers(let values): DecimalPrinter.append(values[row], to: &text)
        case .strings(let values): text.append(contentsOf: Self.quoted(values[row]))
        case .booleans(let values):
          text.append(contentsOf: (values[row] ? "true" : "false").utf8)
        }
      }
      text.append(UInt8(ascii: "}"))
      text.append(UInt8(ascii: "\n"))
    }
  }

  /// What Python's `json` writes for numbers that JSON has no text for.
  private static func token(isNaN: Bool, isNegative: Bool) -> String.UTF8View {
    (isNaN ? "NaN" : isNegative ? "-Infinity" : "Infinity").utf8
  }

  private static func quoted(_ text: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.write(text)
    return writer.bytes
  }
}
