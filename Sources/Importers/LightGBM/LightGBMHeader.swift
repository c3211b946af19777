import TreeIR

/// What precedes the trees, in text and JSON alike.
struct LightGBMHeader {
  /// Top-level keys of both forms. Every LightGBM from 2.0.12 to 4.x writes a part of these.
  enum Key: Int, FileKey {
    case name
    case version
    case classCount
    case treesPerIteration
    case labelIndex
    case maxFeatureIndex
    case objective
    case averageOutput
    case featureNames
    case monotoneConstraints
    case featureInfos
    case treeSizes
    case treeInfo
    case featureImportances
    case pandasCategorical

    var text: StaticString {
      switch self {
      case .name: "name"
      case .version: "version"
      case .classCount: "num_class"
      case .treesPerIteration: "num_tree_per_iteration"
      case .labelIndex: "label_index"
      case .maxFeatureIndex: "max_feature_idx"
      case .objective: "objective"
      case .averageOutput: "average_output"
      case .featureNames: "feature_names"
      case .monotoneConstraints: "monotone_constraints"
      case .featureInfos: "feature_infos"
      case .treeSizes: "tree_sizes"
      case .treeInfo: "tree_info"
      case .featureImportances: "feature_importances"
      case .pandasCategorical: "pandas_categorical"
      }
    }
  }

  /// What training saw in a column.
  enum FeatureInfo: Equatable {
    /// Constant or unused, or the file does not tell.
    case none
    case range(Double, Double)
    /// Category codes, without −1, which stands for missing and rare ones together.
    case codes([Int])
  }

  var version: String?
  var classCount: Int?
  var treesPerIteration: Int?
  /// Largest column index.
  var maxFeatureIndex: Int?
  var objective: String?
  var averagesOutput = false
  var featureNames: [String]?
  var featureInfos: [FeatureInfo]?
  /// Where each key's value lies in the source.
  var offsets: [Key: Int] = [:]

  /// A failure of the value of `key`.
  func fault(
    _ code: ImportError.Code, _ key: Key, feature: String? = nil, _ message: String,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    Fault(
      code, at: offsets[key], key: key.name, feature: feature, message, remedy: remedy)
  }
}

/// A header whose parts are all there and agree with each other.
struct LightGBMSignature {
  let header: LightGBMHeader
  let version: String
  /// Trees in one boosting iteration: the number of raw scores.
  let outputCount: Int
  let features: LightGBMFeatureNames
  let objective: LightGBMObjective

  var featureNames: [String] { features.names }

  var columnCount: Int { featureNames.count }

  /// - Parameter objectiveIsKnown: Whether a missing objective means a custom one, and not
  ///   that the form of the file has no place for it.
  init(_ header: LightGBMHeader, limits: Limits, objectiveIsKnown: Bool) throws(Fault) {
    self.header = header
    version = try Self.checkedVersion(header)
    features = try Self.checkedNames(header, limits: limits)
    guard let classCount = header.classCount else {
      throw header.fault(.invalid, .classCount, "the key is missing")
    }
    guard classCount >= 1, classCount <= limits.outputs else {
      throw header.fault(
        .invalid, .classCount, "\(classCount) classes; 1 to \(limits.outputs) are possible")
    }
    // Absent in old files, where every class has one tree in an iteration.
    outputCount = header.treesPerIteration ?? classCount
    guard objectiveIsKnown else {
      throw header.fault(
        .unsupported, .objective, "a JSON dump of LightGBM before 2.2.3 does not name it",
        remedy: "Import the text model (save_model) instead, or dump with a newer LightGBM")
    }
    objective = try LightGBMObjective(header)
    try objective.check(outputCount: outputCount, classCount: classCount, header)
    if let infos = header.featureInfos, infos.count != features.names.count {
      throw header.fault(
        .invalid, .featureInfos,
        "\(infos.count) entries, but max_feature_idx says \(features.names.count)")
    }
  }

  private static func checkedVersion(_ header: LightGBMHeader) throws(Fault) -> String {
    guard let version = header.version else { throw header.missingVersion() }
    guard ["v2", "v3", "v4"].contains(version) else {
      throw header.fault(
        .unsupported, .version, "version \(quoted(version)) is none of v2, v3 and v4",
        remedy: Remedy.newerTreec)
    }
    return version
  }

  private static func checkedNames(
    _ header: LightGBMHeader, limits: Limits
  ) throws(Fault) -> LightGBMFeatureNames {
    guard let maxFeatureIndex = header.maxFeatureIndex else {
      throw header.fault(.invalid, .maxFeatureIndex, "the key is missing")
    }
    guard maxFeatureIndex >= 0, maxFeatureIndex < limits.columns else {
      throw header.fault(
        .limit, .maxFeatureIndex,
        "\(maxFeatureIndex) is not the last of 1 to \(limits.columns) features",
        remedy: "A model with more features than the limit can be read with larger limits")
    }
    guard let names = header.featureNames else {
      throw header.fault(.invalid, .featureNames, "the key is missing")
    }
    guard names.count == maxFeatureIndex + 1 else {
      throw header.fault(
        .invalid, .featureNames,
        "\(names.count) names, but max_feature_idx=\(maxFeatureIndex) needs "
          + "\(maxFeatureIndex + 1)")
    }
    let features = LightGBMFeatureNames(names)
    guard features.repeated == nil else {
      throw header.fault(
        .unsupported, .featureNames, feature: features.repeated, "two features have this name",
        remedy: "Rename one of them in the file, or train with distinct names")
    }
    return features
  }
}

extension LightGBMHeader {
  /// The failure of a file that does not state its version.
  func missingVersion() -> Fault {
    fault(
      .unsupported, .version,
      "the key is missing: LightGBM before 2.0.12 wrote the file, with other rules",
      remedy: "Train again with a newer LightGBM")
  }
}
