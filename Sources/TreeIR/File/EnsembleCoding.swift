extension SectionList {
  /// Adds the sections of ensemble `number`.
  mutating func add(_ ensemble: Ensemble, _ number: Int) {
    add(.ensemble, number) { writer in
      writer.write(ensemble.profile.input.rawValue)
      writer.write(
        UInt8(
          (ensemble.profile.flushesTinyToZero ? 1 : 0)
            | (ensemble.profile.addsConstantLast ? 2 : 0)))
      writer.write(ensemble.profile.categories.rawValue)
      writer.write(ensemble.profile.accumulator.rawValue)
      writer.write(ensemble.earlyStopping.rawValue)
      writer.write(UInt8(ensemble.isOblivious ? 1 : 0))
      writer.write(UInt8(ensemble.leaves.linear == nil ? 0 : 1))
      writer.write(count: ensemble.leaves.width)
      writer.write(count: ensemble.baseScores.count)
      for score in ensemble.baseScores { writer.write(score) }
    }
    let trees = ensemble.trees
    add(.treeSplitStarts, number, trees.splitStarts)
    add(.treeLeafStarts, number, trees.leafStarts)
    add(.treeOutputs, number, trees.outputs)
    add(.treeWeights, number, trees.weights)
    add(.iterationStarts, number, trees.iterationStarts)
    let splits = ensemble.splits
    add(.splitSlots, number, splits.slots)
    add(.splitConditions, number, splits.conditions)
    add(.splitMissingRules, number, splits.missingRules)
    add(.splitOperands, number, splits.operands)
    add(.splitGains, number, splits.gains)
    if let children = ensemble.children {
      add(.leftChildren, number, children.left)
      add(.rightChildren, number, children.right)
      add(.nodeCovers, number, children.covers)
      add(.nodeNativeIDs, number, children.nativeIDs)
    }
    let leaves = ensemble.leaves
    add(.leafValues, number, leaves.values)
    add(.leafCovers, number, leaves.covers)
    add(.leafNativeIDs, number, leaves.nativeIDs)
    if let linear = leaves.linear {
      add(.linearConstants, number, linear.constants)
      add(.linearTermStarts, number, linear.termStarts)
      add(.linearTermSlots, number, linear.termSlots)
      add(.linearTermCoefficients, number, linear.termCoefficients)
    }
    add(.categorySetStarts, number, ensemble.categorySets.starts)
    add(.categorySetWords, number, ensemble.categorySets.words)
  }

  /// Adds the sections of statistic table `number`.
  mutating func add(_ table: StatisticTable, _ number: Int) {
    add(.statisticTable, number) { writer in
      writer.write(count: table.classCount)
      writer.write(table.counterDenominator)
    }
    add(.statisticKeys, number, table.keys)
    add(.statisticCounts, number, table.counts)
    add(.statisticSums, number, table.sums)
  }
}

extension TIRReader {
  /// Ensemble `number`, not yet validated.
  func ensemble(_ number: Int) throws(ModelError) -> Ensemble {
    struct Header {
      var profile: NumericProfile
      var earlyStopping: Ensemble.EarlyStopping
      var isOblivious: Bool
      var isLinear: Bool
      var leafWidth: Int
      var baseScores: [Double]
    }
    let header = try records(.ensemble, number) { (reader) throws(ModelError) in
      let input = try reader.readCase(NumericProfile.Precision.self)
      let flags = try reader.read(UInt8.self)
      let profile = NumericProfile(
        input: input, flushesTinyToZero: flags & 1 != 0,
        categories: try reader.readCase(NumericProfile.CategoryRule.self),
        accumulator: try reader.readCase(NumericProfile.Precision.self),
        addsConstantLast: flags & 2 != 0)
      var header = Header(
        profile: profile,
        earlyStopping: try reader.readCase(Ensemble.EarlyStopping.self),
        isOblivious: try reader.read(UInt8.self) != 0,
        isLinear: try reader.read(UInt8.self) != 0, leafWidth: try reader.readCount(),
        baseScores: [])
      guard header.leafWidth >= 1 else { throw reader.corrupt("leaves without a value") }
      for _ in 0..<(try reader.readCount(ofElementsWidth: 8)) {
        header.baseScores.append(try reader.readDouble())
      }
      return header
    }
    return Ensemble(
      profile: header.profile, outputCount: header.baseScores.count,
      baseScores: header.baseScores, earlyStopping: header.earlyStopping,
      trees: TreeTable(
        splitStarts: try column(.treeSplitStarts, number, of: UInt32.self),
        leafStarts: try column(.treeLeafStarts, number, of: UInt32.self),
        outputs: try column(.treeOutputs, number, of: UInt32.self),
        weights: try column(.treeWeights, number, of: Double.self),
        iterationStarts: try column(.iterationStarts, number, of: UInt32.self)),
      splits: SplitTable(
        slots: try column(.splitSlots, number, of: UInt32.self),
        conditions: try column(.splitConditions, number, of: UInt8.self),
        missingRules: try column(.splitMissingRules, number, of: UInt8.self),
        operands: try column(.splitOperands, number, of: UInt64.self),
        gains: try column(.splitGains, number, of: Float.self)),
      children: header.isOblivious
        ? nil
        : ChildTable(
          left: try column(.leftChildren, number, of: Int32.self),
          right: try column(.rightChildren, number, of: Int32.self),
          covers: try column(.nodeCovers, number, of: Double.self),
          nativeIDs: try column(.nodeNativeIDs, number, of: Int32.self)),
      leaves: LeafTable(
        width: header.leafWidth,
        values: try column(.leafValues, number, of: Double.self),
        covers: try column(.leafCovers, number, of: Double.self),
        nativeIDs: try column(.leafNativeIDs, number, of: Int32.self),
        linear: header.isLinear
          ? LinearLeaves(
            constants: try column(.linearConstants, number, of: Double.self),
            termStarts: try column(.linearTermStarts, number, of: UInt32.self),
            termSlots: try column(.linearTermSlots, number, of: UInt32.self),
            termCoefficients: try column(.linearTermCoefficients, number, of: Double.self))
          : nil),
      categorySets: CategorySets(
        starts: try column(.categorySetStarts, number, of: UInt32.self),
        words: try column(.categorySetWords, number, of: UInt32.self)))
  }

  /// Statistic table `number`, not yet validated.
  func statisticTable(_ number: Int) throws(ModelError) -> StatisticTable {
    let (classCount, denominator) = try records(.statisticTable, number) {
      (reader) throws(ModelError) in
      (try reader.readCount(), try reader.read(Int32.self))
    }
    return StatisticTable(
      keys: try column(.statisticKeys, number, of: UInt64.self),
      counts: try column(.statisticCounts, number, of: Int32.self),
      sums: try column(.statisticSums, number, of: Float.self), classCount: classCount,
      counterDenominator: denominator)
  }
}
