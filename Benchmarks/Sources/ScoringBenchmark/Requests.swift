import Importers
import TreeIR

/// How many digits the numbers of a body have.
enum Digits {
  /// As many as a random Double needs.
  case long
  /// Six behind the point.
  case short
}

/// Rows of random numbers, as text.
func numbers(
  _ rows: Int, _ columns: Int, _ digits: Digits, _ random: inout SplitMix64
) -> [[String]] {
  (0..<rows).map { _ in
    (0..<columns).map { _ in
      switch digits {
      case .long: "\(Double.random(in: -3...3, using: &random))"
      case .short: "\(Double(Int.random(in: -3_000_000...3_000_000, using: &random)) / 1e6)"
      }
    }
  }
}

func dataframeSplit(_ rows: [[String]], named: Bool = true) -> String {
  let columns = named ? "\"columns\": \(names(rows).map { "\"\($0)\"" }.array), " : ""
  return "{\"dataframe_split\": {\(columns)\"data\": \(rows.map(\.array).array)}}"
}

func dataframeRecords(_ rows: [[String]]) -> String {
  let names = names(rows)
  let records = rows.map { row in
    let pairs = zip(names, row).map { "\"\($0)\": \($1)" }
    return "{\(pairs.joined(separator: ", "))}"
  }
  return "{\"dataframe_records\": \(records.array)}"
}

func instances(_ rows: [[String]]) -> String {
  "{\"instances\": \(rows.map(\.array).array)}"
}

func csv(_ rows: [[String]]) -> String {
  ([names(rows)] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
}

private func names(_ rows: [[String]]) -> [String] {
  rows[0].indices.map { "\($0)" }
}

extension [String] {
  fileprivate var array: String { "[\(joined(separator: ", "))]" }
}

/// A regression of one tree with one split.
func importStump(columns: Int) throws -> TreeModel {
  let names = (0..<columns).map { "\($0)" }.joined(separator: " ")
  let ranges = (0..<columns).map { _ in "[-3:3]" }.joined(separator: " ")
  let text = """
    tree
    version=v4
    num_class=1
    num_tree_per_iteration=1
    label_index=0
    max_feature_idx=\(columns - 1)
    objective=regression
    feature_names=\(names)
    feature_infos=\(ranges)

    Tree=0
    num_leaves=2
    num_cat=0
    split_feature=0
    split_gain=1
    threshold=0
    decision_type=2
    left_child=-1
    right_child=-2
    leaf_value=0.5 1.5
    leaf_weight=1 1
    leaf_count=1 1
    internal_value=1
    internal_weight=2
    internal_count=2
    is_linear=0
    shrinkage=1


    end of trees

    parameters:
    [objective: regression]
    end of parameters

    """
  return try Importer.read(Array(text.utf8).span, name: "a stump")
}

/// A generator that gives the same numbers everywhere.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
