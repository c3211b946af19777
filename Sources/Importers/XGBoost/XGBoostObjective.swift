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
    /// A positive mean.
    case logarithm
  }

  let family: Family
  /// Nil where the margins are the prediction.
  let link: Link.Function?
  let baseScoreSpace: BaseScoreSpace

  /// - Returns: nil if there is no such objective.
  init?(name: String) {
    switch name {
    case "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:pseudohubererror",
      "reg:absoluteerror", "reg:quantileerror":
      self.init(.regression, nil)
    case "reg:gamma", "reg:tweedie", "count:poisson", "survival:cox", "survival:aft":
      self.init(.regression, .exponentialInFloat, .logarithm)
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

  /// The margin that `baseScore` stands for, computed as XGBoost's `ProbToMargin` does, or nil
  /// where XGBoost itself refuses it.
  ///
  /// - Parameter version: The version that wrote the file. From 3.2 on probabilities are kept
  ///   off 0 and 1; from 3.1 on a mean of 0 is refused for some objectives.
  func margin(of baseScore: Float, version: XGBoostVersion) -> Float? {
    switch baseScoreSpace {
    case .margin: return baseScore
    case .logarithm: return logf(baseScore)
    case .logit:
      var probability = baseScore
      if version >= XGBoostVersion(3, 2) {
        guard (0...1).contains(probability) else { return nil }
        let margin: Float = 1e-6
        probability = min(max(probability, margin), 1 - margin)
      }
      guard probability > 0, probability < 1 else { return nil }
      return -logf(1 / probability - 1)
    }
  }
}

/// Major and minor version of the XGBoost that wrote a file.
struct XGBoostVersion: Comparable, Sendable {
  let major: Int
  let minor: Int

  init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  static func < (left: XGBoostVersion, right: XGBoostVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
