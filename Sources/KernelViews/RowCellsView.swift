/// How states become the cells that a walk's nodes compare.
package struct RowCellsView: @unchecked Sendable {
  /// Per cell, the column its state comes from.
  package var columns: UnsafePointer<UInt16>
  /// Per cell, where its values are in `values`: one byte a state.
  package var starts: UnsafePointer<UInt32>
  package var values: UnsafePointer<UInt8>
  package var count: Int
  package init(
    columns: UnsafePointer<UInt16>, starts: UnsafePointer<UInt32>, values: UnsafePointer<UInt8>,
    count: Int
  ) {
    self.columns = columns
    self.starts = starts
    self.values = values
    self.count = count
  }
}
