import Foundation
import TestSupport
import Testing
import TreeIR

@testable import treec

@Suite struct TreeDrawingTests {
  private func text(_ model: TreeModel, _ number: Int) throws -> String {
    TreeText(model, try model.requireTree(number)).text
  }

  private func dot(_ model: TreeModel, _ number: Int) throws -> String {
    TreeDOT(model, try model.requireTree(number)).text
  }

  // MARK: text

  @Test func splitsAndLeavesAreIndented() throws {
    #expect(
      try text(SampleModels.regression(), 1) == """
        tree 1 of 2, iteration 1: 2 leaves

        y <= 0.0  (missing: yes)
        ├─ yes: leaf 0 = 0.25
        └─ no: leaf 1 = -0.5

        """)
  }

  @Test func numbersOfTheSourceGainsCoversAndLinearModelsAreShown() throws {
    #expect(
      try text(SampleModels.everything(), 0) == """
        tree 0 of 2, tree 0 of ensemble 0, iteration 0: 2 leaves

        code in {0, 3, 35}  (missing: no, gain 3.5, cover 30)
        ├─ yes: leaf 7 = 0.5 + 2.0 * größe, or 1.0 where one of these is missing  (cover 10)
        └─ no: leaf 9 = 2.0  (cover 20)

        """)
  }

  @Test func vectorLeavesAndWeightsAreShown() throws {
    #expect(
      try text(SampleModels.everything(), 1) == """
        tree 1 of 2, tree 0 of ensemble 1, iteration 0, 2 outputs, leaves times 0.5: 2 leaves

        größe < 1.0  (missing: yes)
        ├─ yes: leaf 0 = [1.0, 2.0]
        └─ no: leaf 1 = [3.0, 4.0]

        """)
  }

  @Test func anObliviousTreeIsShownByLevels() throws {
    let text = try text(SampleModels.categoryStatistic(), 0)
    #expect(text.contains("8 leaves, oblivious\n"))
    #expect(
      text.contains(
        "level 0: CTR(borders 0, prior 0.5/1.0: city and age > 30.0) > 9.5  (missing: no)\n"))
    #expect(text.contains("level 2: age > 20.0  (missing: no)\n"))
    #expect(text.contains("yes, no, yes: leaf 5 = 5.0\n"))
  }

  @Test func thresholdsReadBackInThePrecisionOfTheModel() throws {
    // 0.1 as Float is 0.10000000149011612 as Double; the model rounds to Float first.
    #expect(try text(SampleModels.chain(), 0).contains("amount < 0.1  ("))
  }

  @Test func theMarginOfADeepTreeIsBounded() throws {
    let count = 5000
    let tree = SampleModels.chainTree(splitCount: count)
    let text = try text(oneTree(tree), 0)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 2 * count + 2)
    #expect(lines.allSatisfy { $0.count < 200 })
    #expect(text.contains("(level 5000) └─ no: leaf 5000 = 0.0"))
  }

  @Test func longListsOfCategoriesAreCut() throws {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    let set = try ensemble.addCategorySet(words: [0xffff])
    var tree = TreeDraft()
    tree.splits = [
      Split(slot: 0, condition: .notInCategorySet, missing: .left, operand: .categorySet(set))
    ]
    tree.left = [~0]
    tree.right = [~1]
    tree.leaves = LeafDraft(values: [0, 1])
    try ensemble.add(tree)
    let model = try oneEnsemble(ensemble.build())
    #expect(try text(model, 0).contains("x not in {0, 1, 2, 3, 4, 5, 6, 7, … 8 more}"))
    let json = try TreeJSON(model, model.requireTree(0)).text
    #expect(json.contains("15") && !json.contains("more"))
  }

  @Test func treesThatAreNotThereAreRefusedWithTheRange() throws {
    let model = try SampleModels.regression()
    for number in [-1, 2, .max] {
      let failure = #expect(throws: Failure.self) { try model.requireTree(number) }
      #expect(failure?.description.contains("numbered 0 to 1") == true)
    }
  }

  // MARK: DOT

  @Test func dotHasANodeAndAnEdgeForEachNode() throws {
    #expect(
      try dot(SampleModels.regression(), 1) == """
        digraph tree_1 {
          graph [label="tree 1 of 2, iteration 1", labelloc=t, fontname="sans-serif"];
          node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];
          edge [fontname="sans-serif", fontsize=10];
          n0 [label="y <= 0.0"];
          n1 [label="leaf 0\\n0.25", style="rounded,filled", fillcolor="#eef2f7"];
          n0 -> n1 [label="yes, missing"];
          n2 [label="leaf 1\\n-0.5", style="rounded,filled", fillcolor="#eef2f7"];
          n0 -> n2 [label="no"];
        }

        """)
  }

  /// Every line is a statement whose quoted strings end where they should.
  @Test func dotIsWellFormedWhateverTheNames() throws {
    let string = #""(?:[^"\\]|\\[\\"n])*""#
    let value = "(?:\(string)|[a-z0-9]+)"
    let attributes = "\\[[a-z]+=\(value)(?:, [a-z]+=\(value))*\\]"
    let statement = try Regex("  (?:graph|node|edge|n[0-9]+(?: -> n[0-9]+)?) \(attributes);")
    var models = try SampleModels.all().map(\.model)
    models.append(try HostileModel.model())
    for model in models {
      for number in 0..<model.treeCount {
        let lines = try dot(model, number).split(separator: "\n")
        #expect(lines.first == "digraph tree_\(number) {" && lines.last == "}")
        for line in lines.dropFirst().dropLast() {
          #expect(try statement.wholeMatch(in: String(line)) != nil, "\(line)")
        }
      }
    }
  }

  @Test func dotShowsNamesAsTheyAre() throws {
    let text = try dot(HostileModel.model(), 0)
    #expect(text.contains(#"\"quoted\\\" \\N &amp;amp; {a|b} '<b>' <= inf"#), "\(text)")
    #expect(text.contains(#"\\u{0}\\u{1B}[31m\\u{A}"#))
  }

  // MARK: JSON

  private func json(_ model: TreeModel, _ number: Int) throws -> [String: Any] {
    let text = try TreeJSON(model, model.requireTree(number)).text
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func jsonHasAllOfATree() throws {
    let tree = try json(SampleModels.everything(), 0)
    let splits = try #require(tree["splits"] as? [[String: Any]])
    #expect(splits[0]["codes"] as? [Int] == [0, 3, 35] && splits[0]["gain"] as? Double == 3.5)
    #expect(splits[0]["yes"] as? [String: Int] == ["leaf": 0])
    let leaves = try #require(tree["leaves"] as? [[String: Any]])
    #expect(leaves.map { $0["number"] as? Int } == [7, 9])
    let linear = try #require(leaves[0]["linear"] as? [String: Any])
    #expect((linear["terms"] as? [[String: Any]])?.first?["column"] as? String == "größe")
    let vector = try json(SampleModels.everything(), 1)
    #expect((vector["leaves"] as? [[String: Any]])?.last?["values"] as? [Double] == [3, 4])
    #expect(vector["weight"] as? Double == 0.5 && vector["ensemble"] as? Int == 1)
    let oblivious = try json(SampleModels.categoryStatistic(), 0)
    #expect(oblivious["oblivious"] as? Bool == true)
    #expect((oblivious["splits"] as? [[String: Any]])?.count == 3)
  }

  @Test func jsonKeepsNamesAndInfinitiesAsTheyAre() throws {
    let splits = try #require(
      try json(HostileModel.model(), 0)["splits"] as? [[String: Any]])
    #expect(splits[0]["column"] as? String == HostileModel.column)
    #expect(splits[0]["categories"] as? [String] == HostileModel.categories)
    #expect(splits[1]["threshold"] as? String == "inf")
  }

  // MARK: models

  private func oneTree(_ tree: TreeDraft) throws -> TreeModel {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    try ensemble.add(tree)
    return try oneEnsemble(ensemble.build())
  }

  private func oneEnsemble(_ ensemble: Ensemble) throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: [InputColumn(name: "x", kind: .numeric)]))
    builder.outputs = [ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble))))]
    return try builder.build()
  }
}
