/// The features of a CatBoost model, however the file puts them, and where each stands in it.
struct CatBoostFeatures {
  /// A feature of numbers, with the borders that splits compare it with.
  struct Numeric {
    /// What becomes of a missing value.
    enum MissingTreatment {
      /// Every comparison with it is false.
      case asIs
      /// It is smaller than all borders.
      case asFalse
      /// It is larger than all borders.
      case asTrue
    }

    /// The number by which splits name the feature: its position among numeric features.
    var index = 0
    /// Position among all columns of the training data.
    var column = 0
    var name = ""
    /// Whether training has seen missing values; else they are taken as they are.
    var hasMissing = false
    var treatment = MissingTreatment.asIs
    var borders: [Float] = []
    var place = SourcePlace()

    /// Whether a missing value is above `border`.
    func missingIsAbove(_ border: Float) -> Bool {
      hasMissing && treatment == .asTrue && border < .infinity
    }
  }

  /// A feature of categories.
  struct Categorical {
    /// Position among categorical features.
    var index = 0
    /// Position among all columns of the training data.
    var column = 0
    var name = ""
    var place = SourcePlace()
  }

  /// The hashes that splits compare a categorical feature with.
  struct OneHot {
    /// The categorical feature's index.
    var feature = 0
    var values: [Int32] = []
    var place = SourcePlace()
  }

  /// A statistic of a combination of features ("online CTR"), with its borders.
  struct Statistic {
    var key = CatBoostTableKey()
    var targetBorder = 0
    var priorNumerator: Float = 0
    var priorDenominator: Float = 1
    var shift: Float = 0
    var scale: Float = 1
    var borders: [Float] = []
    var place = SourcePlace()
  }

  var numeric: [Numeric] = []
  var categorical: [Categorical] = []
  var oneHot: [OneHot] = []
  var statistics: [Statistic] = []
  /// The texts of categories, as far as the file has them, by hash.
  var texts: [(hash: Int32, text: String)] = []
}

/// What is counted in a table of statistics.
enum CatBoostStatisticType: Int8, CaseIterable {
  case borders = 0
  case buckets = 1
  case binarizedTargetMean = 2
  case floatTargetMean = 3
  case counter = 4
  case featureFrequency = 5

  /// The type as files spell it.
  var name: StaticString {
    switch self {
    case .borders: "Borders"
    case .buckets: "Buckets"
    case .binarizedTargetMean: "BinarizedTargetMeanValue"
    case .floatTargetMean: "FloatTargetMeanValue"
    case .counter: "Counter"
    case .featureFrequency: "FeatureFreq"
    }
  }

  /// Whether records hold a sum and a count.
  var isMean: Bool { self == .binarizedTargetMean || self == .floatTargetMean }

  /// Whether records hold a single count, to be divided by the table's denominator.
  var isCounter: Bool { self == .counter || self == .featureFrequency }
}

/// The combination of features that a table of statistics is about, and what it counts: by this
/// statistics find their table.
struct CatBoostTableKey: Hashable {
  struct FloatSplit: Hashable {
    var feature = 0
    var border: Float = 0
  }

  struct OneHotTest: Hashable {
    var feature = 0
    var value: Int32 = 0
  }

  var type = CatBoostStatisticType.borders
  /// Which of several targets; 0 in models of one.
  var target = 0
  /// Indices of categorical features.
  var categories: [Int] = []
  var floatSplits: [FloatSplit] = []
  var oneHotTests: [OneHotTest] = []
}

/// A table of statistics as the file has it: flat lists, an element or `classCount` a record.
struct CatBoostTable {
  var keys: [UInt64] = []
  var counts: [Int32] = []
  /// Empty unless the type is a mean.
  var sums: [Float] = []
  var classCount = 1
  var counterDenominator: Int32 = 0
  var place = SourcePlace()

  /// The key that marks empty buckets in files, which are no records.
  static let emptyKey = UInt64.max
}

enum CatBoostRemedy {
  /// Why a model of text or embedding features is refused.
  static func unsupportedFeatures(_ what: String, _ place: SourcePlace) -> Fault {
    place.fault(
      .unsupported, "the model has \(what) features, which treec does not score",
      remedy: "Train without them, or turn them into numbers or categories before CatBoost")
  }
}
