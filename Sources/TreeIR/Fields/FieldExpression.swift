/// An expression over typed values, as PMML has them: evaluated a row at a time.
///
/// Its semantics are those of JPMML-Evaluator. A value may be missing; where an expression has no
/// value because JPMML would throw, the row is refused.
public indirect enum FieldExpression: Sendable, Equatable {
  case constant(FieldConstant)
  /// The value that a slot has.
  case slot(Int, FieldType, OperationalType)
  /// A value that is there where the truth value in a slot is 1; to ask for it otherwise refuses the
  /// row.
  case defined(FieldExpression, where: Int)
  /// A value that is no valid one of its field where the truth value in a slot is not 1, though it
  /// was let pass: functions that give it itself have an invalid result then.
  case marked(FieldExpression, validWhere: Int)
  /// An argument of the innermost ``call(_:)``.
  case parameter(Int)
  /// The value in another type; missing stays missing.
  case cast(FieldExpression, to: FieldType, OperationalType)
  /// A value whose order among others is that of a list: that of an ordinal field.
  case ordered(FieldExpression, [FieldConstant])
  /// Text in place of a missing value.
  case ifMissing(FieldExpression, text: String)
  case apply(Application)
  /// A function that the model defines.
  case call(Call)
  /// A number rounded to a whole one by ``FieldFunction/round``, `floor` or `ceil`, in its own type.
  case rounded(FieldExpression, FieldFunction)
  /// Piecewise linear interpolation.
  case normContinuous(NormContinuous)
  /// 1 where the value is a certain one, else 0.
  case normDiscrete(FieldExpression, equals: FieldConstant, ifMissing: Double?)
  case discretize(Discretize)
  case mapValues(MapValues)
  case textIndex(TextIndex)

  /// A function of values.
  public struct Application: Sendable, Equatable {
    /// What becomes of a result that is no value, such as that of a division by zero.
    public enum InvalidTreatment: UInt8, Sendable, Hashable, CaseIterable {
      case refuse = 0
      case keep = 1
      case asMissing = 2
    }

    public var function: FieldFunction
    public var arguments: [FieldExpression]
    /// The result, as text, where any argument is missing.
    public var mapMissingTo: String?
    /// The result, as text, where it would be missing.
    public var defaultValue: String?
    public var invalid: InvalidTreatment

    public init(
      _ function: FieldFunction, _ arguments: [FieldExpression], mapMissingTo: String? = nil,
      defaultValue: String? = nil, invalid: InvalidTreatment = .refuse
    ) {
      self.function = function
      self.arguments = arguments
      self.mapMissingTo = mapMissingTo
      self.defaultValue = defaultValue
      self.invalid = invalid
    }
  }

  /// A function that the model defines, its arguments evaluated first, once each.
  public struct Call: Sendable, Equatable {
    /// The function's name, for messages.
    public var name: String
    public var body: FieldExpression
    public var arguments: [FieldExpression]
    /// The result, as text, where any argument is missing.
    public var mapMissingTo: String?
    /// The result, as text, where it would be missing.
    public var defaultValue: String?
    public var invalid: Application.InvalidTreatment

    public init(
      _ name: String, body: FieldExpression, arguments: [FieldExpression],
      mapMissingTo: String? = nil, defaultValue: String? = nil,
      invalid: Application.InvalidTreatment = .refuse
    ) {
      self.name = name
      self.body = body
      self.arguments = arguments
      self.mapMissingTo = mapMissingTo
      self.defaultValue = defaultValue
      self.invalid = invalid
    }
  }

  public struct NormContinuous: Sendable, Equatable {
    public struct Point: Sendable, Equatable {
      public var original: Double
      public var normal: Double

      public init(original: Double, normal: Double) {
        self.original = original
        self.normal = normal
      }
    }

    public var value: FieldExpression
    /// Two at least, ascending as a rule.
    public var points: [Point]
    public var outliers: FieldRules.OutlierTreatment
    public var ifMissing: Double?

    public init(
      _ value: FieldExpression, points: [Point], outliers: FieldRules.OutlierTreatment,
      ifMissing: Double?
    ) {
      self.value = value
      self.points = points
      self.outliers = outliers
      self.ifMissing = ifMissing
    }
  }

  public struct Discretize: Sendable, Equatable {
    public struct Bin: Sendable, Equatable {
      public var interval: FieldRules.Interval
      public var text: String

      public init(_ interval: FieldRules.Interval, text: String) {
        self.interval = interval
        self.text = text
      }
    }

    public var value: FieldExpression
    /// Where bins overlap, the last counts.
    public var bins: [Bin]
    /// For values in no bin.
    public var defaultValue: String?
    public var mapMissingTo: String?
    public var type: FieldType

    public init(
      _ value: FieldExpression, bins: [Bin], defaultValue: String?, mapMissingTo: String?,
      type: FieldType
    ) {
      self.value = value
      self.bins = bins
      self.defaultValue = defaultValue
      self.mapMissingTo = mapMissingTo
      self.type = type
    }
  }

  public struct MapValues: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
      /// One a key; nil never matches.
      public var keys: [String?]
      /// nil where the row has no result.
      public var result: String?

      public init(keys: [String?], result: String?) {
        self.keys = keys
        self.result = result
      }
    }

    /// What is looked up.
    public var keys: [FieldExpression]
    public var rows: [Row]
    public var defaultValue: String?
    /// The result where any key is missing.
    public var mapMissingTo: String?
    public var type: FieldType

    public init(
      keys: [FieldExpression], rows: [Row], defaultValue: String?, mapMissingTo: String?,
      type: FieldType
    ) {
      self.keys = keys
      self.rows = rows
      self.defaultValue = defaultValue
      self.mapMissingTo = mapMissingTo
      self.type = type
    }
  }

  /// How often a term is in a text.
  public struct TextIndex: Sendable, Equatable {
    public enum Weights: UInt8, Sendable, Hashable, CaseIterable {
      case termFrequency = 0
      case binary = 1
      /// `log10(1 + frequency)`
      case logarithmic = 2
    }

    public enum CountHits: UInt8, Sendable, Hashable, CaseIterable {
      case allHits = 0
      case bestHits = 1
    }

    /// A replacement that comes first.
    public struct Normalization: Sendable, Equatable {
      public struct Row: Sendable, Equatable {
        public var text: String
        public var stem: String
        public var isRegex: Bool

        public init(text: String, stem: String, isRegex: Bool) {
          self.text = text
          self.stem = stem
          self.isRegex = isRegex
        }
      }

      public var rows: [Row]
      public var isRecursive: Bool
      public var isCaseSensitive: Bool

      public init(rows: [Row], isRecursive: Bool, isCaseSensitive: Bool) {
        self.rows = rows
        self.isRecursive = isRecursive
        self.isCaseSensitive = isCaseSensitive
      }
    }

    public var text: FieldExpression
    public var term: FieldExpression
    public var weights: Weights
    public var isCaseSensitive: Bool
    public var maxLevenshteinDistance: Int
    public var countHits: CountHits
    /// A regular expression for what separates words, or for words themselves.
    public var pattern: String
    public var patternIsOfWords: Bool
    public var normalizations: [Normalization]

    public init(
      text: FieldExpression, term: FieldExpression, weights: Weights, isCaseSensitive: Bool,
      maxLevenshteinDistance: Int, countHits: CountHits, pattern: String,
      patternIsOfWords: Bool, normalizations: [Normalization]
    ) {
      self.text = text
      self.term = term
      self.weights = weights
      self.isCaseSensitive = isCaseSensitive
      self.maxLevenshteinDistance = maxLevenshteinDistance
      self.countHits = countHits
      self.pattern = pattern
      self.patternIsOfWords = patternIsOfWords
      self.normalizations = normalizations
    }
  }
}

/// Evaluates an expression for a row. A row for which it has no value is not refused yet: who needs
/// the value requires the second slot to be 0.
public struct FieldComputation: Sendable, Equatable {
  /// Its value is cast to ``type``.
  public var expression: FieldExpression
  public var type: FieldType
  /// What the row's owner is told the expression is of: the name of the field.
  public var name: String
  /// The value; the slot behind it is a truth value: whether there is none, because the row must
  /// be refused.
  public var output: Int

  public init(_ expression: FieldExpression, type: FieldType, name: String, output: Int) {
    self.expression = expression
    self.type = type
    self.name = name
    self.output = output
  }
}

/// A column of results that has a name and a type of its own.
public struct ResultField: Sendable, Equatable {
  public var name: String
  public var type: FieldType
  public var slot: Int

  public init(_ name: String, _ type: FieldType, slot: Int) {
    self.name = name
    self.type = type
    self.slot = slot
  }
}
