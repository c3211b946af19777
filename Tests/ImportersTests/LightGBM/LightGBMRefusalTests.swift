import Foundation
import Importers
import TestSupport
import Testing
import TreeIR

@Suite(
  "Broken LightGBM models are refused with place and remedy", .timeLimit(.minutes(1)))
struct LightGBMRefusalTests {
  static let hostile = try! CSVContent(Data(Fixture.bytes("hostile/lightgbm/index.csv"))).rows
    .map { (file: $0[0], word: $0[2]) }

  @Test("a file one edit away from a good one", arguments: hostile)
  func hostileFile(file: String, word: String) throws {
    let error = try #require(refusal(of: try Fixture.bytes("hostile/lightgbm/\(file)")))
    #expect(error.description.contains(word), "\(error)")
    #expect(!error.remedy.isEmpty)
  }

  @Test("the good files are good", arguments: ["valid.txt", "valid-linear.txt", "valid.json"])
  func validFile(file: String) throws {
    #expect(refusal(of: try Fixture.bytes("hostile/lightgbm/\(file)")) == nil)
  }

  @Test("a text cut anywhere before the end of its trees is refused")
  func truncatedText() throws {
    let bytes = try Fixture.bytes("hostile/lightgbm/valid.txt")
    let text = String(decoding: bytes, as: UTF8.self)
    let end = text.utf8.distance(
      from: text.startIndex, to: try #require(text.range(of: "end of trees")).lowerBound)
    for length in 0..<end + "end of tree".utf8.count {
      let error = refusal(of: Array(bytes.prefix(length)))
      #expect(error != nil, "cut after \(length) bytes")
      if length > "tree\n".utf8.count {
        #expect(error?.code == .truncated, "cut after \(length) bytes: \(error!)")
      }
    }
  }

  @Test("a JSON text cut anywhere is refused")
  func truncatedJSON() throws {
    let bytes = try Fixture.bytes("hostile/lightgbm/valid.json")
    let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
    for length in 0...end {
      #expect(refusal(of: Array(bytes.prefix(length))) != nil, "cut after \(length) bytes")
    }
  }

  @Test("a section of parameters without its end is refused", arguments: ["parameters", "parser"])
  func openSection(name: String) throws {
    let text = SmallModel().text() + "\(name):\n[a: 1]\n"
    let error = try #require(refusal(of: text))
    #expect(error.code == .truncated)
    #expect(error.description.contains("end of \(name)"))
  }

  @Test("an unknown key is refused with its line")
  func unknownKeys() throws {
    for (line, before) in [
      ("leaf_magic=1", "leaf_value"), ("magic=1", "feature_names"), ("magic", "feature_names"),
    ] {
      let model = SmallModel().inserting(line, before: before)
      let error = try #require(refusal(of: model.text()))
      #expect(error.code == .unsupported)
      #expect(error.place.line == model.line(of: line))
      #expect(error.place.key?.contains("magic") == true)
    }
    let error = try #require(refusal(of: SmallModel().text() + "magic\n"))
    #expect(error.place.line == SmallModel().lines.count)
  }

  @Test(
    "a key that stands twice is refused",
    arguments: ["num_class=1", "leaf_value=1 2 3 4", "threshold=1 2 3"])
  func duplicates(line: String) throws {
    let key = String(line.prefix { $0 != "=" })
    let error = try #require(refusal(of: SmallModel().inserting(line, before: key).text()))
    #expect(error.code == .malformed)
    #expect(error.place.key == key)
    #expect(error.place.line == SmallModel().line(of: key) + 1)
  }

  @Test(
    "trees must be numbered from 0 up",
    arguments: ["Tree=2", "Tree=0", "Tree=x", "Tree=", "Treu=1"])
  func treeNumbers(title: String) throws {
    let model = SmallModel().inserting(title, before: "Tree=1").removing("Tree=1")
    let error = try #require(refusal(of: model.text()))
    #expect(error.place.line == SmallModel().line(of: "Tree=1"))
  }

  @Test("as many trees as tree_sizes declares")
  func treeSizes() {
    #expect(
      refusal(of: SmallModel().setting("tree_sizes", "1 1 1").text())?.place.key == "tree_sizes")
    #expect(refusal(of: SmallModel().removing("tree_sizes").text()) == nil)
  }

  @Test(
    "a missing key is named",
    arguments: [
      "num_class", "max_feature_idx", "feature_names", "num_leaves", "split_feature",
      "threshold", "left_child", "right_child", "leaf_value", "cat_boundaries", "cat_threshold",
    ])
  func missingKeys(key: String) {
    let error = refusal(of: SmallModel().removing("\(key)=").text())
    #expect(error?.code == .invalid)
    #expect(error?.place.key == key)
  }

  @Test("a file without a version is older than the rules that are known")
  func noVersion() {
    for model in [SmallModel(), SmallModel().inserting("sigmoid=1", before: "objective")] {
      let error = refusal(of: model.removing("version").text())
      #expect(error?.code == .unsupported)
      #expect(error?.place.key == "version")
    }
  }

  @Test(
    "feature_infos that are none of the three forms are refused",
    arguments: ["[0:1", "[0;1]", "[:]", "1:", "1:x", ":", "[1:2]3", "1.5", "99999999999", "nan"])
  func featureInfos(word: String) {
    let error = refusal(of: SmallModel().setting("feature_infos", "\(word) none none none").text())
    #expect(error?.place.key == "feature_infos")
  }

  @Test("limits are heeded before memory is taken")
  func limits() {
    var options = ImportOptions()
    options.limits.columns = 3
    #expect(refusal(of: SmallModel().text(), options: options)?.place.key == "max_feature_idx")
    options = ImportOptions()
    options.limits.trees = 1
    #expect(refusal(of: SmallModel().text(), options: options)?.code == .limit)
    options = ImportOptions()
    options.limits.splits = 2
    #expect(refusal(of: SmallModel().text(), options: options)?.code == .limit)
  }

  @Test("large nonsense is refused, and quickly")
  func generated() throws {
    let text = String(decoding: try Fixture.bytes("hostile/lightgbm/valid.txt"), as: UTF8.self)
    let letters = String(repeating: "x", count: 8 << 20)
    let numbers = String(repeating: "1 ", count: 2_000_000)
    let infos = String(repeating: "none ", count: 2_000_000)
    #expect(refusal(of: letters + text)?.code == .unrecognized)
    #expect(
      refusal(of: text.replacing("feature_names=a b c", with: "feature_names=" + letters))?.place
        .key
        == "feature_names")
    #expect(
      refusal(of: text.replacing("leaf_value=", with: "leaf_value=" + numbers))?.place.key
        == "leaf_value")
    #expect(
      refusal(of: text.replacing("feature_infos=", with: "feature_infos=" + infos))?.place.key
        == "feature_infos")
    let json = String(decoding: try Fixture.bytes("hostile/lightgbm/valid.json"), as: UTF8.self)
    let brackets = try #require(refusal(of: String(repeating: "[", count: 1_000_000)))
    #expect(brackets.code == .limit && brackets.description.contains("deep"))
    let unclosed = try #require(refusal(of: "{\"feature_names\": [\"" + letters))
    #expect(unclosed.code == .truncated && unclosed.description.contains("JSON"))
    let start = try #require(json.range(of: "\"tree_structure\""))
    let nested =
      json[..<start.lowerBound] + "\"tree_structure\": "
      + String(repeating: "{\"left_child\":", count: 100_000) + "{}"
      + String(repeating: "}", count: 100_000) + "}]}"
    let deep = try #require(refusal(of: String(nested)))
    #expect(deep.description.contains("99994 deeper"), "\(deep)")
  }
}
