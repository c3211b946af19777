import TreeIR

/// Encoded rows, gathered for one call, and the rows among them that could not be encoded.
public struct RowBatch: Sendable {
  /// A row that could not be encoded.
  public struct Failure: Sendable, Equatable {
    /// Position in the batch.
    public let row: Int
    /// Position in the schema of the first column that is to blame.
    public let column: Int
    public let error: CellError
    /// Names the column and what is wrong in it.
    public let message: String
  }

  public let schema: InputSchema
  public private(set) var rowCount = 0
  /// Row-major, one number an input column; a failed cell is NaN.
  public private(set) var values: [Double] = []
  /// At most one a row, the first, in the order of the rows.
  public private(set) var failures: [Failure] = []

  /// By which texts of fields have numbers; nil where nobody needs them.
  let texts: RowTexts?

  /// A batch for numbers; cells of text are for batches that an encoder makes.
  public init(_ schema: InputSchema) {
    self.init(schema, texts: nil)
  }

  init(_ schema: InputSchema, texts: RowTexts?) {
    self.schema = schema
    self.texts = texts
  }

  /// Empties the batch and keeps its memory.
  public mutating func removeAll() {
    rowCount = 0
    values.removeAll(keepingCapacity: true)
    failures.removeAll(keepingCapacity: true)
    texts?.removeAll()
  }

  /// Adds a row whose cell in column `c` is `cell(c)`.
  public mutating func appendRow(_ cell: (Int) throws(CellError) -> Double) {
    for column in 0..<schema.count {
      do {
        values.append(try cell(column))
      } catch {
        values.append(.nan)
        if failures.last?.row != rowCount {
          failures.append(
            Failure(
              row: rowCount, column: column, error: error,
              message: error.message(column: schema.columns[column].name)))
        }
      }
    }
    rowCount += 1
  }

  /// Takes rows that have been encoded elsewhere in place of those that are there, and gives their
  /// memory for it. Texts stay.
  ///
  /// - Parameter values: Row-major, one number an input column.
  package mutating func exchange(values: inout [Double], rowCount: Int) {
    precondition(values.count == rowCount * schema.count, "rows have another width")
    self.rowCount = rowCount
    swap(&self.values, &values)
    failures.removeAll(keepingCapacity: true)
  }

  /// Notes the first cell of a row that could not be encoded; rows go in order.
  package mutating func noteFailure(row: Int, column: Int, _ error: CellError) {
    failures.append(
      Failure(
        row: row, column: column, error: error,
        message: error.message(column: schema.columns[column].name)))
  }
}
