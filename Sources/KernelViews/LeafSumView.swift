/// Where the leaves' values are and which output each tree adds to.
package struct LeafSumView<Value>: @unchecked Sendable {
  /// All trees' leaf values; leaf l of tree t is at `starts[t] + l`.
  package var values: UnsafePointer<Value>
  /// With room for 64 more.
  package var starts: UnsafePointer<UInt32>
  /// Each tree's output; nil where there is only one.
  package var outputs: UnsafePointer<UInt16>?
  package init(
    values: UnsafePointer<Value>, starts: UnsafePointer<UInt32>, outputs: UnsafePointer<UInt16>?
  ) {
    self.values = values
    self.starts = starts
    self.outputs = outputs
  }
}
