import Importers
import Testing
import TextCodec
import TreeIR

/// An XGBoost model of two trees in few enough words to edit one at a time: the first tests
/// `age` and then, on the right, `colour` for the categories 0 and 2; the second is a leaf.
struct SmallXGBoost {
  private(set) var json = Self.text

  /// The model with the first `old` replaced by `new`.
  func replacing(_ old: String, with new: String) -> SmallXGBoost {
    var copy = self
    guard let range = json.firstRange(of: old) else {
      Issue.record("'\(old)' is not in the model")
      return self
    }
    copy.json.replaceSubrange(range, with: new)
    return copy
  }

  /// The model with another objective, base score and number of outputs, and no trees.
  static func withoutTrees(
    _ objective: String, baseScore: String = "5E-1", classes: Int = 0, targets: Int = 1,
    version: String = "3,2,0", boostsFromAverage: Bool = false
  ) -> SmallXGBoost {
    SmallXGBoost(
      json: """
        {"learner":{"attributes":{},"feature_names":[],"feature_types":[],
        "gradient_booster":{"model":{"gbtree_model_param":{"num_trees":"0"},"iteration_indptr":[0],
        "tree_info":[],"trees":[]},"name":"gbtree"},
        "learner_model_param":{"base_score":"\(baseScore)",
        "boost_from_average":"\(boostsFromAverage ? 1 : 0)","num_class":"\(classes)",
        "num_feature":"1","num_target":"\(targets)"},
        "objective":{"name":"\(objective)"}},"version":[\(version)]}
        """)
  }

  init() {}

  init(json: String) {
    self.json = json
  }

  /// The dictionary of `colour`.
  static let dictionary =
    "{\"offsets\":[0,3,5,7],\n\"values\":[114,101,100,104,101,111,110]}"

  /// The model with `colour` as plain codes.
  func withoutDictionary() -> SmallXGBoost {
    replacing(Self.dictionary, with: "{\"offsets\":[],\"values\":[]}")
  }

  /// The same in UBJSON.
  func ubjson() throws -> [UInt8] { try UBJSONWriter.bytes(ofJSON: json) }

  /// Both forms of the model.
  func forms() throws -> [[UInt8]] { [Array(json.utf8), try ubjson()] }

  func imported(options: ImportOptions = ImportOptions()) throws -> TreeModel {
    try importModel(json, options: options)
  }

  private static let text = """
    {"learner":{"attributes":{"best_iteration":"1","note":"ä"},
    "feature_names":["age","colour"],"feature_types":["float","c"],
    "gradient_booster":{"model":{
    "cats":{"enc":[{"offsets":[],"values":[]},{"offsets":[0,3,5,7],
    "values":[114,101,100,104,101,111,110]}],"feature_segments":[0,0,3],"sorted_idx":[0,1,2]},
    "gbtree_model_param":{"num_parallel_tree":"1","num_trees":"2"},
    "iteration_indptr":[0,1,2],"tree_info":[0,0],"trees":[
    {"base_weights":[0.0,0.0,0.0,0.0,0.0],"categories":[0,2],"categories_nodes":[2],
    "categories_segments":[0],"categories_sizes":[2],"default_left":[1,0,0,0,0],"id":0,
    "left_children":[1,-1,3,-1,-1],"loss_changes":[9.0,0.0,4.0,0.0,0.0],
    "parents":[2147483647,0,0,2,2],"right_children":[2,-1,4,-1,-1],
    "split_conditions":[30.5,1.0,0.0,2.0,4.0],"split_indices":[0,0,1,0,0],
    "split_type":[0,0,1,0,0],"sum_hessian":[10.0,4.0,6.0,3.5,2.5],
    "tree_param":{"num_deleted":"0","num_feature":"2","num_nodes":"5","size_leaf_vector":"1"}},
    {"base_weights":[0.0],"categories":[],"categories_nodes":[],"categories_segments":[],
    "categories_sizes":[],"default_left":[0],"id":1,"left_children":[-1],"loss_changes":[0.0],
    "parents":[2147483647],"right_children":[-1],"split_conditions":[0.25],"split_indices":[0],
    "split_type":[0],"sum_hessian":[7.0],
    "tree_param":{"num_deleted":"0","num_feature":"2","num_nodes":"1","size_leaf_vector":"1"}}
    ]},"name":"gbtree"},
    "learner_model_param":{"base_score":"[5E-1]","boost_from_average":"1","num_class":"0",
    "num_feature":"2","num_target":"1"},
    "objective":{"name":"reg:squarederror","reg_loss_param":{"scale_pos_weight":"1"}}},
    "version":[3,2,0]}
    """
}

/// Writes UBJSON as XGBoost does, but for lists: each number has a type of its own, the
/// smallest.
enum UBJSONWriter {
  /// The same objects and values as the text `json`.
  static func bytes(ofJSON json: String) throws -> [UInt8] {
    let text = Array(json.utf8)
    var reader = JSONReader(
      text.span, options: JSONReaderOptions(maximumDepth: 1 << 20, allowsNonFinite: true))
    var bytes: [UInt8] = []
    try write(&reader, &bytes)
    return bytes
  }

  static func key(_ text: String) -> [UInt8] {
    [UInt8(ascii: "L")] + bigEndian(Int64(text.utf8.count)) + Array(text.utf8)
  }

  static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static func write(_ reader: inout JSONReader, _ bytes: inout [UInt8]) throws {
    switch try reader.peekKind() {
    case .object:
      bytes.append(UInt8(ascii: "{"))
      try reader.enterObject()
      while let name = try reader.nextKey()?.makeString() {
        bytes += key(name)
        try write(&reader, &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .array:
      bytes.append(UInt8(ascii: "["))
      try reader.enterArray()
      while try reader.nextElement() { try write(&reader, &bytes) }
      bytes.append(UInt8(ascii: "]"))
    case .string: bytes += [UInt8(ascii: "S")] + key(try reader.readString())
    case .bool: bytes.append(UInt8(ascii: try reader.readBool() ? "T" : "F"))
    case .null:
      try reader.readNull()
      bytes.append(UInt8(ascii: "Z"))
    case .number:
      let raw = try reader.readRawValue()
      let text = raw.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      if let small = Int8(text) {
        bytes += [UInt8(ascii: "i"), UInt8(bitPattern: small)]
      } else if let integer = Int64(text) {
        bytes += [UInt8(ascii: "L")] + bigEndian(integer)
      } else {
        let number = text == "Infinity" ? .infinity : Float(text) ?? .nan
        bytes += [UInt8(ascii: "d")] + bigEndian(number.bitPattern)
      }
    }
  }
}
