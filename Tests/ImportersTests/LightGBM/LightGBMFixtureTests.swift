import Foundation
import Importers
import Testing
import TreeIR

@Suite("Every LightGBM fixture is imported")
struct LightGBMFixtureTests {
  @Test("there are fixtures")
  func fixturesExist() {
    #expect(Fixtures.lightGBM.count >= 60)
    #expect(Fixtures.lightGBMWithJSON.count >= 30)
  }

  @Test(
    "the text form has as many trees, leaves and columns as its lines say",
    arguments: Fixtures.lightGBM)
  func text(name: String) throws {
    let path = "lightgbm/\(name)/model.txt"
    let model = try Importer.load(
      Fixtures.path(path), options: try Fixtures.options(of: name))
    let lines = try Fixtures.text(path).split(separator: "\n")
    let ensemble = try #require(model.ensembles.first)
    #expect(ensemble.treeCount == lines.count { $0.hasPrefix("Tree=") })
    let leafCounts = lines.filter { $0.hasPrefix("num_leaves=") }.compactMap {
      Int($0.dropFirst("num_leaves=".count))
    }
    #expect((0..<ensemble.treeCount).map { ensemble.trees.leaves(of: $0).count } == leafCounts)
    #expect(ensemble.treeCount == ensemble.iterationCount * ensemble.outputCount)
    let header = try #require(
      try Fixtures.text("lightgbm/\(name)/input.csv").split(separator: "\n").first)
    #expect(model.input.count == header.split(separator: ",").count)
    #expect(model.provenance.format == "LightGBM text")
    #expect(model.provenance.library == "LightGBM")
    #expect(lines.contains("version=\(model.provenance.version)"))
    let bytes = try Fixtures.bytes(path)
    #expect(model.provenance.sourceHash == xxh64(bytes.span))
    #expect(model.provenance.sourceSize == UInt64(bytes.count))
  }

  @Test("text columns have dictionaries, others have none", arguments: Fixtures.lightGBM)
  func dictionaries(name: String) throws {
    let model = try Importer.load(
      Fixtures.path("lightgbm/\(name)/model.txt"), options: try Fixtures.options(of: name))
    let isText = try Fixtures.text("lightgbm/\(name)/meta.json").split(separator: "\"").filter {
      $0 == "num" || $0 == "str"
    }.map { $0 == "str" }
    let hasDictionary = model.input.columns.map {
      if case .dictionary = $0.kind { true } else { false }
    }
    #expect(hasDictionary == isText)
  }

  @Test("text and JSON of a model are the same trees", arguments: Fixtures.lightGBMWithJSON)
  func textEqualsJSON(name: String) throws {
    var options = try Fixtures.options(of: name)
    let text = try Importer.load(
      Fixtures.path("lightgbm/\(name)/model.txt"), options: options)
    if options.categoricalColumns.isEmpty {
      // A dump does not list the categorical features, so that the caller may have to.
      options.categoricalColumns = text.input.columns.filter {
        if case .dictionary = $0.kind { true } else { false }
      }.map(\.name)
    }
    let json = try Importer.load(
      Fixtures.path("lightgbm/\(name)/model.json"), options: options)
    let (left, right) = (text.ensembles[0], json.ensembles[0])
    #expect(left.trees == right.trees)
    #expect(left.comparableSplits == right.comparableSplits)
    #expect(left.children == right.children)
    #expect(left.leaves == right.leaves)
    #expect(left.earlyStopping == right.earlyStopping)
    #expect(text.operations == json.operations)
    #expect(text.outputs == json.outputs)
    #expect(text.task == json.task)
    #expect(text.input.columns.map(\.name) == json.input.columns.map(\.name))
    #expect(json.provenance.format == "LightGBM JSON")
  }

  @Test(
    "a model saved as .tir opens as the same model", arguments: ["lgb_multiclass", "lgb_linear"])
  func tir(name: String) throws {
    let model = try Importer.load(Fixtures.path("lightgbm/\(name)/model.txt"))
    let path = FileManager.default.temporaryDirectory
      .appending(path: "\(UUID().uuidString).tir").path(percentEncoded: false)
    try model.write(to: path)
    defer { unlink(path) }
    let opened = try Importer.load(path)
    #expect(opened.ensembles == model.ensembles)
    #expect(opened.input == model.input)
    #expect(opened.provenance == model.provenance)
  }
}
