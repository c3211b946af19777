/// A number derived from a combination of features by table: CatBoost's online CTR. In
/// the graph it is a numeric column like any other, made once per row.
///
/// The arithmetic is CatBoost's, in Float, each operation rounded:
/// `((good + priorNumerator) / (total + priorDenominator) + shift) · scale`.
public struct CategoryStatistic: Sendable, Equatable {
  /// What is counted as good and as total for the combination found in the table.
  public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
    /// Good: rows of classes above `targetBorder`; total: all rows.
    case borders = 0
    /// Good: rows of class `targetBorder`; total: all rows.
    case buckets = 1
    /// Good: the sum of targets; total: all rows.
    case targetMean = 2
    /// Good: all rows; total: the table's denominator.
    case counter = 3
  }

  public var kind: Kind
  /// Which ``StatisticTable`` of the model.
  public var table: Int
  /// Slots of hashed categories, in the order in which they are combined.
  public var categories: [Int]
  /// Then truth values `slot > border`, in Float.
  public var floatSplits: [FloatSplit]
  /// Then truth values `slot = value`.
  public var categoryTests: [CategoryTest]
  public var targetBorder: Int
  public var priorNumerator: Float
  public var priorDenominator: Float
  public var shift: Float
  public var scale: Float
  public var output: Int

  public struct FloatSplit: Sendable, Equatable {
    public var slot: Int
    public var border: Float
    /// The truth value of a missing number (CatBoost's NaN treatment AsTrue).
    public var missingHolds: Bool

    public init(slot: Int, border: Float, missingHolds: Bool = false) {
      self.slot = slot
      self.border = border
      self.missingHolds = missingHolds
    }
  }

  public struct CategoryTest: Sendable, Equatable {
    public var slot: Int
    public var value: Int32

    public init(slot: Int, value: Int32) {
      self.slot = slot
      self.value = value
    }
  }

  public init(
    _ kind: Kind, table: Int, categories: [Int], floatSplits: [FloatSplit] = [],
    categoryTests: [CategoryTest] = [], targetBorder: Int = 0, priorNumerator: Float,
    priorDenominator: Float, shift: Float, scale: Float, output: Int
  ) {
    self.kind = kind
    self.table = table
    self.categories = categories
    self.floatSplits = floatSplits
    self.categoryTests = categoryTests
    self.targetBorder = targetBorder
    self.priorNumerator = priorNumerator
    self.priorDenominator = priorDenominator
    self.shift = shift
    self.scale = scale
    self.output = output
  }
}

/// Statistics of feature combinations seen in training, by the combination's 64-bit hash:
/// an open-addressing table with linear probing that is used as it lies in the file.
public struct StatisticTable: Sendable, Equatable {
  /// One key a bucket; a power of two of them, at least one of which is ``emptyKey``.
  public let keys: Column<UInt64>
  /// Counts per class, `classCount` a bucket.
  public let counts: Column<Int32>
  /// Sums of targets, one a bucket; empty unless the statistic is a target mean.
  public let sums: Column<Float>
  public let classCount: Int
  /// Divisor of counter statistics.
  public let counterDenominator: Int32

  /// The key of an empty bucket, as in CatBoost's own files.
  public static let emptyKey = UInt64.max

  /// The bucket that holds `key`, or nil.
  public func bucket(of key: UInt64) -> Int? {
    guard key != Self.emptyKey else { return nil }
    let mask = keys.count - 1
    var bucket = Self.home(of: key, bucketCount: keys.count)
    while keys[bucket] != Self.emptyKey {
      if keys[bucket] == key { return bucket }
      bucket = (bucket + 1) & mask
    }
    return nil
  }

  /// Where the search for `key` starts: the high bits of a multiplicative hash.
  static func home(of key: UInt64, bucketCount: Int) -> Int {
    guard bucketCount > 1 else { return 0 }
    let bits = bucketCount.trailingZeroBitCount
    return Int((key &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
  }

  /// Builds the table from distinct records, given as columns.
  ///
  /// - Parameters:
  ///   - records: The keys, one a record.
  ///   - counts: `classCount` a record.
  ///   - sums: One a record; empty unless the statistic is a target mean.
  ///   - classCount: Counts that a record has.
  ///   - counterDenominator: Divisor of counter statistics.
  /// - Throws: ``ModelError`` when there are no classes or too many, when a key appears
  ///   twice or is ``emptyKey``, or when the columns are not of one length.
  public init(
    keys records: [UInt64], counts: [Int32], sums: [Float] = [], classCount: Int,
    counterDenominator: Int32 = 0
  ) throws(ModelError) {
    let place = "statistic table"
    guard (1...Limits.standard.outputs).contains(classCount) else {
      throw ModelError(
        .invalid, place,
        "\(classCount) classes; 1 to \(Limits.standard.outputs) are possible")
    }
    guard counts.count == records.count * classCount, sums.isEmpty || sums.count == records.count
    else {
      throw ModelError(
        .invalid, place,
        "\(counts.count) counts and \(sums.count) sums for \(records.count) records of "
          + "\(classCount) classes")
    }
    var bucketCount = 1
    while bucketCount * 2 < records.count * 3 || bucketCount <= records.count {
      bucketCount *= 2
    }
    var keys = [UInt64](repeating: Self.emptyKey, count: bucketCount)
    var placed = [Int32](repeating: 0, count: bucketCount * classCount)
    var placedSums = [Float](repeating: 0, count: sums.isEmpty ? 0 : bucketCount)
    // Hashes are spread well, so that searches are short; keys that are not may be made to hang.
    var steps = 64 * bucketCount
    for (record, key) in records.enumerated() {
      guard key != Self.emptyKey else {
        throw ModelError(.invalid, place, "record \(record) has the key that marks empty buckets")
      }
      var bucket = Self.home(of: key, bucketCount: bucketCount)
      while keys[bucket] != Self.emptyKey {
        guard keys[bucket] != key else {
          throw ModelError(.invalid, place, "key \(key) appears twice")
        }
        bucket = (bucket + 1) & (bucketCount - 1)
        steps -= 1
        guard steps > 0 else {
          throw ModelError(.invalid, place, "the keys are not spread as hashes are")
        }
      }
      keys[bucket] = key
      for position in 0..<classCount {
        placed[bucket * classCount + position] = counts[record * classCount + position]
      }
      if !sums.isEmpty { placedSums[bucket] = sums[record] }
    }
    self.init(
      keys: Column(keys), counts: Column(placed), sums: Column(placedSums),
      classCount: classCount, counterDenominator: counterDenominator)
  }

  init(
    keys: Column<UInt64>, counts: Column<Int32>, sums: Column<Float>, classCount: Int,
    counterDenominator: Int32
  ) {
    self.keys = keys
    self.counts = counts
    self.sums = sums
    self.classCount = classCount
    self.counterDenominator = counterDenominator
  }
}
