/// What the depth walk reads.
///
/// Eight trees form a group, padded to the depth of the deepest (which way a padding split leads does
/// not matter) and to eight trees. Level by level, a group's splits are numbered from 8: its roots
/// are 8...15, and below split i are 2i and 2i + 1. So there are no links to load, and a split is
/// the number of its predicate. Where a leaf is above the last level, the padding splits below it
/// all lead to copies of it.
package struct DepthWalkView<Value>: @unchecked Sendable {
  /// The groups' splits as predicate numbers; nil where those need 32 bits.
  package var narrow: UnsafePointer<UInt16>?
  /// The groups' splits as predicate numbers; nil where 16 bits are enough.
  package var wide: UnsafePointer<UInt32>?
  /// Per group, where its split 0 would be, which may be before the first.
  package var nodeStarts: UnsafePointer<Int32>
  package var depths: UnsafePointer<UInt8>
  /// Per group, where its leaves' values start: `1 << depth` for every tree.
  package var valueStarts: UnsafePointer<UInt32>
  package var values: UnsafePointer<Value>
  /// Each tree's output; nil where there is only one.
  package var outputs: UnsafePointer<UInt16>?
  package init(
    narrow: UnsafePointer<UInt16>?, wide: UnsafePointer<UInt32>?,
    nodeStarts: UnsafePointer<Int32>, depths: UnsafePointer<UInt8>,
    valueStarts: UnsafePointer<UInt32>, values: UnsafePointer<Value>,
    outputs: UnsafePointer<UInt16>?
  ) {
    self.narrow = narrow
    self.wide = wide
    self.nodeStarts = nodeStarts
    self.depths = depths
    self.valueStarts = valueStarts
    self.values = values
    self.outputs = outputs
  }
}
