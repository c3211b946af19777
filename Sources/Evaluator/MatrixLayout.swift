/// Where the values of a matrix lie in memory that the caller owns.
public struct MatrixLayout: Sendable, Hashable {
  public let rowCount: Int
  public let columnCount: Int
  /// Elements from a value to the one below it.
  public let rowStride: Int
  /// Elements from a value to its neighbour in the same row.
  public let columnStride: Int

  /// Rows one after the other.
  ///
  /// - Parameters:
  ///   - rows: Number of rows.
  ///   - columns: Number of columns.
  ///   - stride: Elements from the start of a row to the start of the next; the number of
  ///     columns when nil.
  public static func rowMajor(rows: Int, columns: Int, stride: Int? = nil) -> MatrixLayout {
    MatrixLayout(
      rowCount: rows, columnCount: columns, rowStride: stride ?? columns, columnStride: 1)
  }

  /// Columns one after the other.
  ///
  /// - Parameters:
  ///   - rows: Number of rows.
  ///   - columns: Number of columns.
  ///   - stride: Elements from the start of a column to the start of the next; the number of
  ///     rows when nil.
  public static func columnMajor(rows: Int, columns: Int, stride: Int? = nil) -> MatrixLayout {
    MatrixLayout(
      rowCount: rows, columnCount: columns, rowStride: 1, columnStride: stride ?? rows)
  }

  /// The element of a value.
  func place(_ row: Int, _ column: Int) -> Int {
    row * rowStride + column * columnStride
  }

  /// The same for the first `rowCount` rows.
  func with(rowCount: Int) -> MatrixLayout {
    MatrixLayout(
      rowCount: rowCount, columnCount: columnCount, rowStride: rowStride,
      columnStride: columnStride)
  }

  /// Throws unless results of `width` numbers a row fit `elementCount` elements.
  func check(rowsOf width: Int, fit elementCount: Int) throws(PredictionError) {
    let (needed, overflow) = rowCount.multipliedReportingOverflow(by: width)
    guard !overflow, elementCount >= needed else {
      throw PredictionError(
        .wrongShape, "\(rowCount) rows of \(width) results do not fit \(elementCount) elements")
    }
  }

  /// Throws unless `elementCount` elements can hold the matrix and it has `columns` columns.
  func check(columns: Int, elementCount: Int) throws(PredictionError) {
    guard columnCount == columns else {
      throw PredictionError(
        .wrongShape, "the rows have \(columnCount) columns; the model needs \(columns)")
    }
    guard rowCount >= 0, columnCount >= 0, rowStride >= 0, columnStride >= 0 else {
      throw PredictionError(.wrongShape, "the layout has a negative count or stride")
    }
    guard rowCount > 0, columnCount > 0 else { return }
    let (rows, rowOverflow) = (rowCount - 1).multipliedReportingOverflow(by: rowStride)
    let (values, columnOverflow) = (columnCount - 1).multipliedReportingOverflow(
      by: columnStride)
    let (last, overflow) = rows.addingReportingOverflow(values)
    guard !rowOverflow, !columnOverflow, !overflow, last < elementCount else {
      throw PredictionError(
        .wrongShape,
        "\(rowCount) rows of \(columnCount) columns do not fit \(elementCount) elements")
    }
  }
}
