// The keys of XGBoost's models, alphabetically, as it writes them: those of all versions from
// 1.7 on.

/// The whole file.
enum XGBoostFileKey: Int, FileKey {
  /// What a pickled booster holds, or a checkpoint: not what `save_model` writes.
  case pickledConfiguration
  case pickledModel
  case learner
  case version

  var text: StaticString {
    switch self {
    case .pickledConfiguration: "Config"
    case .pickledModel: "Model"
    case .learner: "learner"
    case .version: "version"
    }
  }
}

enum XGBoostLearnerKey: Int, FileKey {
  case attributes
  case featureNames
  case featureTypes
  /// What `save_config` writes, without a model.
  case configuration
  case booster
  case parameters
  case objective

  var text: StaticString {
    switch self {
    case .configuration: "generic_param"
    case .attributes: "attributes"
    case .featureNames: "feature_names"
    case .featureTypes: "feature_types"
    case .booster: "gradient_booster"
    case .parameters: "learner_model_param"
    case .objective: "objective"
    }
  }
}

/// `learner_model_param`
enum XGBoostParameterKey: Int, FileKey {
  case baseScore
  case boostFromAverage
  case classCount
  case columnCount
  case targetCount

  var text: StaticString {
    switch self {
    case .baseScore: "base_score"
    case .boostFromAverage: "boost_from_average"
    case .classCount: "num_class"
    case .columnCount: "num_feature"
    case .targetCount: "num_target"
    }
  }
}

/// `gradient_booster`, and the `gbtree` in that of dart
enum XGBoostBoosterKey: Int, FileKey {
  case trees
  case model
  case name
  case weights

  var text: StaticString {
    switch self {
    case .trees: "gbtree"
    case .model: "model"
    case .name: "name"
    case .weights: "weight_drop"
    }
  }
}

/// `model`, of trees or of linear weights
enum XGBoostModelKey: Int, FileKey {
  case boostedRounds
  case categories
  case parameters
  case iterationStarts
  case treeOutputs
  case trees
  case treeWeights
  case weights

  var text: StaticString {
    switch self {
    case .boostedRounds: "boosted_rounds"
    case .categories: "cats"
    case .parameters: "gbtree_model_param"
    case .iterationStarts: "iteration_indptr"
    case .treeOutputs: "tree_info"
    case .trees: "trees"
    case .treeWeights: "weight_drop"
    case .weights: "weights"
    }
  }
}

/// `gbtree_model_param`
enum XGBoostTreesParameterKey: Int, FileKey {
  case parallelTrees
  case treeCount
  case leafSize

  var text: StaticString {
    switch self {
    case .parallelTrees: "num_parallel_tree"
    case .treeCount: "num_trees"
    case .leafSize: "size_leaf_vector"
    }
  }
}

enum XGBoostTreeKey: Int, FileKey {
  case baseWeights
  case categories
  case categoryNodes
  case categorySegments
  case categorySizes
  case defaultLeft
  case number
  case leafWeights
  case leftChildren
  case gains
  case parents
  case rightChildren
  case splitConditions
  case splitIndices
  case splitTypes
  case covers
  case parameters

  var text: StaticString {
    switch self {
    case .baseWeights: "base_weights"
    case .categories: "categories"
    case .categoryNodes: "categories_nodes"
    case .categorySegments: "categories_segments"
    case .categorySizes: "categories_sizes"
    case .defaultLeft: "default_left"
    case .number: "id"
    case .leafWeights: "leaf_weights"
    case .leftChildren: "left_children"
    case .gains: "loss_changes"
    case .parents: "parents"
    case .rightChildren: "right_children"
    case .splitConditions: "split_conditions"
    case .splitIndices: "split_indices"
    case .splitTypes: "split_type"
    case .covers: "sum_hessian"
    case .parameters: "tree_param"
    }
  }
}

/// `tree_param`
enum XGBoostTreeParameterKey: Int, FileKey {
  case deletedCount
  case columnCount
  case nodeCount
  case leafSize

  var text: StaticString {
    switch self {
    case .deletedCount: "num_deleted"
    case .columnCount: "num_feature"
    case .nodeCount: "num_nodes"
    case .leafSize: "size_leaf_vector"
    }
  }
}

/// `cats`
enum XGBoostCategoriesKey: Int, FileKey {
  case dictionaries
  case segments
  case sortedIndices

  var text: StaticString {
    switch self {
    case .dictionaries: "enc"
    case .segments: "feature_segments"
    case .sortedIndices: "sorted_idx"
    }
  }
}

/// An element of `enc`
enum XGBoostDictionaryKey: Int, FileKey {
  case offsets
  case type
  case values

  var text: StaticString {
    switch self {
    case .offsets: "offsets"
    case .type: "type"
    case .values: "values"
    }
  }
}
