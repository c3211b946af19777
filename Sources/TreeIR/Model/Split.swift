/// The test of a split. A value that satisfies it goes left.
public enum SplitCondition: UInt8, Sendable, Hashable, CaseIterable {
  case lessOrEqual = 0
  case less = 1
  case greater = 2
  case greaterOrEqual = 3
  /// Compares the value as it is: a hashed category must not be rounded to Float.
  case equal = 4
  /// Compares the value as it is.
  case notEqual = 5
  case inCategorySet = 6
  case notInCategorySet = 7

  /// Whether the operand is the number of a category set instead of a threshold.
  @inlinable public var testsCategorySet: Bool {
    self == .inCategorySet || self == .notInCategorySet
  }

  /// Whether the value is first rounded to the input precision of the profile.
  @inlinable public var roundsValue: Bool {
    self != .equal && self != .notEqual
  }

  /// Whether `x` satisfies a comparison with `threshold`, as IEEE 754 defines it. False
  /// for the two tests of set membership, which compare with no threshold.
  @inlinable public func holds(_ x: Double, _ threshold: Double) -> Bool {
    switch self {
    case .lessOrEqual: x <= threshold
    case .less: x < threshold
    case .greater: x > threshold
    case .greaterOrEqual: x >= threshold
    case .equal: x == threshold
    case .notEqual: x != threshold
    case .inCategorySet, .notInCategorySet: false
    }
  }
}

/// Where a missing value (NaN) goes at a split.
public enum MissingRule: UInt8, Sendable, Hashable, CaseIterable {
  case left = 0
  case right = 1
  /// NaN is compared as if it were 0.0 (LightGBM's missing type None).
  case asZero = 2
  /// NaN is compared as IEEE 754 does: only `notEqual` holds (CatBoost).
  case compare = 3
  /// NaN and every |x| ≤ ``NumericProfile/tinyMagnitude`` go left (LightGBM's missing
  /// type Zero).
  case leftWithZero = 4
  /// NaN and every |x| ≤ ``NumericProfile/tinyMagnitude`` go right.
  case rightWithZero = 5
}

/// One split, as a value.
public struct Split: Sendable, Hashable {
  /// What a split compares with.
  public enum Operand: Sendable, Hashable {
    /// A number, in the precision of the profile's input.
    case threshold(Double)
    /// A set, by its number in the ensemble's ``CategorySets``.
    case categorySet(Int)
  }

  /// The value slot that is tested.
  public var slot: Int
  public var condition: SplitCondition
  public var missing: MissingRule
  public var operand: Operand
  /// The loss reduction that training reported, if the file has it.
  public var gain: Float

  @inlinable public init(
    slot: Int, condition: SplitCondition, missing: MissingRule, operand: Operand,
    gain: Float = 0
  ) {
    self.slot = slot
    self.condition = condition
    self.missing = missing
    self.operand = operand
    self.gain = gain
  }
}

/// The splits of all trees of an ensemble, one column a property. In an ensemble of
/// binary trees a row is an internal node; in one of oblivious trees it is a level.
public struct SplitTable: Sendable, Equatable {
  /// The value slot that is tested.
  public let slots: Column<UInt32>
  /// ``SplitCondition`` by raw value.
  public let conditions: Column<UInt8>
  /// ``MissingRule`` by raw value.
  public let missingRules: Column<UInt8>
  /// The bit pattern of the threshold, or the number of the category set.
  public let operands: Column<UInt64>
  /// Loss reduction reported by training; empty when the file had none.
  public let gains: Column<Float>

  /// Number of splits.
  public var count: Int { slots.count }

  /// The split at `index`, or nil when its codes are unknown, which the validator
  /// excludes in a ``TreeModel``.
  @inlinable public subscript(index: Int) -> Split? {
    guard
      let condition = SplitCondition(rawValue: conditions[index]),
      let missing = MissingRule(rawValue: missingRules[index])
    else { return nil }
    let bits = operands[index]
    let operand: Split.Operand
    if condition.testsCategorySet {
      guard let number = Int(exactly: bits) else { return nil }
      operand = .categorySet(number)
    } else {
      operand = .threshold(Double(bitPattern: bits))
    }
    return Split(
      slot: Int(slots[index]), condition: condition, missing: missing, operand: operand,
      gain: gains.isEmpty ? 0 : gains[index])
  }
}

/// Sets of category numbers as bit sets: number `c` is in a set when bit `c % 32` of its
/// word `c / 32` is set, and is in no set whose words end before.
public struct CategorySets: Sendable, Equatable {
  /// First word of each set, and the end of the last.
  public let starts: Column<UInt32>
  public let words: Column<UInt32>

  public init(starts: Column<UInt32>, words: Column<UInt32>) {
    self.starts = starts
    self.words = words
  }

  /// Number of sets.
  public var count: Int { starts.count - 1 }

  /// Whether set `number` contains `category`, which is not negative.
  @inlinable public func contains(_ category: Int, inSet number: Int) -> Bool {
    let word = Int(starts[number]) + category / 32
    guard word < Int(starts[number + 1]) else { return false }
    return words[word] >> UInt32(category % 32) & 1 == 1
  }

  /// Categories from this number on have no bit in set `number`.
  @inlinable public func capacity(ofSet number: Int) -> Int {
    (Int(starts[number + 1]) - Int(starts[number])) * 32
  }

  /// The categories of set `number`, ascending.
  public func categories(inSet number: Int) -> [Int] {
    (0..<capacity(ofSet: number)).filter { contains($0, inSet: number) }
  }
}
