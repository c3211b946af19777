/// The columns of a block of rows: for every value that the scoring graph names a number a row.
/// A view of memory that somebody else keeps.
///
/// Columns are ``columnStride`` elements apart. In a block of one row that is one element, so that
/// the values of a single row are neighbours.
struct ColumnBlock {
  /// Elements from a column to the next.
  let columnStride: Int
  let rowCount: Int
  private let base: UnsafeMutablePointer<Double>
  private let columnCount: Int

  /// - Precondition: `memory` holds ``size(columns:rows:)`` elements.
  init(_ memory: UnsafeMutablePointer<Double>, columns: Int, rows: Int) {
    base = memory
    columnCount = columns
    rowCount = rows
    columnStride = Self.columnStride(rows: rows)
  }

  /// The distance of columns of `rows` rows. Not a power of two: then the same row of all columns
  /// would compete for the same lines of the cache.
  static func columnStride(rows: Int) -> Int {
    rows <= 1 ? 1 : (rows + 7) / 8 * 8 + 8
  }

  /// Elements of `columns` columns of `rows` rows.
  static func size(columns: Int, rows: Int) -> Int { columns * columnStride(rows: rows) }

  /// The numbers of a column.
  @inline(__always)
  subscript(column: Int) -> UnsafeMutablePointer<Double> {
    precondition(column >= 0 && column < columnCount)
    return base + column &* columnStride
  }

  // MARK: Loops

  @inline(__always)
  func fill(_ output: Int, with value: Double) {
    self[output].update(repeating: value, count: rowCount)
  }

  /// `output = body(input)`, for all rows.
  @inline(__always)
  func map(_ input: Int, to output: Int, _ body: (Double) -> Double) {
    let (input, output) = (self[input], self[output])
    for row in 0..<rowCount { output[row] = body(input[row]) }
  }

  /// `output = body(left, right)`, for all rows.
  @inline(__always)
  func map(
    _ left: Int, _ right: Int, to output: Int, _ body: (Double, Double) -> Double
  ) {
    let (left, right, output) = (self[left], self[right], self[output])
    for row in 0..<rowCount { output[row] = body(left[row], right[row]) }
  }

  /// `output = body(output, input)`, for all rows.
  @inline(__always)
  func update(_ output: Int, with input: Int, _ body: (Double, Double) -> Double) {
    let (input, output) = (self[input], self[output])
    for row in 0..<rowCount { output[row] = body(output[row], input[row]) }
  }

  /// Makes `output` missing in all rows in which `guardColumn` is not 1.
  func keep(_ output: Int, where guardColumn: Int) {
    update(output, with: guardColumn) { value, truth in truth == 1 ? value : .nan }
  }
}
