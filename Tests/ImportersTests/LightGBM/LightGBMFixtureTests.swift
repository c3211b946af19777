import Foundation
import Importers
import TestSupport
import Testing
import TreeIR

@Suite("Every LightGBM fixture is imported")
struct LightGBMFixtureTests {
  @Test("there are fixtures")
  func fixturesExist() {
    #expect(Fixture.lightGBM.count >= 71)
    #expect(Fixture.lightGBMWithJSON.count >= 30)
  }

  @Test(
    "the text form has as many trees, leaves and columns as its lines say",
    arguments: Fixture.lightGBM)
  func text(fixture: Fixture) throws {
    let model = try fixture.importText()
    let bytes = try fixture.bytes("model.txt")
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let ensemble = try #require(model.ensembles.first)
    #expect(ensemble.treeCount == lines.count { $0.hasPrefix("Tree=") })
    let leafCounts = lines.filter { $0.hasPrefix("num_leaves=") }.compactMap {
      Int($0.dropFirst("num_leaves=".count))
    }
    #expect((0..<ensemble.treeCount).map { ensemble.trees.leaves(of: $0).count } == leafCounts)
    #expect(ensemble.treeCount == ensemble.iterationCount * ensemble.outputCount)
    #expect(model.input.count == (try fixture.table("input.csv")).header.count)
    #expect(model.provenance.format == "LightGBM text")
    #expect(model.provenance.library == "LightGBM")
    #expect(lines.contains("version=\(model.provenance.version)"))
    #expect(model.provenance.sourceHash == xxh64(bytes.span))
    #expect(model.provenance.sourceSize == UInt64(bytes.count))
  }

  @Test("text columns have dictionaries, others have none", arguments: Fixture.lightGBM)
  func dictionaries(fixture: Fixture) throws {
    let header = try fixture.table("input.csv").header
    let withDictionary = zip(header, try fixture.importText().input.columns).filter {
      if case .dictionary = $0.1.kind { true } else { false }
    }
    #expect(withDictionary.map(\.0) == (try fixture.textColumns()))
  }

  @Test("text and JSON of a model are the same trees", arguments: Fixture.lightGBMWithJSON)
  func textEqualsJSON(fixture: Fixture) throws {
    let text = try fixture.importText()
    let json = try fixture.importJSON()
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
    let model = try Fixture.named(name, in: "lightgbm").importText()
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
