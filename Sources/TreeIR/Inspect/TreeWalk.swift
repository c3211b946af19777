/// Visits the nodes of one tree, each before its children and the yes branch before the no
/// branch. An oblivious tree is walked as the binary tree that it stands for.
///
/// The walk keeps its own stack, so a tree may be as deep as it has leaves.
public struct TreeWalk: Sequence, IteratorProtocol, Sendable {
  /// A way down from a split. A value that satisfies the split's condition goes `yes`, which
  /// is left.
  public enum Branch: Sendable, Hashable {
    case yes
    case no
  }

  /// A node as it is met.
  public struct Step: Sendable, Hashable {
    /// What stands at a node, by its row in the ensemble's tables.
    public enum Node: Sendable, Hashable {
      case split(Int)
      case leaf(Int)
    }

    /// The node's number in the walk, from 0.
    public let position: Int
    /// The number of the split above; nil for the root.
    public let parent: Int?
    /// Which way the node lies from its parent; nil for the root.
    public let branch: Branch?
    /// Splits between the root and the node.
    public let depth: Int
    public let node: Node
  }

  private struct Pending {
    let parent: Int?
    let branch: Branch?
    let depth: Int
    /// As in ``ChildTable``. In an oblivious tree, the bits of the leaf number so far.
    let link: Int
  }

  private let children: ChildTable?
  private let splits: Range<Int>
  private let firstLeaf: Int
  private var pending: [Pending]
  private var position = 0

  /// Walks through `tree` of `ensemble`.
  public init(_ ensemble: Ensemble, tree: Int) {
    children = ensemble.children
    splits = ensemble.trees.splits(of: tree)
    firstLeaf = ensemble.trees.leaves(of: tree).lowerBound
    let root = children != nil && splits.isEmpty ? ~0 : 0
    pending = [Pending(parent: nil, branch: nil, depth: 0, link: root)]
  }

  public mutating func next() -> Step? {
    guard let current = pending.popLast() else { return nil }
    let node = node(current)
    let step = Step(
      position: position, parent: current.parent, branch: current.branch, depth: current.depth,
      node: node)
    if case .split(let row) = node {
      let (yes, no) = links(below: current, row: row)
      for (branch, link) in [(Branch.no, no), (.yes, yes)] {
        pending.append(
          Pending(parent: position, branch: branch, depth: current.depth + 1, link: link))
      }
    }
    position += 1
    return step
  }

  private func node(_ current: Pending) -> Step.Node {
    guard children != nil else {
      return current.depth < splits.count
        ? .split(splits.lowerBound + current.depth) : .leaf(firstLeaf + current.link)
    }
    return current.link < 0
      ? .leaf(firstLeaf + ~current.link) : .split(splits.lowerBound + current.link)
  }

  private func links(below current: Pending, row: Int) -> (yes: Int, no: Int) {
    if let children { return (Int(children.left[row]), Int(children.right[row])) }
    return (current.link | 1 << current.depth, current.link)
  }
}
