import Importers
import TestSupport
import Testing
import TreeIR

extension Fixture {
  /// The cases of real XGBoost models.
  static let xgBoost = all("xgboost")

  /// The model of one of the case's two files.
  func importXGBoost(_ file: String) throws -> TreeModel {
    try Importer.load(try #require(path(file)))
  }
}

@Suite("Every model of the XGBoost fixtures gives XGBoost's own answers")
struct XGBoostFixtureTests {
  @Test("there are fixtures of every version")
  func fixturesExist() {
    #expect(Fixture.xgBoost.count >= 120)
    for version in [
      "1.7.2", "1.7.6", "2.0.3", "2.1.4", "3.0.5", "3.1.3", "3.2.0", "3.3.0", "3.4.1",
    ] {
      #expect(Fixture.xgBoost.contains { $0.version == version }, "\(version)")
    }
  }

  @Test(arguments: Fixture.xgBoost)
  func json(_ fixture: Fixture) throws {
    try fixture.check(try fixture.importXGBoost("model.json"))
  }

  @Test(arguments: Fixture.xgBoost)
  func ubjson(_ fixture: Fixture) throws {
    try fixture.check(try fixture.importXGBoost("model.ubj"))
  }

  @Test("JSON and UBJSON of a model are the same model", arguments: Fixture.xgBoost)
  func sameModel(_ fixture: Fixture) throws {
    let json = try fixture.importXGBoost("model.json")
    let ubjson = try fixture.importXGBoost("model.ubj")
    #expect(json.input == ubjson.input)
    #expect(json.operations == ubjson.operations)
    #expect(json.outputs == ubjson.outputs)
    #expect(json.task == ubjson.task)
    #expect(json.ensembles.count == ubjson.ensembles.count)
    for number in json.ensembles.indices {
      expectSame(json.ensembles[number], ubjson.ensembles[number])
    }
    #expect(json.provenance.version == fixture.version)
    #expect(json.provenance.version == ubjson.provenance.version)
    #expect(json.provenance.attributes == ubjson.provenance.attributes)
    let bytes = try fixture.bytes("model.ubj")
    #expect(ubjson.provenance.sourceHash == xxh64(bytes.span))
  }

  private func expectSame(_ left: Ensemble, _ right: Ensemble) {
    #expect(left.trees == right.trees)
    #expect(left.splits == right.splits)
    #expect(left.children == right.children)
    #expect(left.categorySets == right.categorySets)
    #expect(left.baseScores == right.baseScores)
    #expect(left.leaves.nativeIDs == right.leaves.nativeIDs)
    #expect(comparable(left.leaves.values) == comparable(right.leaves.values))
  }

  /// Bits of numbers; NaN is written without its sign in JSON.
  private func comparable(_ values: Column<Double>) -> [UInt64] {
    (0..<values.count).map { values[$0].isNaN ? Double.nan.bitPattern : values[$0].bitPattern }
  }

  @Test("text columns have dictionaries, others have none", arguments: Fixture.xgBoost)
  func dictionaries(_ fixture: Fixture) throws {
    let columns = try fixture.importXGBoost("model.ubj").input.columns.filter {
      if case .dictionary = $0.kind { true } else { false }
    }
    #expect(columns.map(\.name) == (try fixture.textColumns()))
  }
}
