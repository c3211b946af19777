/// Where a missing value goes at one split, the split's rule worked out.
public struct MissingBranch: Sendable, Hashable {
  public let branch: TreeWalk.Branch
  /// Whether zeros go the same way whatever the condition says.
  public let takesZeros: Bool

  /// - Parameters:
  ///   - split: The split.
  ///   - sets: The category sets of the split's ensemble.
  public init(_ split: Split, _ sets: CategorySets) {
    takesZeros = split.missing == .leftWithZero || split.missing == .rightWithZero
    switch split.missing {
    case .left, .leftWithZero: branch = .yes
    case .right, .rightWithZero: branch = .no
    case .asZero: branch = split.holds(0, isMember: { sets.contains(0, inSet: $0) }) ? .yes : .no
    case .compare: branch = split.holds(.nan, isMember: { _ in false }) ? .yes : .no
    }
  }
}

extension Split {
  /// Whether `x`, which is in the sets that `isMember` says, satisfies the condition.
  fileprivate func holds(_ x: Double, isMember: (Int) -> Bool) -> Bool {
    switch operand {
    case .threshold(let threshold): condition.holds(x, threshold)
    case .categorySet(let set): isMember(set) == (condition == .inCategorySet)
    }
  }
}
