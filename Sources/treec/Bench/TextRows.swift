import Evaluator
import TreeIR

/// The cells of a file as text, for calls that encode them; all can be encoded.
struct TextRows {
  private(set) var rowCount = 0
  private let columnCount: Int
  /// The text of all cells, row-major, in the order of the model's columns.
  private var text: [UInt8] = []
  /// Where the text of each cell begins, and where the last one ends.
  private var bounds = [0]

  /// Reads all rows of a file.
  ///
  /// - Throws: when a column is missing or a cell cannot be encoded, naming it.
  init(_ path: String, _ columns: ColumnOptions, _ model: TreeModel) throws {
    columnCount = model.input.count
    var table = try CSVTable(path, hasHeader: columns.order != .positionWithoutHeader)
    let header = HeaderCheck(names: table.firstRecord, file: table.name, model: model)
    let fields = try header.fields(columns.order)
    let encoder = RowEncoder(model)
    while try table.next() {
      for (column, field) in fields.enumerated() {
        let cell = table.field(field).bytes
        do {
          _ = try encoder.encode(text: cell, column: column)
        } catch {
          let name = model.input.columns[column].name
          throw Failure("\(table.name), line \(table.line): \(error.message(column: name))")
        }
        for index in cell.indices { text.append(cell[index]) }
        bounds.append(text.count)
      }
      rowCount += 1
    }
  }

  /// Repeats the rows until there are `count`.
  mutating func fill(_ count: Int) {
    let own = rowCount
    while rowCount < count {
      let first = rowCount % own * columnCount
      for cell in first..<first + columnCount {
        text += Array(text[bounds[cell]..<bounds[cell + 1]])
        bounds.append(text.count)
      }
      rowCount += 1
    }
  }

  /// Encodes some rows as a program would that has their cells at hand.
  ///
  /// - Parameter values: Takes the numbers, row-major; has room for all.
  func encode(
    _ rows: Range<Int>, with encoder: RowEncoder, into values: inout [Double]
  ) throws(CellError) {
    let text = text.span
    let bounds = bounds.span
    var target = values.mutableSpan
    let first = rows.lowerBound * columnCount
    var position = 0
    for _ in rows {
      for column in 0..<columnCount {
        let cell = first + position
        target[position] = try encoder.encode(
          text: text.extracting(bounds[cell]..<bounds[cell + 1]), column: column)
        position += 1
      }
    }
  }
}
