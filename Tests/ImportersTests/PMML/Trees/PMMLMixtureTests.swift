import Testing

/// `weightedConfidence` and `aggregateNodes` by the specification of PMML 4.4; JPMML-Evaluator
/// refuses the rows for which they matter.
@Suite("Rows that may belong to several nodes", .timeLimit(.minutes(1)))
struct PMMLMixtureTests {
  /// Results near `expected`: by row the class, and by class a number.
  private func check(
    _ scores: PMMLScores, _ kind: String, _ expected: [(String, [String: Double])],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(scores["y"] == expected.map(\.0), sourceLocation: sourceLocation)
    for (row, (_, numbers)) in expected.enumerated() {
      for (label, number) in numbers {
        let found = Double(scores["\(kind)(\(label))"][row]) ?? .nan
        #expect(
          (found - number).magnitude < 1e-12, "row \(row), \(label): \(found)",
          sourceLocation: sourceLocation)
      }
    }
  }

  @Test("the specification's examples of weightedConfidence")
  func weightedConfidence() throws {
    let scores = try PMMLScores(
      PMMLTreeTests.golf(#"missingValueStrategy="weightedConfidence""#),
      [
        // Nothing is missing.
        ["x": "45", "z": "60", "c": "sunny"],
        // Nodes 3 and 4: 0.9 · 40/50 + 0.4 · 10/50, and so on.
        ["c": "sunny"],
        // Nodes 2 and 5, and 3 and 4 below 2: 0.8 · 50/100 + 0.4 · 50/100.
        [:],
        // Nodes 2 and 5; below 2 only node 4.
        ["x": "45", "z": "90"],
      ])
    check(
      scores, "C",
      [
        ("no play", ["will play": 0.4, "may play": 0, "no play": 0.6]),
        ("will play", ["will play": 0.8, "may play": 0.04, "no play": 0.16]),
        ("will play", ["will play": 0.6, "may play": 0.3, "no play": 0.1]),
        ("will play", ["will play": 0.4, "may play": 0.28, "no play": 0.32]),
      ])
  }

  @Test("the specification's example of aggregateNodes")
  func aggregateNodes() throws {
    let scores = try PMMLScores(
      PMMLTreeTests.golf(#"missingValueStrategy="aggregateNodes""#),
      [
        ["x": "45", "z": "60", "c": "sunny"],
        // Leaves 4 and 5: 4 + 20, 0 + 28 and 6 + 2 of 60 records.
        ["x": "45", "z": "90"],
        // All leaves.
        [:],
      ])
    check(
      scores, "P",
      [
        ("no play", ["will play": 0.4, "may play": 0, "no play": 0.6]),
        ("may play", ["will play": 24.0 / 60, "may play": 28.0 / 60, "no play": 8.0 / 60]),
        ("will play", ["will play": 0.6, "may play": 0.3, "no play": 0.1]),
      ])
    #expect(scores["C(may play)"] == scores["P(may play)"])
  }

  private static let leaves = """
    <Node score="0" recordCount="100"><True/>
    <Node score="1" recordCount="30">\(TinyPMML.simple("x", "lessThan", "5"))</Node>
    <Node score="2" recordCount="50">\(TinyPMML.simple("z", "lessThan", "5"))</Node>
    <Node score="8" recordCount="20"><True/></Node></Node>
    """

  @Test("a regression has the mean of the leaves, weighted by their records")
  func regression() throws {
    let scores = try PMMLScores(
      TinyPMML.document(
        target: TinyPMML.number,
        TinyPMML.tree(#"missingValueStrategy="aggregateNodes""#, Self.leaves)),
      [
        ["x": "9", "z": "9"],
        // The first leaf, and the second, which is true: none behind it.
        ["z": "1"],
        // The first and the last.
        ["z": "9"],
        // All.
        [:],
        // The first is true, whatever z is.
        ["x": "1"],
      ])
    #expect(
      scores["y"] == ["8.0", "\((30.0 + 100) / 80)", "\((30.0 + 160) / 50)", "2.9", "1.0"])
  }

  @Test("a regression has no confidences, and rows that would need them are refused")
  func noConfidences() throws {
    let scores = try PMMLScores(
      TinyPMML.document(
        target: TinyPMML.number,
        TinyPMML.tree(#"missingValueStrategy="weightedConfidence""#, Self.leaves)),
      [["x": "1"], ["z": "1"]])
    #expect(scores["y"] == ["1.0", "!"])
  }

  @Test("children below which a row ends nowhere have no weight")
  func deadEnds() throws {
    func leaf(_ predicate: String, _ count: Int, _ share: Int, _ children: String = "") -> String {
      """
      <Node score="a" recordCount="\(count)">\(predicate)
      <ScoreDistribution value="a" recordCount="\(share)"/>
      <ScoreDistribution value="b" recordCount="\(10 - share)"/>\(children)</Node>
      """
    }
    let nodes = leaf(
      "<True/>", 10, 5,
      leaf(
        TinyPMML.simple("x", "lessThan", "5"), 6, 9,
        leaf(TinyPMML.simple("z", "lessThan", "5"), 6, 9))
        + leaf(TinyPMML.simple("x", "greaterOrEqual", "5"), 4, 2))
    let rows = [["z": "1"], ["z": "9"], [:]]
    for (otherwise, expected) in [
      ("returnNullPrediction", [0.9 * 0.6 + 0.2 * 0.4, 0.2, 0.9 * 0.6 + 0.2 * 0.4]),
      ("returnLastPrediction", [0.9 * 0.6 + 0.2 * 0.4, 0.9 * 0.6 + 0.2 * 0.4, 0.62]),
    ] {
      let tree = TinyPMML.tree(
        #"missingValueStrategy="weightedConfidence" noTrueChildStrategy="\#(otherwise)""#,
        isClassification: true, output: TinyPMML.output(["a", "b"]), nodes)
      let scores = try PMMLScores(TinyPMML.document(tree), rows)
      check(scores, "C", expected.map { ($0 > 0.5 ? "a" : "b", ["a": $0, "b": 1 - $0]) })
      check(scores, "P", expected.map { ($0 > 0.5 ? "a" : "b", ["a": $0, "b": 1 - $0]) })
    }
  }

  @Test("trees of a forest may have them, too")
  func forest() throws {
    let segments = (0..<2).map { _ in
      let tree = PMMLTreeTests.golf(#"missingValueStrategy="weightedConfidence""#)
      let model = tree.split(separator: "</DataDictionary>", maxSplits: 1)[1]
        .replacing("</PMML>", with: "")
      return "<Segment><True/>\(model)</Segment>"
    }
    for method in ["average", "max", "majorityVote"] {
      let scores = try PMMLScores(
        TinyPMML.document(
          target: TinyPMML.classes.replacing("\"a\"", with: "\"will play\""),
          """
          <MiningModel functionName="classification">\(TinyPMML.schema)
          <Segmentation multipleModelMethod="\(method)">\(segments.joined())</Segmentation>
          </MiningModel>
          """), [["c": "sunny"], ["x": "45", "z": "60", "c": "sunny"]])
      #expect(scores["y"] == ["will play", "no play"])
    }
  }
}
