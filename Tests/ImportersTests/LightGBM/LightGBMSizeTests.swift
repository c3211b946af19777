import Importers
import Testing
import TreeIR

/// Nothing is looked up by going through a list: quadratic work on models of this size
/// takes minutes.
@Suite("Time grows linearly with the size of a LightGBM model", .timeLimit(.minutes(1)))
struct LightGBMSizeTests {
  static let columnCount = 200_000
  static let dictionaryCount = 20_000

  private func joined(_ range: Range<Int>, _ separator: String, _ part: (Int) -> String) -> String {
    range.map(part).joined(separator: separator)
  }

  private var categories: String {
    "[" + joined(0..<Self.dictionaryCount, ", ") { "[\"a\($0)\", \"b\($0)\"]" } + "]"
  }

  /// A text model whose first columns are the categorical ones.
  private var wide: SmallModel {
    let all = 0..<Self.columnCount
    return SmallModel().setting("max_feature_idx", "\(Self.columnCount - 1)")
      .setting("feature_names", joined(all, " ") { "column\($0)" })
      .setting("feature_infos", joined(all, " ") { _ in "none" })
      .setting("decision_type", "2 2 10")
      .removing("[categorical_feature")
      .appending("pandas_categorical:\(categories)")
  }

  private func check(_ model: TreeModel) throws {
    let columns = model.input.columns
    #expect(columns.count == Self.columnCount)
    for number in [0, 1, Self.dictionaryCount - 1] {
      #expect(
        columns[number].kind
          == .dictionary([.string("a\(number)"), .string("b\(number)")], unknown: .missing))
    }
    #expect(columns[Self.dictionaryCount].kind == .numeric)
  }

  @Test("columns listed by name and by number", arguments: ["name:column", ""])
  func listed(prefix: String) throws {
    let separator = prefix.isEmpty ? "," : ",column"
    let list = prefix + joined(0..<Self.dictionaryCount, separator) { "\($0)" }
    try check(
      wide.inserting("[categorical_feature: \(list)]", before: "[data: ").imported())
  }

  @Test("columns named by the caller")
  func named() throws {
    var options = ImportOptions()
    options.categoricalColumns = (0..<Self.dictionaryCount).reversed().map { "column\($0)" }
    try check(wide.imported(options: options))
    options.categoricalColumns[0] = "nowhere"
    #expect(refusal(of: wide.text(), options: options)?.feature == "nowhere")
  }

  @Test("columns of a dump, and what training saw in them")
  func dump() throws {
    let all = 0..<Self.columnCount
    let infos = joined(all, ", ") {
      let values = $0 < Self.dictionaryCount ? "0, 1" : ""
      return "\"column\($0)\": {\"min_value\": 0, \"max_value\": 1.5, \"values\": [\(values)]}"
    }
    let text = LightGBMJSONTests.dump(
      header: "\"average_output\": false, \"feature_infos\": {\(infos)},",
      footer: ", \"pandas_categorical\": \(categories)"
    ).replacing("\"a\", \"b\"", with: joined(all, ", ") { "\"column\($0)\"" })
      .replacing("\"max_feature_idx\": 1", with: "\"max_feature_idx\": \(Self.columnCount - 1)")
    try check(importModel(text))
  }

  @Test("a hundred thousand small trees, as text and as JSON")
  func smallTrees() throws {
    let count = 100_000
    var lines = SmallModel().lines
    let trees = lines.firstIndex(of: "Tree=0")!..<lines.firstIndex(of: "end of trees")!
    let leaf = Array(lines[trees].drop { $0 != "Tree=1" }.dropFirst())
    lines.replaceSubrange(trees, with: (0..<count).flatMap { ["Tree=\($0)"] + leaf })
    lines.removeAll { $0.hasPrefix("tree_sizes=") }
    #expect(try importModel(lines.joined(separator: "\n")).ensembles[0].treeCount == count)
    let dumped = LightGBMJSONTests.dump(
      trees: joined(0..<count, ",") {
        LightGBMJSONTests.stump(LightGBMJSONTests.numeric("0.25"), index: $0)
      })
    #expect(try importModel(dumped).ensembles[0].splits.count == count)
  }
}
