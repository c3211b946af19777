import KernelViews
import TreeIR

/// A slot whose values fall into classes, and for every class the bits of all tests of the slot.
struct ClassColumnPlan {
  /// Tests of one slot that are decided by the same classes.
  struct Source: Hashable {
    var slot: Int
    /// Whether numbers are tested for equality; otherwise they name categories.
    var comparesValues: Bool

    init(_ split: Split) {
      slot = split.slot
      comparesValues = !split.condition.testsCategorySet
    }

    var order: Int { comparesValues ? 1 : 0 }
  }

  /// Categories that may have classes; larger numbers would need too large a table.
  static let largestCategory = 1 << 22

  /// Answers of tests for categories that are worked out in advance: some seconds' work.
  private static let mostAnswers = 1 << 27

  /// What finds the class; offsets are those of a plan of this column alone.
  var column: ClassColumn
  /// Where classes are found by value, the values, ascending.
  var values: [Double]
  /// By class, its row of bits.
  var rowOfClass: [UInt32]
  /// The rows of bits: `column.wordCount` words each.
  var words: [UInt64]
  var bitCount: Int

  var classCount: Int { rowOfClass.count }

  /// Whether `row` has the bit `bit`.
  func bit(_ bit: Int, ofRow row: Int) -> Bool {
    words[row * Int(column.wordCount) + bit / 64] >> UInt64(bit % 64) & 1 == 1
  }

  var rowCount: Int { words.count / Int(column.wordCount) }

  /// The column of `tests`, whose bits are in their order.
  static func make(
    _ tests: [Split], _ source: Source, _ ensemble: Ensemble
  ) -> Result<ClassColumnPlan, EngineRefusal> {
    let representatives: [Double]
    let values: [Double]
    if source.comparesValues {
      values = Set(tests.map { threshold(of: $0) + 0 }).sorted()
      representatives = values
    } else {
      values = []
      let capacity = tests.map { Self.capacity(of: $0, ensemble) }.max() ?? 0
      guard capacity <= largestCategory else {
        return .failure(
          EngineRefusal("categories up to \(capacity) are more than \(largestCategory)"))
      }
      guard capacity * tests.count <= mostAnswers else {
        return .failure(
          EngineRefusal("\(tests.count) tests of a column of \(capacity) categories"))
      }
      // 0 itself has the class of tiny numbers; 0.5 names the same category and is none.
      representatives = (0..<capacity).map { $0 == 0 ? 0.5 : Double($0) }
    }
    // No set contains a negative number.
    let other = source.comparesValues ? unlisted(values, step: 1) : -2
    // Of Float, because a smaller number that is rounded to Float becomes −0, which names
    // category 0 where negative numbers name none.
    let least = Double(Float.leastNonzeroMagnitude)
    let tiny = source.comparesValues ? unlisted(values, step: least) : 0
    let negativeTiny = unlisted(values, step: -least)
    var plan = ClassColumnPlan(
      column: column(source, ensemble.profile, listed: representatives.count, tests.count),
      values: values, rowOfClass: [], words: [], bitCount: tests.count)
    plan.addRows([.nan, other, tiny, negativeTiny] + representatives, tests, ensemble)
    return .success(plan)
  }

  private static func threshold(of split: Split) -> Double {
    if case .threshold(let threshold) = split.operand { threshold } else { 0 }
  }

  private static func capacity(of split: Split, _ ensemble: Ensemble) -> Int {
    guard case .categorySet(let set) = split.operand else { return 0 }
    return ensemble.categorySets.capacity(ofSet: set)
  }

  /// A multiple of `step` that is none of `values`.
  private static func unlisted(_ values: [Double], step: Double) -> Double {
    var candidate = step
    while values.contains(candidate) { candidate += step }
    return candidate
  }

  private static func column(
    _ source: Source, _ profile: NumericProfile, listed: Int, _ bitCount: Int
  ) -> ClassColumn {
    var column = ClassColumn(
      kind: source.comparesValues ? .value : .category,
      // Equality compares the value as it is.
      roundsToFloat: !source.comparesValues && profile.input == .float32,
      tinyMagnitude: NumericProfile.tinyMagnitude, input: Int32(source.slot),
      listedCount: Int32(listed), wordCount: Int32((bitCount + 63) / 64))
    switch profile.categories {
    case .truncateToInt32:
      (column.lower, column.includesLower, column.upper) = (-1, false, 0x1p31)
    case .nonNegativeBelow2To24, .nonNegativeBelow2To24ElseMissing:
      (column.lower, column.includesLower, column.upper) = (0, true, 0x1p24)
    }
    return column
  }

  /// Adds the classes of which `representatives` are members; those with the same bits share a
  /// row.
  private mutating func addRows(
    _ representatives: [Double], _ tests: [Split], _ ensemble: Ensemble
  ) {
    let wordCount = Int(column.wordCount)
    var rows: [[UInt64]: UInt32] = [:]
    for value in representatives {
      var row = [UInt64](repeating: 0, count: wordCount)
      for (bit, test) in tests.enumerated() {
        let x = test.condition.roundsValue ? ensemble.profile.prepared(value) : value
        if !test.goesLeft(x, ensemble.profile, ensemble.categorySets) {
          row[bit / 64] |= 1 << UInt64(bit % 64)
        }
      }
      if let known = rows[row] {
        rowOfClass.append(known)
      } else {
        let number = UInt32(rows.count)
        rows[row] = number
        rowOfClass.append(number)
        words += row
      }
    }
  }
}
