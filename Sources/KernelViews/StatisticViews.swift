/// A question to a row, whose answer is part of a combination: a bit.
package struct StatisticTest: Sendable, BitwiseCopyable {
  package enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// The number, as a Float, is above the border.
    case above
    /// The same, and a missing value is, too.
    case aboveOrMissing
    /// The number is the operand.
    case equal
  }

  package var kind: Kind
  /// The input that is asked: a position in the list of inputs.
  package var input: Int32
  package var border: Float
  package var operand: Double

  package init(kind: Kind, input: Int32, border: Float, operand: Double) {
    self.kind = kind
    self.input = input
    self.border = border
    self.operand = operand
  }
}

/// A column of categories, each of which that some table knows has a code from 1 on.
package struct CategoryCodeColumn: Sendable, BitwiseCopyable {
  /// A position in the list of inputs.
  package var input: Int32
  /// Its hash table has so many entries: 2 to this power.
  package var bits: Int32
  /// The first of them.
  package var firstEntry: Int

  package init(input: Int32, bits: Int32, firstEntry: Int) {
    self.input = input
    self.bits = bits
    self.firstEntry = firstEntry
  }
}

/// A combination of features, and the byte columns that are made of it.
package struct StatisticCombination: Sendable, BitwiseCopyable {
  /// The column of codes; −1 where the combination is looked up by its hash.
  package var codes: Int32
  /// A range of the list of hashed categories; empty where there are codes.
  package var firstCategory: Int32 = 0
  package var endCategory: Int32 = 0
  /// A range of the list of tests, in the order in which they are hashed.
  package var firstTest: Int32 = 0
  package var endTest: Int32 = 0
  /// A range of the lookups.
  package var firstLookup: Int32 = 0
  package var endLookup: Int32 = 0

  package init(codes: Int32) {
    self.codes = codes
  }
}

/// A table that a combination is looked up in.
package struct StatisticLookup: @unchecked Sendable, BitwiseCopyable {
  /// The hashes in its buckets; not read where the combination has a code.
  package var keys: UnsafePointer<UInt64>
  /// It has 2 to this power of them.
  package var bits: Int32
  /// A range of the targets.
  package var firstTarget: Int32
  package var endTarget: Int32

  package init(
    keys: UnsafePointer<UInt64>, bits: Int32, firstTarget: Int32, endTarget: Int32
  ) {
    self.keys = keys
    self.bits = bits
    self.firstTarget = firstTarget
    self.endTarget = endTarget
  }
}

/// A byte column that is looked up: the ranks of the statistic for every number that a
/// combination can have, where 0 is a combination that the table does not know.
package struct StatisticTarget: Sendable, BitwiseCopyable {
  package var firstRank: Int
  /// The byte column.
  package var column: Int32

  package init(firstRank: Int, column: Int32) {
    self.firstRank = firstRank
    self.column = column
  }
}

/// Everything that makes byte columns of statistics from rows of inputs.
///
/// Whoever makes one guarantees: lists have the elements that are named, hash tables at least one
/// empty entry, and targets a rank for every number of their combination.
package struct StatisticView: @unchecked Sendable {
  /// The columns of the matrix that are read.
  package var inputs: UnsafePointer<Int32>
  package var inputCount: Int
  package var tests: UnsafePointer<StatisticTest>
  package var testCount: Int
  package var codeColumns: UnsafePointer<CategoryCodeColumn>
  package var codeColumnCount: Int
  /// A category in the upper half, its code in the lower; 0 is empty.
  package var entries: UnsafePointer<UInt64>
  /// The inputs whose categories are hashed.
  package var hashedInputs: UnsafePointer<Int32>
  package var hashedCount: Int
  package var combinations: UnsafePointer<StatisticCombination>
  package var combinationCount: Int
  /// Positions in `hashedInputs`.
  package var categoryList: UnsafePointer<Int32>
  /// Positions in `tests`.
  package var testList: UnsafePointer<Int32>
  package var lookups: UnsafePointer<StatisticLookup>
  package var targets: UnsafePointer<StatisticTarget>
  package var ranks: UnsafePointer<UInt8>

  package init(
    inputs: UnsafePointer<Int32>, inputCount: Int, tests: UnsafePointer<StatisticTest>,
    testCount: Int, codeColumns: UnsafePointer<CategoryCodeColumn>, codeColumnCount: Int,
    entries: UnsafePointer<UInt64>, hashedInputs: UnsafePointer<Int32>, hashedCount: Int,
    combinations: UnsafePointer<StatisticCombination>, combinationCount: Int,
    categoryList: UnsafePointer<Int32>, testList: UnsafePointer<Int32>,
    lookups: UnsafePointer<StatisticLookup>, targets: UnsafePointer<StatisticTarget>,
    ranks: UnsafePointer<UInt8>
  ) {
    self.inputs = inputs
    self.inputCount = inputCount
    self.tests = tests
    self.testCount = testCount
    self.codeColumns = codeColumns
    self.codeColumnCount = codeColumnCount
    self.entries = entries
    self.hashedInputs = hashedInputs
    self.hashedCount = hashedCount
    self.combinations = combinations
    self.combinationCount = combinationCount
    self.categoryList = categoryList
    self.testList = testList
    self.lookups = lookups
    self.targets = targets
    self.ranks = ranks
  }
}

/// Memory for the statistics of one block, `width` elements a column.
package struct StatisticScratch {
  /// A column an input.
  package var inputs: UnsafeMutablePointer<Double>
  /// What the categories of a hashed input add to a hash.
  package var hashes: UnsafeMutablePointer<UInt64>
  /// The hashes of a combination.
  package var keys: UnsafeMutablePointer<UInt64>
  /// A column a column of codes.
  package var codes: UnsafeMutablePointer<UInt32>
  /// The number of a combination, by row.
  package var numbers: UnsafeMutablePointer<UInt32>
  /// A column a test.
  package var bits: UnsafeMutablePointer<UInt8>

  package init(
    inputs: UnsafeMutablePointer<Double>, hashes: UnsafeMutablePointer<UInt64>,
    keys: UnsafeMutablePointer<UInt64>, codes: UnsafeMutablePointer<UInt32>,
    numbers: UnsafeMutablePointer<UInt32>, bits: UnsafeMutablePointer<UInt8>
  ) {
    self.inputs = inputs
    self.hashes = hashes
    self.keys = keys
    self.codes = codes
    self.numbers = numbers
    self.bits = bits
  }
}
