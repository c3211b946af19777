import TextCodec
import TreeIR

/// What the objective line decides: the task, the link and whether prediction may stop early.
struct LightGBMObjective: Equatable {
  enum Family: Equatable {
    /// No objective, or one that the user programmed: scores stay as they are.
    case custom
    case regression
    case binary
    case multiclass
    case ranking
  }

  let family: Family
  /// Nil where the scores are the prediction.
  let link: Link.Function?
  /// LightGBM stops prediction early only where the objective says that a rough score will do.
  let allowsEarlyStopping: Bool
  /// `num_class` of the objective line.
  let classCount: Int?

  /// Reads `objective` of the header, words that blanks separate: a name, then parameters.
  init(_ header: LightGBMHeader) throws(Fault) {
    let words = (header.objective ?? "custom").split(separator: " ").map(String.init)
    guard let name = words.first else {
      throw header.fault(.malformed, .objective, "the objective is empty")
    }
    guard let kind = Self.kinds[name] else {
      throw header.fault(
        .unsupported, .objective, "LightGBM has no objective \(quoted(name))",
        remedy: "\(Remedy.newerTreec). A model with a custom objective has no objective line")
    }
    var parameters = Parameters()
    for word in words.dropFirst() {
      try parameters.read(word, of: kind, header)
    }
    family = kind.family
    classCount = parameters.classCount
    allowsEarlyStopping = kind.family != .custom && kind.family != .regression
    link =
      switch kind.transform {
      case .identity: nil
      case .identityOrSquare: parameters.hasSquareRoot ? .signedSquare : nil
      case .exponential: .exponential
      case .logistic: .logistic(scale: parameters.sigmoid ?? 1)
      // Releases before 3.3 rounded the sum. They write v2, or v3 as later ones do.
      case .logOnePlusExp: header.version == "v2" ? .logOfRoundedOnePlusExp : .logOnePlusExp
      case .softmax: .softmax
      }
    if kind.family == .multiclass && parameters.classCount == nil {
      throw header.fault(
        .invalid, .objective, "\(quoted(name)) does not say num_class, which it must")
    }
  }

  /// The rule by which prediction of `outputCount` scores may stop early.
  func earlyStopping(outputCount: Int) -> Ensemble.EarlyStopping {
    guard allowsEarlyStopping else { return .never }
    return outputCount == 1 ? .binaryMargin : .bestTwoMargin
  }

  /// Checks that the numbers of classes and of trees an iteration are those that LightGBM
  /// trains the objective with.
  func check(outputCount: Int, classCount: Int, _ header: LightGBMHeader) throws(Fault) {
    if let named = self.classCount, named != classCount {
      throw header.fault(
        .invalid, .objective, "num_class is \(named) here, but \(classCount) in the header")
    }
    switch family {
    case .custom: break
    case .multiclass:
      guard classCount >= 2 else {
        throw header.fault(
          .invalid, .classCount, "a multiclass objective needs num_class of 2 or more")
      }
    case .regression, .binary, .ranking:
      guard classCount == 1 else {
        throw header.fault(
          .invalid, .classCount, "num_class is \(classCount), but the objective has one output")
      }
    }
    guard outputCount == classCount else {
      throw header.fault(
        .invalid, .treesPerIteration,
        "\(outputCount) trees an iteration, but num_class is \(classCount)")
    }
  }
}

extension LightGBMObjective {
  private enum Transform {
    case identity
    /// Identity, or the square where the target was its root.
    case identityOrSquare
    case exponential
    case logistic
    case logOnePlusExp
    case softmax
  }

  private struct Kind {
    let family: Family
    let transform: Transform
    /// Parameters that the line may carry without any effect on predictions.
    var ignored: [String] = []
    var takesSigmoid = false
    var takesClassCount = false
  }

  private struct Parameters {
    var hasSquareRoot = false
    var sigmoid: Double?
    var classCount: Int?
    private var names: Set<String> = []

    mutating func read(
      _ word: String, of kind: Kind, _ header: LightGBMHeader
    ) throws(Fault) {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard names.insert(name).inserted else {
        throw header.fault(.malformed, .objective, "\(quoted(name)) stands twice")
      }
      if word == "sqrt" && kind.family == .regression {
        // Objectives with another link than the identity switch it off when they load.
        hasSquareRoot = true
      } else if name == "sigmoid" && kind.takesSigmoid && parts.count == 2 {
        guard let value = LightGBMNumber.parse(parts[1]), value > 0, value < .infinity else {
          throw header.fault(
            .malformed, .objective, "\(quoted(word)): sigmoid must be a number above 0")
        }
        sigmoid = value
      } else if name == "num_class" && kind.takesClassCount && parts.count == 2 {
        guard let count = Int(parts[1]) else {
          throw header.fault(
            .malformed, .objective, "\(quoted(word)): num_class must be an integer")
        }
        classCount = count
      } else if !(kind.ignored.contains(name) && parts.count == 2) {
        throw header.fault(
          .unsupported, .objective,
          "the word \(quoted(word)) is unknown, so it is uncertain "
            + "what the model predicts", remedy: Remedy.newerTreec)
      }
    }
  }

  /// Objectives by name and alias, of all versions from 2.0.12 on.
  private static let kinds: [String: Kind] = {
    let plain = Kind(family: .regression, transform: .identityOrSquare, ignored: ["alpha"])
    let fair = Kind(family: .regression, transform: .identityOrSquare, ignored: ["fair_c"])
    let huber = Kind(family: .regression, transform: .identity, ignored: ["alpha"])
    let poisson = Kind(
      family: .regression, transform: .exponential, ignored: ["poisson_max_delta_step"])
    let tweedie = Kind(
      family: .regression, transform: .exponential,
      ignored: ["tweedie_variance_power", "poisson_max_delta_step"])
    let binary = Kind(family: .binary, transform: .logistic, takesSigmoid: true)
    let softmax = Kind(family: .multiclass, transform: .softmax, takesClassCount: true)
    let oneVersusAll = Kind(
      family: .multiclass, transform: .logistic, takesSigmoid: true, takesClassCount: true)
    let entropy = Kind(family: .regression, transform: .logistic)
    let entropyLambda = Kind(family: .regression, transform: .logOnePlusExp)
    let ranking = Kind(family: .ranking, transform: .identity)
    let custom = Kind(family: .custom, transform: .identity)
    let table: [(Kind, [String])] = [
      (
        plain,
        [
          "regression", "regression_l2", "mean_squared_error", "mse", "l2", "l2_root",
          "root_mean_squared_error", "rmse", "regression_l1", "mean_absolute_error", "l1", "mae",
          "quantile", "mape", "mean_absolute_percentage_error",
        ]
      ),
      (fair, ["fair"]), (huber, ["huber"]), (poisson, ["poisson", "gamma"]),
      (tweedie, ["tweedie"]), (binary, ["binary"]), (softmax, ["multiclass", "softmax"]),
      (oneVersusAll, ["multiclassova", "multiclass_ova", "ova", "ovr"]),
      (entropy, ["cross_entropy", "xentropy"]),
      (entropyLambda, ["cross_entropy_lambda", "xentlambda"]),
      (
        ranking,
        ["lambdarank", "rank_xendcg", "xendcg", "xe_ndcg", "xe_ndcg_mart", "xendcg_mart"]
      ),
      (custom, ["custom", "none", "null", "na"]),
    ]
    return Dictionary(
      table.flatMap { kind, names in names.map { ($0, kind) } },
      uniquingKeysWith: { first, _ in first })
  }()
}
