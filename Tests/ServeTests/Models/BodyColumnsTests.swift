import TestSupport
import Testing
import TreeIR

@testable import Serve

/// Where CatBoost takes the columns of a body from.
@Suite struct BodyColumnsTests {
  /// Columns a, b, k (categories), c and d; the model looks at b and c.
  private let columns: BodyColumns
  private let names: ColumnNames

  init() throws {
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(name: "a", kind: .numeric), InputColumn(name: "b", kind: .numeric),
        InputColumn(name: "k", kind: .hashedText(.cityHash32)),
        InputColumn(name: "c", kind: .numeric), InputColumn(name: "d", kind: .numeric),
      ]))
    var ensemble = EnsembleBuilder(profile: .catBoost, outputCount: 1)
    for slot in [1, 3] {
      try ensemble.add(
        SampleModels.stump(
          slot: slot, condition: .greater, threshold: 0, missing: .compare, left: 1, right: 2))
    }
    let score = builder.score(builder.add(ensemble.build()))
    builder.outputs = [
      ModelOutput(.raw, slots: Array(score)), ModelOutput(.prediction, slots: Array(score)),
    ]
    builder.provenance = Provenance(library: "CatBoost")
    let model = try builder.build()
    columns = BodyColumns(model)
    names = ColumnNames(model)
  }

  private func list(_ text: String) -> [[UInt8]] { text.map { Array(String($0).utf8) } }

  private func order(_ text: String, isStrict: Bool = true) -> ColumnOrder? {
    let list = list(text)
    guard columns.areFoundByName(list, in: names) else { return nil }
    return columns.order(of: list, in: names, isStrict: isStrict)
  }

  private func problem(_ text: String, isStrict: Bool = true) -> String? {
    columns.problem(of: list(text), in: names, isStrict: isStrict)
  }

  @Test func knowsWhatTheModelLooksAt() {
    #expect(columns.isUsed == [false, true, false, true, false])
    #expect(columns.minimumWidth == 3)
  }

  @Test func columnsAtTheirPlacesAreInOrder() {
    #expect(order("abkcd") == .model)
    #expect(order("xbkcyz") == .model)
  }

  @Test func allThatCountAreFoundByName() throws {
    guard case .mapped(let places)? = order("cxkzwvb") else {
      Issue.record("not found")
      return
    }
    // Behind the model's columns: one place for numbers, one for each column of categories.
    #expect((0..<8).map { places[$0] } == [3, 5, 8, 5, 5, 5, 1, 5])
    #expect(places.far == [6])
    #expect(problem("cxkzwvb") == nil)
  }

  @Test func whatMustNotBeLookedAtIsIgnored() {
    guard case .mapped(let places)? = order("cxkb", isStrict: false) else {
      Issue.record("not found")
      return
    }
    #expect((0..<6).map { places[$0] } == [3, -1, -1, 1, -1, -1])
  }

  @Test func aColumnMustStandAtAPlaceOfItsKind() {
    #expect(order("abcxd") == nil)
    #expect(problem("abcxd")?.contains("categories") == true)
    #expect(problem("abcxd", isStrict: false) == nil)
  }

  @Test(
    arguments: [
      ("abkxd", "'x'"), ("vwxyz", "'w'"), ("abkc" + "xx", "Two columns are called 'x'"),
      ("abx", "'c' is missing"), ("", "no columns"),
    ])
  func tellsWhatIsWrong(_ list: String, _ words: String) {
    #expect(problem(list)?.contains(words) == true)
  }

  @Test func namesThatAreEmptyAreAnyNames() {
    let blank: [[UInt8]] = [[], [], [], [], []]
    #expect(columns.problem(of: blank, in: names, isStrict: true) == nil)
    #expect(!columns.areFoundByName(blank, in: names))
  }
}
