import TextCodec
import TreeIR

/// Everything that a model file says besides its trees, as it stands there.
struct XGBoostHeader {
  enum Booster {
    /// gbtree, and dart from 3.3 on.
    case trees
    /// dart before 3.3, whose trees are in an object of their own.
    case nestedTrees
    case linear
  }

  /// Major, minor and patch.
  var version: [Int] = []
  var objective = ""
  var booster = Booster.trees
  var baseScore: [Float] = []
  /// Whether training was to estimate the base score. Files before 1.7 do not say.
  var boostsFromAverage = false
  var columnCount = 0
  var classCount = 0
  var targetCount = 1
  var featureNames: [String] = []
  var featureTypes: [String] = []
  var attributes: [Provenance.Attribute] = []

  /// Trees declared by `num_trees`.
  var treeCount: Int?
  var parallelTrees = 1
  /// The output of each tree (`tree_info`).
  var treeOutputs: [Int] = []
  /// First tree of each iteration, and the end of the last (`iteration_indptr`); nil in files
  /// before 2.0.
  var iterationStarts: [Int]?
  /// dart: the factor on each tree (`weight_drop`). It stands beside the trees' object before
  /// 3.3, beside the model in 3.3, and in the model from 3.4 on.
  var treeWeights: [Float]?
  /// gblinear: a row of weights for each column, one an output, and a last row of biases.
  var linearWeights: [Float]?
  /// One list of categories a column; empty lists where the column has none.
  var dictionaries: [[CategoryValue]] = []

  /// Where the values of keys lie, by their path.
  private var offsets: [String: Int] = [:]

  /// How many margins there are.
  var outputCount: Int { max(classCount, targetCount, 1) }

  mutating func note(_ path: String, at offset: Int) {
    offsets[path] = offset
  }

  /// A failure at the value of the key that `path` leads to.
  func fault(
    _ code: ImportError.Code, _ path: String, feature: String? = nil, _ message: String,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    Fault(code, at: offsets[path], key: path, feature: feature, message, remedy: remedy)
  }
}

/// Paths to the values that are checked against others.
enum XGBoostPath {
  static let version = "version"
  static let objective = "learner.objective.name"
  static let booster = "learner.gradient_booster.name"
  static let baseScore = "learner.learner_model_param.base_score"
  static let columnCount = "learner.learner_model_param.num_feature"
  static let classCount = "learner.learner_model_param.num_class"
  static let featureNames = "learner.feature_names"
  static let featureTypes = "learner.feature_types"
  static let treeWeights = "weight_drop"

  /// A key of the model itself.
  static func model(_ key: XGBoostModelKey, of booster: XGBoostHeader.Booster) -> String {
    let model = booster == .nestedTrees ? "gbtree.model" : "model"
    return "learner.gradient_booster.\(model).\(key.name)"
  }
}
