import TreeIR

extension Ensemble {
  /// A split with the set itself in the place of its number, and without the gain, of which
  /// LightGBM's text form has fewer digits than its JSON.
  struct ComparableSplit: Equatable {
    let slot: Int
    let condition: SplitCondition
    let missing: MissingRule
    let threshold: UInt64?
    let categories: [Int]?
  }

  var comparableSplits: [ComparableSplit] {
    (0..<splits.count).compactMap { index in
      guard let split = splits[index] else { return nil }
      var threshold: UInt64?
      var categories: [Int]?
      switch split.operand {
      case .threshold(let value): threshold = value.bitPattern
      case .categorySet(let number): categories = categorySets.categories(inSet: number)
      }
      return ComparableSplit(
        slot: split.slot, condition: split.condition, missing: split.missing,
        threshold: threshold, categories: categories)
    }
  }
}
