import Testing

@Suite("Trees of PMML", .timeLimit(.minutes(1)))
struct PMMLTreeTests {
  private static let cases = ["x<5", "x>5", "x=5", "no x"]
  private static let rows = [["x": "1"], ["x": "9"], ["x": "5"], [:]]

  /// A node with two children that leave a gap between them.
  private static let gap = """
    <Node id="r" score="0" defaultChild="R"><True/>
    <Node id="L" score="1">\(TinyPMML.simple("x", "lessThan", "5"))</Node>
    <Node id="R" score="2">\(TinyPMML.simple("x", "greaterThan", "5"))</Node></Node>
    """

  /// What each strategy gives for the rows of ``cases``.
  @Test(
    "strategies for missing values, and for rows that no child wants",
    arguments: [
      ("none", "returnNullPrediction", ["1.0", "2.0", "-", "-"]),
      ("none", "returnLastPrediction", ["1.0", "2.0", "0.0", "0.0"]),
      ("lastPrediction", "returnNullPrediction", ["1.0", "2.0", "-", "0.0"]),
      ("lastPrediction", "returnLastPrediction", ["1.0", "2.0", "0.0", "0.0"]),
      ("nullPrediction", "returnNullPrediction", ["1.0", "2.0", "-", "-"]),
      ("nullPrediction", "returnLastPrediction", ["1.0", "2.0", "0.0", "-"]),
      ("defaultChild", "returnNullPrediction", ["1.0", "2.0", "-", "2.0"]),
      ("defaultChild", "returnLastPrediction", ["1.0", "2.0", "0.0", "2.0"]),
    ])
  func strategies(strategy: String, otherwise: String, expected: [String]) throws {
    let tree = TinyPMML.tree(
      #"missingValueStrategy="\#(strategy)" noTrueChildStrategy="\#(otherwise)""#, Self.gap)
    let scores = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, tree), Self.rows)
    #expect(scores["y"] == expected)
  }

  @Test("a node without a default child refuses rows that need one")
  func noDefaultChild() throws {
    for child in ["", #"defaultChild="nobody""#] {
      let nodes = Self.gap.replacing(#"defaultChild="R""#, with: child)
      let tree = TinyPMML.tree(#"missingValueStrategy="defaultChild""#, nodes)
      let scores = try PMMLScores(TinyPMML.document(target: TinyPMML.number, tree), Self.rows)
      #expect(scores["y"] == ["1.0", "2.0", "-", "!"])
    }
  }

  @Test("the first of many children that is true takes a row, and unknown ones are passed over")
  func manyChildren() throws {
    let children =
      (0..<9).map { number in
        let field = number % 2 == 0 ? "x" : "z"
        return "<Node score=\"\(number)\">\(TinyPMML.simple(field, "lessThan", "\(number)"))</Node>"
      }.joined() + #"<Node score="99"><True/></Node>"#
    let tree = TinyPMML.tree("", #"<Node score="-1"><True/>\#(children)</Node>"#)
    let scores = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, tree),
      [
        ["x": "3", "z": "3"], ["x": "3"], ["z": "3"], [:], ["x": "8", "z": "8"],
        ["x": "7.5", "z": "7"],
      ])
    #expect(scores["y"] == ["4.0", "4.0", "5.0", "99.0", "99.0", "8.0"])
  }

  @Test("a row that the root does not want has no prediction")
  func root() throws {
    let nodes = Self.gap.replacing("<True/>", with: TinyPMML.simple("z", "greaterThan", "0"))
    let tree = TinyPMML.tree(#"noTrueChildStrategy="returnLastPrediction""#, nodes)
    let scores = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, tree),
      [["x": "1", "z": "1"], ["x": "1", "z": "0"], ["x": "1"]])
    #expect(scores["y"] == ["1.0", "-", "-"])
  }

  @Test(
    "compound predicates know three truth values",
    arguments: [
      // x<5 and z<5 are: TT, TF, FF, T?, F?, ??
      ("and", ["1.0", "0.0", "0.0", "7.0", "0.0", "7.0"]),
      ("or", ["1.0", "1.0", "0.0", "1.0", "7.0", "7.0"]),
      ("xor", ["0.0", "1.0", "0.0", "7.0", "7.0", "7.0"]),
      ("surrogate", ["1.0", "1.0", "0.0", "1.0", "0.0", "7.0"]),
    ])
  func compounds(connective: String, expected: [String]) throws {
    let predicate = TinyPMML.compound(
      connective, TinyPMML.simple("x", "lessThan", "5"), TinyPMML.simple("z", "lessThan", "5"))
    let nodes = """
      <Node score="7"><True/><Node score="1">\(predicate)</Node>
      <Node score="0"><True/></Node></Node>
      """
    let tree = TinyPMML.tree(#"missingValueStrategy="lastPrediction""#, nodes)
    let scores = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, tree),
      [
        ["x": "1", "z": "1"], ["x": "1", "z": "9"], ["x": "9", "z": "9"], ["x": "1"], ["x": "9"],
        [:],
      ])
    #expect(scores["y"] == expected)
  }

  @Test("a predicate of a field that the model lacks refuses rows that come to it")
  func unknownField() throws {
    let nodes = """
      <Node score="7"><True/><Node score="1">\(TinyPMML.simple("x", "lessThan", "5"))</Node>
      <Node score="0">\(TinyPMML.simple("nobody", "lessThan", "5"))</Node></Node>
      """
    let scores = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, TinyPMML.tree("", nodes)), Self.rows)
    #expect(scores["y"] == ["1.0", "!", "!", "!"])
  }

  @Test("items of a set are compared up to one that is no value of the field")
  func items() throws {
    let set = """
      <SimpleSetPredicate field="x" booleanOperator="isIn"><Array type="string">1 2 oops 3</Array>
      </SimpleSetPredicate>
      """
    let tree = TinyPMML.tree(
      #"noTrueChildStrategy="returnLastPrediction""#,
      #"<Node score="0"><True/><Node score="1">\#(set)</Node></Node>"#)
    let scores = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, tree), [["x": "2"], ["x": "3"], [:]])
    #expect(scores["y"] == ["1.0", "!", "0.0"])
  }

  @Test(
    "texts are compared as Java does",
    arguments: [
      ("lessThan", ["1.0", "0.0", "0.0", "0.0", "1.0", "0.0"]),
      ("lessOrEqual", ["1.0", "1.0", "0.0", "0.0", "1.0", "0.0"]),
      ("greaterThan", ["0.0", "0.0", "1.0", "1.0", "0.0", "0.0"]),
      ("greaterOrEqual", ["0.0", "1.0", "1.0", "1.0", "0.0", "0.0"]),
    ])
  func texts(name: String, expected: [String]) throws {
    // By UTF-16 units a private letter is behind what lies beyond the first plane.
    let tree = TinyPMML.tree(
      #"noTrueChildStrategy="returnLastPrediction""#,
      #"<Node score="0"><True/><Node score="1">"#
        + TinyPMML.simple("c", name, "k\u{E000}") + "</Node></Node>")
    let document = TinyPMML.document(target: TinyPMML.number, tree).replacing(
      #"name="c" optype="categorical""#, with: #"name="c" optype="continuous""#)
    let scores = try PMMLScores(
      document,
      [
        ["c": "k\u{1F600}"], ["c": "k\u{E000}"], ["c": "k\u{E000}a"], ["c": "unseen"],
        ["c": "Z"], [:],
      ])
    #expect(scores["y"] == expected)
  }

  // MARK: Penalties

  /// The golf tree of the specification.
  static func golf(_ attributes: String) -> String {
    func node(
      _ id: Int, _ score: String, _ more: String, _ predicate: String, _ counts: [Int],
      _ confidences: [Double], _ children: String = ""
    ) -> String {
      let shares = zip(["will play", "may play", "no play"], zip(counts, confidences)).map {
        #"<ScoreDistribution value="\#($0)" recordCount="\#($1.0)" confidence="\#($1.1)"/>"#
      }
      return #"<Node id="\#(id)" score="\#(score)" \#(more)>\#(predicate)\#(shares.joined())"#
        + children + "</Node>"
    }
    let warm = TinyPMML.compound(
      "surrogate", TinyPMML.simple("x", "greaterOrEqual", "50"),
      TinyPMML.simple("z", "lessThan", "80"))
    let cold = TinyPMML.compound(
      "surrogate", TinyPMML.simple("x", "lessThan", "50"),
      TinyPMML.simple("z", "greaterOrEqual", "80"))
    let cloudy = TinyPMML.compound(
      "or", TinyPMML.simple("c", "equal", "overcast"), TinyPMML.simple("c", "equal", "rain"))
    let nodes = node(
      1, "will play", #"recordCount="100" defaultChild="2""#, "<True/>", [60, 30, 10],
      [0.6, 0.3, 0.1],
      node(
        2, "will play", #"recordCount="50" defaultChild="3""#,
        TinyPMML.simple("c", "equal", "sunny"), [40, 2, 8], [0.8, 0.04, 0.16],
        node(3, "will play", #"recordCount="40""#, warm, [36, 2, 2], [0.9, 0.05, 0.05])
          + node(4, "no play", #"recordCount="10""#, cold, [4, 0, 6], [0.4, 0, 0.6]))
        + node(
          5, "may play", #"recordCount="50""#, cloudy, [20, 28, 2], [0.4, 0.56, 0.04]))
    return TinyPMML.document(
      target: TinyPMML.classes,
      TinyPMML.tree(
        attributes, isClassification: true,
        output: TinyPMML.output(["will play", "may play", "no play"]), nodes))
  }

  @Test("confidences are lessened once for each value that stands in for a missing one")
  func penalty() throws {
    let scores = try PMMLScores(
      Self.golf(#"missingValueStrategy="defaultChild" missingValuePenalty="0.8""#),
      [
        // All is known; the default child of the root; and a surrogate, too.
        ["x": "40", "z": "70", "c": "sunny"], ["x": "40", "z": "70"], ["z": "70"],
        // The first surrogate is false, and the second true: that counts twice.
        ["z": "90", "c": "sunny"],
        // Nothing is known: two default children.
        [:],
      ])
    #expect(scores["y"] == ["no play", "no play", "will play", "no play", "will play"])
    let confidences = zip(["no play", "no play", "will play", "no play", "will play"], 0...).map {
      scores["C(\($0))"][$1]
    }
    let once = 0.8
    #expect(
      confidences
        == ["\(0.6)", "\(0.6 * once)", "\(0.9 * once * once)", "\(0.6 * once * once)"]
        + ["\(0.9 * once * once)"])
    // Probabilities are not.
    #expect(scores["P(no play)"] == ["0.6", "0.6", "0.05", "0.6", "0.05"])
  }
}
