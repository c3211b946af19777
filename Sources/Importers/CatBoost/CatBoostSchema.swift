/// The tables of cbm files that predictions need, field by field.
///
/// Source: CatBoost's `libs/model/flatbuffers/model.fbs`, `features.fbs` and `ctr_data.fbs`.
enum CatBoostSchema {
  typealias Field = FlatBuffer.Field

  enum Core {
    static let formatVersion = Field(0, "FormatVersion")
    static let trees = Field(1, "ModelTrees")
    static let info = Field(2, "InfoMap")
    static let parts = Field(3, "ModelPartIds")
  }

  enum Info {
    static let key = Field(0, "Key")
    static let value = Field(1, "Value")
  }

  enum Trees {
    static let dimension = Field(0, "ApproxDimension")
    static let splits = Field(1, "TreeSplits")
    static let sizes = Field(2, "TreeSizes")
    static let starts = Field(3, "TreeStartOffsets")
    static let categorical = Field(4, "CatFeatures")
    static let numeric = Field(5, "FloatFeatures")
    static let oneHot = Field(6, "OneHotFeatures")
    static let statistics = Field(7, "CtrFeatures")
    static let leafValues = Field(8, "LeafValues")
    static let leafWeights = Field(9, "LeafWeights")
    static let nodes = Field(10, "NonSymmetricStepNodes")
    static let leaves = Field(11, "NonSymmetricNodeIdToLeafId")
    static let text = Field(12, "TextFeatures")
    static let estimated = Field(13, "EstimatedFeatures")
    static let scale = Field(14, "Scale")
    static let bias = Field(15, "Bias")
    static let biases = Field(16, "MultiBias")
    static let embedding = Field(18, "EmbeddingFeatures")
  }

  enum Numeric {
    static let hasMissing = Field(0, "HasNans")
    static let index = Field(1, "Index")
    static let column = Field(2, "FlatIndex")
    static let borders = Field(3, "Borders")
    static let name = Field(4, "FeatureId")
    static let missingTreatment = Field(5, "NanValueTreatment")
  }

  enum Categorical {
    static let index = Field(0, "Index")
    static let column = Field(1, "FlatIndex")
    static let name = Field(2, "FeatureId")
  }

  enum OneHot {
    static let feature = Field(0, "Index")
    static let values = Field(1, "Values")
    static let texts = Field(2, "StringValues")
  }

  enum Statistic {
    static let model = Field(0, "Ctr")
    static let borders = Field(1, "Borders")
  }

  enum StatisticModel {
    static let base = Field(0, "Base")
    static let targetBorder = Field(1, "TargetBorderIdx")
    static let priorNumerator = Field(2, "PriorNum")
    static let priorDenominator = Field(3, "PriorDenom")
    static let shift = Field(4, "Shift")
    static let scale = Field(5, "Scale")
  }

  enum StatisticBase {
    static let combination = Field(0, "FeatureCombination")
    static let type = Field(1, "CtrType")
    static let target = Field(2, "TargetBorderClassifierIdx")
  }

  enum Combination {
    static let categories = Field(0, "CatFeatures")
    static let floatSplits = Field(1, "FloatSplits")
    static let oneHotTests = Field(2, "OneHotSplits")
  }

  enum Table {
    static let base = Field(0, "ModelCtrBase")
    static let index = Field(1, "IndexHashRaw")
    static let values = Field(2, "CTRBlob")
    static let counterDenominator = Field(3, "CounterDenominator")
    static let classCount = Field(4, "TargetClassesCount")
  }
}
