/// A split or a leaf of the walk in four bytes.
///
/// A split's row goes right where `cells[cell] > bound`. A leaf has bound 255, which no cell is
/// above, and its number in the tree in `cell`.
package struct NarrowNode: BitwiseCopyable, Sendable {
  package var cell: UInt8
  package var bound: UInt8
  /// From the node to its left child (the right child follows it), from a leaf to the root of the
  /// next tree.
  package var skip: UInt16
  package init(cell: UInt8, bound: UInt8, skip: UInt16) {
    self.cell = cell
    self.bound = bound
    self.skip = skip
  }
}

/// A split or a leaf where cells or leaves are more than 256, or trees differ much in size.
package struct WideNode: BitwiseCopyable, Sendable {
  package var cell: UInt16
  package var skip: UInt16
  /// The tree's number.
  package var tree: UInt16
  package var bound: UInt8
  package init(cell: UInt16, bound: UInt8, skip: UInt16, tree: UInt16) {
    self.cell = cell
    self.skip = skip
    self.tree = tree
    self.bound = bound
  }
}

/// What the walk reads.
package struct TreeWalkView: @unchecked Sendable {
  /// All trees' narrow nodes, tree t at `t << shift`, and after the last tree a node that leads to
  /// itself and is no tree's; nil where the nodes are wide.
  package var narrow: UnsafePointer<NarrowNode>?
  /// All trees' wide nodes one after the other, and after them a node that leads to itself, of
  /// tree `treeCount`; nil where the nodes are narrow.
  package var wide: UnsafePointer<WideNode>?
  /// Each tree's root, and at `treeCount` the last node.
  package var roots: UnsafePointer<UInt32>
  package var treeCount: Int
  package var shift: UInt32
  package init(
    narrow: UnsafePointer<NarrowNode>?, wide: UnsafePointer<WideNode>?,
    roots: UnsafePointer<UInt32>, treeCount: Int, shift: UInt32
  ) {
    self.narrow = narrow
    self.wide = wide
    self.roots = roots
    self.treeCount = treeCount
    self.shift = shift
  }
}

/// How many trees are walked at a time.
package let walkerCount = 8
