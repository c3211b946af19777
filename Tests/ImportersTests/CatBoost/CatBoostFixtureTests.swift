import Importers
import TestSupport
import Testing
import TreeIR

extension Fixture {
  /// The cases of real CatBoost models.
  static let catBoost = all("catboost")
  /// Those that JSON can hold.
  static let catBoostJSON = catBoost.filter { $0.path("model.json") != nil }

  /// The model of one of the case's two files.
  func importCatBoost(_ file: String) throws -> TreeModel {
    try Importer.load(try #require(path(file)))
  }
}

@Suite("Every model of the CatBoost fixtures gives CatBoost's own answers")
struct CatBoostFixtureTests {
  @Test("there are fixtures of old and new versions")
  func fixturesExist() {
    #expect(Fixture.catBoost.count >= 130)
    #expect(Fixture.catBoostJSON.count >= Fixture.catBoost.count - 10)
    for version in ["0.20.2", "0.24.4", "0.26.1", "1.0.6", "1.1.1", "1.2", "1.2.10"] {
      #expect(Fixture.catBoost.contains { $0.version == version }, "\(version)")
    }
  }

  @Test(arguments: Fixture.catBoost)
  func cbm(_ fixture: Fixture) throws {
    try fixture.check(try fixture.importCatBoost("model.cbm"))
  }

  @Test(arguments: Fixture.catBoostJSON)
  func json(_ fixture: Fixture) throws {
    try fixture.check(try fixture.importCatBoost("model.json"))
  }

  @Test("JSON and cbm of a model are the same model", arguments: Fixture.catBoostJSON)
  func sameModel(_ fixture: Fixture) throws {
    let json = try fixture.importCatBoost("model.json")
    let cbm = try fixture.importCatBoost("model.cbm")
    #expect(json.input == cbm.input)
    #expect(json.operations.map(\.results) == cbm.operations.map(\.results))
    #expect(json.outputs == cbm.outputs)
    #expect(json.classLabels == cbm.classLabels)
    #expect(json.task == cbm.task)
    #expect(json.provenance.objective == cbm.provenance.objective)
    #expect(json.provenance.version == cbm.provenance.version)
    for (left, right) in zip(json.ensembles, cbm.ensembles) {
      #expect(left.trees.iterationStarts == right.trees.iterationStarts)
      #expect(left.leaves.count == right.leaves.count)
      #expect(left.isOblivious == right.isOblivious)
    }
    let bytes = try fixture.bytes("model.cbm")
    #expect(cbm.provenance.sourceHash == xxh64(bytes.span))
  }

  @Test("columns of text are hashed, others are numbers", arguments: Fixture.catBoost)
  func columns(_ fixture: Fixture) throws {
    let texts = Set(try fixture.textColumns())
    for column in try fixture.importCatBoost("model.cbm").input.columns
    where column.kind != .ignored {
      #expect(column.kind == (texts.contains(column.name) ? .hashedText(.cityHash32) : .numeric))
    }
  }
}
