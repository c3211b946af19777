// The keys of CatBoost's JSON, alphabetically, as it writes them.

/// The whole file.
enum CatBoostFileKey: Int, FileKey {
  case tables
  case features
  case info
  case obliviousTrees
  case scaleAndBias
  case trees

  var text: StaticString {
    switch self {
    case .tables: "ctr_data"
    case .features: "features_info"
    case .info: "model_info"
    case .obliviousTrees: "oblivious_trees"
    case .scaleAndBias: "scale_and_bias"
    case .trees: "trees"
    }
  }
}

/// `features_info`
enum CatBoostFeaturesKey: Int, FileKey {
  case texts
  case categorical
  case statistics
  case embedding
  case numeric
  case text

  var text: StaticString {
    switch self {
    case .texts: "cat_features_hash"
    case .categorical: "categorical_features"
    case .statistics: "ctrs"
    case .embedding: "embedding_features"
    case .numeric: "float_features"
    case .text: "text_features"
    }
  }
}

/// An element of `cat_features_hash`
enum CatBoostTextKey: Int, FileKey {
  case hash
  case value

  var text: StaticString {
    switch self {
    case .hash: "hash"
    case .value: "value"
    }
  }
}

/// An element of `float_features`, `categorical_features`
enum CatBoostFeatureKey: Int, FileKey {
  case borders
  case id
  case index
  case name
  case column
  case hasMissing
  case missingTreatment
  case stringValues
  case usedInModel
  case values

  var text: StaticString {
    switch self {
    case .borders: "borders"
    case .id: "feature_id"
    case .index: "feature_index"
    case .name: "feature_name"
    case .column: "flat_feature_index"
    case .hasMissing: "has_nans"
    case .missingTreatment: "nan_value_treatment"
    case .stringValues: "string_values"
    case .usedInModel: "used_in_model"
    case .values: "values"
    }
  }
}

/// An element of `ctrs`
enum CatBoostStatisticKey: Int, FileKey {
  case borders
  case type
  case elements
  case identifier
  case priorDenominator
  case priorNumerator
  case scale
  case shift
  case targetBorder

  var text: StaticString {
    switch self {
    case .borders: "borders"
    case .type: "ctr_type"
    case .elements: "elements"
    case .identifier: "identifier"
    case .priorDenominator: "prior_denomerator"
    case .priorNumerator: "prior_numerator"
    case .scale: "scale"
    case .shift: "shift"
    case .targetBorder: "target_border_idx"
    }
  }
}

/// An element of `elements`, and of the list in a table's identifier
enum CatBoostElementKey: Int, FileKey {
  case border
  case categoricalFeature
  case kind
  case numericFeature
  case value

  var text: StaticString {
    switch self {
    case .border: "border"
    case .categoricalFeature: "cat_feature_index"
    case .kind: "combination_element"
    case .numericFeature: "float_feature_index"
    case .value: "value"
    }
  }
}

/// The JSON in the name of a table
enum CatBoostIdentifierKey: Int, FileKey {
  case elements
  case type

  var text: StaticString {
    switch self {
    case .elements: "identifier"
    case .type: "type"
    }
  }
}

/// An element of `ctr_data`
enum CatBoostTableJSONKey: Int, FileKey {
  case counterDenominator
  case records
  case stride

  var text: StaticString {
    switch self {
    case .counterDenominator: "counter_denominator"
    case .records: "hash_map"
    case .stride: "hash_stride"
    }
  }
}

/// An element of `oblivious_trees`
enum CatBoostObliviousTreeKey: Int, FileKey {
  case leafValues
  case leafWeights
  case splits

  var text: StaticString {
    switch self {
    case .leafValues: "leaf_values"
    case .leafWeights: "leaf_weights"
    case .splits: "splits"
    }
  }
}

/// A split of a tree
enum CatBoostSplitKey: Int, FileKey {
  case border
  case categoricalFeature
  case targetBorder
  case numericFeature
  case index
  case kind
  case value

  var text: StaticString {
    switch self {
    case .border: "border"
    case .categoricalFeature: "cat_feature_index"
    case .targetBorder: "ctr_target_border_idx"
    case .numericFeature: "float_feature_index"
    case .index: "split_index"
    case .kind: "split_type"
    case .value: "value"
    }
  }
}

/// A node or leaf of a tree in `trees`
enum CatBoostNodeKey: Int, FileKey {
  case left
  case right
  case split
  case value
  case weight

  var text: StaticString {
    switch self {
    case .left: "left"
    case .right: "right"
    case .split: "split"
    case .value: "value"
    case .weight: "weight"
    }
  }
}
