/// What to compute for each row.
public enum PredictionOutput: String, Sendable, Hashable, CaseIterable {
  /// The objective's natural output, the same for every library: the value after the link
  /// for regression, P(class 1) for binary classification, K probabilities for multiclass
  /// classification, the score for ranking.
  case prediction
  /// The margins, before any link.
  case raw
  /// One probability a class, two columns also for binary classification.
  case probability
  /// The predicted class. In a matrix of numbers: its position in the model's
  /// `classLabels`. A column for each class where a row may have several.
  case label
  /// The leaf that each tree reaches, one column a tree, numbered as in the source file.
  case leaf
  /// The logarithms of ``probability``, as CatBoost computes them.
  case logProbability = "log-probability"
  /// The exponential of the margin, as CatBoost computes it.
  case exponent
  /// The results that the model names itself, each with its own type: PMML's targets and output
  /// fields.
  case fields
}

/// Which part of the model to use.
public struct PredictionOptions: Sendable, Hashable {
  /// LightGBM's prediction early stopping.
  public struct EarlyStopping: Sendable, Hashable {
    /// Stop when 2·|score|, or the best score less the second best, exceeds it. Not
    /// negative.
    public var margin: Double
    /// Look at the margin every so many iterations. At least 1.
    public var frequency: Int

    public init(margin: Double, frequency: Int) {
      self.margin = margin
      self.frequency = frequency
    }
  }

  /// The first boosting iteration to use. Numbers outside the model are clamped to it, as
  /// LightGBM does, but an error in models of XGBoost and CatBoost, as there. An iteration of
  /// CatBoost is a tree.
  public var startIteration = 0
  /// How many iterations to use; nil, zero and negative numbers mean all that are left.
  public var iterationCount: Int?
  /// Has an effect only on models whose objective allows inexact scores; see
  /// ``Predictor/allowsEarlyStopping``.
  public var earlyStopping: EarlyStopping?

  public init(
    startIteration: Int = 0, iterationCount: Int? = nil, earlyStopping: EarlyStopping? = nil
  ) {
    self.startIteration = startIteration
    self.iterationCount = iterationCount
    self.earlyStopping = earlyStopping
  }

  /// Whether all iterations are used.
  var usesWholeModel: Bool {
    startIteration <= 0 && (iterationCount ?? 0) <= 0 && earlyStopping == nil
  }

  /// Whether nothing is chosen.
  var areDefault: Bool {
    startIteration == 0 && iterationCount == nil && earlyStopping == nil
  }

  /// The iterations to use of `total`.
  func iterations(of total: Int) -> Range<Int> {
    let start = min(max(startIteration, 0), total)
    let wanted = iterationCount ?? 0
    let count = wanted > 0 ? min(wanted, total - start) : total - start
    return start..<start + count
  }
}

/// Why a call cannot be answered.
public struct PredictionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is; more codes may be added.
  public struct Code: Sendable, Hashable {
    let name: String

    /// The model has no such output: no class labels, say.
    public static let outputUnavailable = Code(name: "outputUnavailable")
    /// The rows or the result do not have the shape that the model needs.
    public static let wrongShape = Code(name: "wrongShape")
    /// An option has an impossible value, or makes no sense for this model.
    public static let invalidOption = Code(name: "invalidOption")
    /// The model itself refuses to score the row.
    public static let rowRefused = Code(name: "rowRefused")
  }

  public let code: Code
  /// What is wrong and what to do about it.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
