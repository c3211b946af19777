/// The arithmetic that makes a sum of trees equal, bit for bit, to that of the library
/// which trained them.
public struct NumericProfile: Sendable, Hashable {
  /// The width of an IEEE 754 number.
  public enum Precision: UInt8, Sendable, Hashable, CaseIterable {
    case float64 = 0
    case float32 = 1
  }

  /// Which numbers name a category when a split tests membership in a set.
  public enum CategoryRule: UInt8, Sendable, Hashable, CaseIterable {
    /// LightGBM: truncate toward zero, so −0.5 is category 0; what is then negative or
    /// does not fit 32 signed bits is in no set.
    case truncateToInt32 = 0
    /// XGBoost: anything below zero, or from 2²⁴ on, is in no set; the rest is truncated.
    case nonNegativeBelow2To24 = 1
    /// XGBoost 1.7.0 to 1.7.2: the same, but what is in no set for that reason, or is beyond
    /// the words of the set at hand, goes where missing values go.
    case nonNegativeBelow2To24ElseMissing = 2
  }

  /// A value is rounded to this precision before it is compared with a threshold.
  public var input: Precision
  /// LightGBM: every value with |x| ≤ ``tinyMagnitude`` becomes +0.0 before any tree
  /// sees it.
  public var flushesTinyToZero: Bool
  /// How a number becomes a category.
  public var categories: CategoryRule
  /// Precision of the running sum: each addition rounds to it.
  public var accumulator: Precision
  /// Whether a linear model in a leaf adds its constant to the products, and not these to it.
  public var addsConstantLast: Bool

  public init(
    input: Precision, flushesTinyToZero: Bool, categories: CategoryRule, accumulator: Precision,
    addsConstantLast: Bool = false
  ) {
    self.input = input
    self.flushesTinyToZero = flushesTinyToZero
    self.categories = categories
    self.accumulator = accumulator
    self.addsConstantLast = addsConstantLast
  }

  /// 1e-35 rounded to Float, as a Double: LightGBM's `kZeroThreshold`.
  @inlinable public static var tinyMagnitude: Double { Double(1e-35 as Float) }

  /// LightGBM: everything in Double.
  public static let lightGBM = NumericProfile(
    input: .float64, flushesTinyToZero: true, categories: .truncateToInt32,
    accumulator: .float64)
  /// CatBoost: values and borders in Float, sums in Double.
  public static let catBoost = NumericProfile(
    input: .float32, flushesTinyToZero: false, categories: .truncateToInt32,
    accumulator: .float64)
  /// XGBoost: everything in Float.
  public static let xgBoost = NumericProfile(
    input: .float32, flushesTinyToZero: false, categories: .nonNegativeBelow2To24,
    accumulator: .float32)
}
