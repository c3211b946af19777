import TextCodec
import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the name of the objective decides: the task, the link, and the space of `base_score`.
///
/// Source: `src/objective` of XGBoost, and every objective run in each of its versions.
struct XGBoostObjective: Equatable {
  enum Family: Equatable {
    case regression
    /// One logistic margin an output: binary, or multilabel where there are several.
    case logistic
    /// The margin of ``logistic``, which users turn into a probability themselves.
    case logisticMargin
    /// A class by the sign of the margin.
    case hinge
    /// One probability a class.
    case softprob
    /// The class with the greatest margin.
    case softmax
    case ranking
  }

  /// What `base_score` is before it starts the sum of the margins.
  enum BaseScoreSpace: Equatable {
    case margin
    /// A probability.
    case logit
    /// A mean.
    case logarithm
    /// A mean above 0.
    case positiveLogarithm
    /// Rising values, each but the first kept as the softplus of its margin.
    case increasing
  }

  let family: Family
  /// Nil where the margins are the prediction.
  let link: Link.Function?
  let baseScoreSpace: BaseScoreSpace

  /// - Parameters:
  ///   - name: As the file has it.
  ///   - version: The version that wrote the file.
  ///   - outputCount: How many margins there are.
  /// - Returns: nil if there is no such objective.
  init?(name: String, version: XGBoostVersion, outputCount: Int) {
    switch name {
    case "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:pseudohubererror",
      "reg:absoluteerror":
      self.init(.regression, nil)
    case "reg:quantileerror":
      // So that no quantile is below a lower one.
      let sorts = outputCount > 1 && version >= XGBoostVersion(3, 4)
      self.init(.regression, sorts ? .sorted : nil)
    case "reg:expectileerror":
      self.init(
        .regression, outputCount > 1 ? .increasingInFloat : nil,
        outputCount > 1 ? .increasing : .margin)
    case "reg:tweedie", "count:poisson", "survival:cox", "survival:aft":
      self.init(.regression, .exponentialInFloat, .logarithm)
    case "reg:gamma":
      self.init(
        .regression, .exponentialInFloat,
        version >= XGBoostVersion(3, 1) ? .positiveLogarithm : .logarithm)
    case "reg:logistic": self.init(.regression, .logisticInFloat, .logit)
    case "binary:logistic": self.init(.logistic, .logisticInFloat, .logit)
    case "binary:logitraw": self.init(.logisticMargin, nil)
    case "binary:hinge": self.init(.hinge, .unitStep)
    case "multi:softprob": self.init(.softprob, .softmaxInFloat)
    case "multi:softmax": self.init(.softmax, nil)
    case "rank:pairwise", "rank:ndcg", "rank:map": self.init(.ranking, nil)
    default: return nil
    }
  }

  private init(
    _ family: Family, _ link: Link.Function?, _ space: BaseScoreSpace = .margin
  ) {
    self.family = family
    self.link = link
    baseScoreSpace = space
  }

  /// The margins that `baseScores` stand for, computed as XGBoost's `ProbToMargin` does.
  ///
  /// - Parameter version: The version that wrote the file. From 3.2 on probabilities are kept
  ///   off 0 and 1.
  /// - Throws: ``Unusable``, where XGBoost refuses the model too.
  func margins(
    of baseScores: [Float], version: XGBoostVersion
  ) throws(Unusable) -> [Float] {
    var margins = baseScores
    switch baseScoreSpace {
    case .margin: break
    case .logarithm: margins = baseScores.map { logf($0) }
    case .positiveLogarithm:
      if let score = baseScores.first(where: { $0 <= 0 }) {
        throw Unusable(score: score, range: "above 0")
      }
      margins = baseScores.map { logf($0) }
    case .logit:
      let clamps = version >= XGBoostVersion(3, 2)
      for (output, score) in baseScores.enumerated() {
        guard clamps ? (0...1).contains(score) : score > 0 && score < 1 else {
          throw Unusable(score: score, range: clamps ? "from 0 to 1" : "between 0 and 1")
        }
        let probability = clamps ? min(max(score, Self.epsilon), 1 - Self.epsilon) : score
        margins[output] = -logf(1 / probability - 1)
      }
    case .increasing:
      for output in margins.indices.dropFirst().reversed() {
        let step = max(margins[output] - margins[output - 1] - Self.epsilon, Self.epsilon)
        // The inverse of softplus.
        margins[output] = step + logf(-expm1f(-step))
      }
    }
    return margins
  }

  /// A base score that the objective cannot start from.
  struct Unusable: Error {
    let score: Float
    let range: String
  }

  /// XGBoost's `kRtEps`.
  private static let epsilon: Float = 1e-6
}

/// The version of XGBoost that wrote a file.
struct XGBoostVersion: Comparable, Sendable {
  let major: Int
  let minor: Int
  let patch: Int

  init(_ major: Int, _ minor: Int, patch: Int = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Major and minor version.
  var text: String { "\(major).\(minor)" }

  static func < (left: XGBoostVersion, right: XGBoostVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}
