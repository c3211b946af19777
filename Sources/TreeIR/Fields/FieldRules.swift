/// How the text of a cell becomes a value of a field, as PMML's DataField and MiningField say:
/// which texts are missing or invalid, and what becomes of such rows.
///
/// The order is that of JPMML-Evaluator: missing values, invalid values, the list of valid ones,
/// the type, intervals; then the treatments of missing and invalid values and of outliers.
public struct FieldRules: Sendable, Equatable {
  /// A value that the DataField lists.
  public struct Listed: Sendable, Equatable {
    public enum Property: UInt8, Sendable, Hashable, CaseIterable {
      case valid = 0
      case invalid = 1
      case missing = 2
    }

    public var text: String
    public var property: Property

    public init(_ text: String, _ property: Property) {
      self.text = text
      self.property = property
    }
  }

  /// A range of valid numbers.
  public struct Interval: Sendable, Equatable {
    /// −∞ where there is no bound.
    public var lower: Double
    /// ∞ where there is no bound.
    public var upper: Double
    public var includesLower: Bool
    public var includesUpper: Bool

    public init(
      lower: Double, upper: Double, includesLower: Bool = true, includesUpper: Bool = true
    ) {
      self.lower = lower
      self.upper = upper
      self.includesLower = includesLower
      self.includesUpper = includesUpper
    }

    public func contains(_ number: Double) -> Bool {
      (includesLower ? number >= lower : number > lower)
        && (includesUpper ? number <= upper : number < upper)
    }
  }

  /// What becomes of a missing value.
  public enum MissingTreatment: Sendable, Equatable {
    case keep
    /// A missing cell refuses the row. A value that another treatment makes missing has the text
    /// `later` instead, which is not checked, or stays missing without one.
    case refuse(later: String? = nil)
    /// The text of another value, which is not checked.
    case replace(String)
  }

  /// What becomes of an invalid value.
  public enum InvalidTreatment: Sendable, Equatable {
    case refuse
    /// It is missing, and treated as such.
    case asMissing
    case keep
    /// The text of another value, which is not checked.
    case replace(String)
  }

  /// What becomes of valid numbers below or above bounds.
  public enum OutlierTreatment: UInt8, Sendable, Hashable, CaseIterable {
    case keep = 0
    case asMissing = 1
    /// The bound, as a value of the field.
    case asBound = 2
  }

  public var type: FieldType
  public var operationalType: OperationalType
  public var listed: [Listed] = []
  /// Empty where every number is valid.
  public var intervals: [Interval] = []
  public var missing = MissingTreatment.keep
  public var invalid = InvalidTreatment.refuse
  public var outliers = OutlierTreatment.keep
  /// The bounds of outliers.
  public var lowest = -Double.infinity
  public var highest = Double.infinity
  /// Whether texts that the model does not have are kept for the row, because expressions or
  /// results may need them.
  public var keepsTexts = false

  public init(_ type: FieldType, _ operationalType: OperationalType) {
    self.type = type
    self.operationalType = operationalType
  }
}
