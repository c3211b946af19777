/// Which rank a missing value has in a predicate, whatever its column says.
enum MissingSide: UInt8, Sendable {
  /// The column's own missing rank.
  case column
  /// Missing values count as the highest rank: every predicate is true, the row goes right.
  case right
  /// Missing values count as rank 0: every predicate is false, the row goes left.
  case left
}

/// A column of row states: what a row's value is reduced to before any tree is looked at.
///
/// A *state* is a small number. For a threshold column, states 0...n are ranks (how many of the n
/// thresholds are below the value) and state n + 1 is a missing value. For a class column, states
/// 0..<classCount are the classes of categories that no split tells apart.
enum RowColumn: Sendable {
  /// Sorted distinct thresholds, and the rank (0...thresholds.count) that a missing value has in
  /// predicates of side `.column`.
  case thresholds([Double], missingRank: Int)
  /// Classes that the caller finds out itself.
  case classes(count: Int)

  /// How many states a value of the column can have.
  var stateCount: Int {
    switch self {
    case .thresholds(let thresholds, _): thresholds.count + 2
    case .classes(let count): count
    }
  }
}

/// A question a split asks; the row goes right where the answer is yes.
enum RowPredicate: Sendable {
  /// Is the rank in the column above `index`, that is: is the value above threshold `index`?
  case above(column: Int, index: Int, missing: MissingSide)
  /// Is the column's class one of these (one Bool a class)?
  case isMember(column: Int, classes: [Bool])

  var column: Int {
    switch self {
    case .above(let column, _, _): column
    case .isMember(let column, _): column
    }
  }

  /// The answer for a state of the predicate's column.
  func isTrue(_ state: Int, _ column: RowColumn) -> Bool {
    switch (self, column) {
    case (.isMember(_, let classes), _):
      return classes[state]
    case (.above(_, let index, let missing), .thresholds(let thresholds, let missingRank)):
      if state <= thresholds.count { return state > index }
      switch missing {
      case .column: return missingRank > index
      case .right: return true
      case .left: return false
      }
    case (.above, .classes):
      return false
    }
  }
}

/// A tree as splits and leaves; link c >= 0 is split c, c < 0 is leaf ~c.
///
/// Split 0 is the root; a tree without splits has one leaf. Every leaf is linked exactly once.
struct RowTree: Sendable {
  var left: [Int32]
  var right: [Int32]
  /// Per split, the number of its predicate.
  var predicate: [Int32]
  /// Leaf values, weights folded in.
  var leaves: [Double]
  /// The output that the tree adds to.
  var output = 0
}
