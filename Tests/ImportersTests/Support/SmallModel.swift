import Importers
import TreeIR

/// A LightGBM text model of two trees, one feature of every kind, and few enough lines to
/// edit one at a time.
struct SmallModel {
  private(set) var lines: [String]

  init() {
    lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The model with the first line of `key` in the first tree or before it set to `value`.
  func setting(_ key: String, _ value: String) -> SmallModel {
    var copy = self
    let index = copy.lines.firstIndex { $0.hasPrefix("\(key)=") }!
    copy.lines[index] = "\(key)=\(value)"
    return copy
  }

  /// The model without the first line that begins with `beginning`.
  func removing(_ beginning: String) -> SmallModel {
    var copy = self
    copy.lines.remove(at: copy.lines.firstIndex { $0.hasPrefix(beginning) }!)
    return copy
  }

  /// The model with `line` inserted before the first line that begins with `beginning`.
  func inserting(_ line: String, before beginning: String) -> SmallModel {
    var copy = self
    copy.lines.insert(line, at: copy.lines.firstIndex { $0.hasPrefix(beginning) }!)
    return copy
  }

  /// The model with `footer` as its last line.
  func appending(_ footer: String) -> SmallModel {
    var copy = self
    copy.lines += [footer, ""]
    return copy
  }

  func text(lineEnd: String = "\n") -> String { lines.joined(separator: lineEnd) }

  func imported(options: ImportOptions = ImportOptions()) throws -> TreeModel {
    try importModel(text(), options: options)
  }

  /// The number of the first line that begins with `beginning`, from 1.
  func line(of beginning: String) -> Int {
    lines.firstIndex { $0.hasPrefix(beginning) }! + 1
  }

  private static let text = """
    tree
    version=v4
    num_class=1
    num_tree_per_iteration=1
    label_index=0
    max_feature_idx=3
    objective=regression
    feature_names=age colour height weight
    feature_infos=[0:90] -1:2:0:1 [1.25:2.5] none
    tree_sizes=1 1

    Tree=0
    num_leaves=4
    num_cat=1
    split_feature=0 1 2
    split_gain=3.5 2.5 1.5
    threshold=30.5 0 1.75
    decision_type=2 1 10
    left_child=1 -1 -3
    right_child=2 -2 -4
    leaf_value=0.1 -0.2 0.3 -0.4
    leaf_weight=1 1 1 1
    leaf_count=10 20 30 40
    internal_value=0 0 0
    internal_weight=4 2 2
    internal_count=100 30 70
    cat_boundaries=0 1
    cat_threshold=5
    is_linear=0
    shrinkage=1


    Tree=1
    num_leaves=1
    num_cat=0
    split_feature=
    split_gain=
    threshold=
    decision_type=
    left_child=
    right_child=
    leaf_value=0.0625
    leaf_weight=
    leaf_count=
    internal_value=
    internal_weight=
    internal_count=
    is_linear=0
    shrinkage=1


    end of trees

    feature_importances:
    age=1

    parameters:
    [boosting: gbdt]
    [categorical_feature: 1]
    [data: ]

    end of parameters

    """
}

/// The model that `text` is.
func importModel(_ text: String, options: ImportOptions = ImportOptions()) throws -> TreeModel {
  try importModel(Array(text.utf8), options: options)
}

/// The model that `bytes` are.
func importModel(
  _ bytes: [UInt8], options: ImportOptions = ImportOptions()
) throws(ImportError) -> TreeModel {
  try Importer.read(bytes.span, name: "model", options: options)
}

/// The error with which `text` is refused, or nil if it is not.
func refusal(of text: String, options: ImportOptions = ImportOptions()) -> ImportError? {
  refusal(of: Array(text.utf8), options: options)
}

/// The error with which `bytes` are refused, or nil if they are not.
func refusal(of bytes: [UInt8], options: ImportOptions = ImportOptions()) -> ImportError? {
  do {
    _ = try importModel(bytes, options: options)
    return nil
  } catch {
    return error
  }
}
