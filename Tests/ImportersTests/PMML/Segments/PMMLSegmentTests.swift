import Importers
import Testing

@Suite("Segments of PMML", .timeLimit(.minutes(1)))
struct PMMLSegmentTests {
  /// A tree that gives a distribution by the whole number that x or z is: by class its share.
  private static func tree(_ field: String, _ distributions: [[(String, Int)]]) -> String {
    let nodes = distributions.enumerated().map { number, shares in
      let parts = shares.map { #"<ScoreDistribution value="\#($0)" recordCount="\#($1)"/>"# }
      return "<Node score=\"\(shares[0].0)\">\(TinyPMML.simple(field, "equal", "\(number)"))"
        + parts.joined() + "</Node>"
    }
    return TinyPMML.tree(
      isClassification: true, schema: "<MiningSchema>\(TinyPMML.inputs)</MiningSchema>",
      "<Node><True/>\(nodes.joined())</Node>")
  }

  private static func mining(
    _ method: String, more: String = "", isClassification: Bool = true, output: String = "",
    _ segments: [String]
  ) -> String {
    let function = isClassification ? "classification" : "regression"
    let parts = segments.enumerated().map { number, model in
      "<Segment id=\"s\(number)\"><True/>\(model)</Segment>"
    }
    return "<MiningModel functionName=\"\(function)\">\(TinyPMML.schema)\(output)"
      + "<Segmentation multipleModelMethod=\"\(method)\" \(more)>\(parts.joined())"
      + "</Segmentation></MiningModel>"
  }

  private static let output = """
    <Output><OutputField name="Pa" feature="probability" value="a"/>
    <OutputField name="Pb" feature="probability" value="b"/></Output>
    """

  private static let distributions = [
    [("a", 7), ("b", 3)], [("b", 9), ("a", 1)], [("a", 5), ("b", 5)], [("b", 5), ("a", 5)],
  ]

  @Test(
    "the segments nearest to the class with the largest share are averaged",
    arguments: [
      // x, z, c of 0.7, 0.1 and 0.5: the largest of b is 0.9.
      ("max", ["x": "0", "z": "1", "c": "2"], "b", "0.1"),
      // The middle of a and of b are both 0.5: b is the first in the DataField's list only if a
      // is behind it; the third segment is nearest.
      ("median", ["x": "0", "z": "1", "c": "2"], "a", "0.5"),
      // Equal ones are all averaged.
      ("max", ["x": "1", "z": "1", "c": "0"], "b", "0.1"),
      ("median", ["x": "1", "z": "1", "c": "0"], "b", "0.1"),
    ])
  func extremes(method: String, row: [String: String], label: String, share: String) throws {
    let fields = ["x", "z", "c"]
    let model = Self.mining(
      method, output: Self.output, fields.map { Self.tree($0, Self.distributions) })
    let scores = try PMMLScores(TinyPMML.document(model), [row, ["x": "0"]])
    #expect(scores["y"] == [label, "-"])
    #expect(scores["Pa"] == [share, "-"])
  }

  @Test("places in the list of a class choose among all segments, as in JPMML")
  func places() throws {
    // The first segment does not know b: the second is the first in b's list, so that the first
    // segment is taken for it.
    let model = Self.mining(
      "max", output: Self.output,
      [
        Self.tree("x", [[("a", 1)]]), Self.tree("z", [[("b", 9), ("a", 1)]]),
        Self.tree("c", [[("b", 4), ("a", 6)]]),
      ])
    let document = TinyPMML.document(
      target: TinyPMML.classes.replacing(#"<Value value="a"/>"#, with: ""), model)
    let scores = try PMMLScores(document, [["x": "0", "z": "0", "c": "0"]])
    #expect(scores["y"] == ["a"])
    #expect(scores["Pa"] == ["1.0"])
  }

  @Test("of classes with the same share the one that is met first is predicted")
  func ties() throws {
    for method in ["average", "max", "median"] {
      let model = Self.mining(
        method, more: #"missingPredictionTreatment="skipSegment""#,
        ["x", "z"].map { Self.tree($0, Self.distributions) })
      let scores = try PMMLScores(
        TinyPMML.document(model),
        [["x": "2", "z": "3"], ["x": "3", "z": "2"], ["x": "3"], ["z": "2"], [:]])
      #expect(scores["y"] == ["a", "b", "b", "a", "!"])
    }
  }

  @Test("segments without a prediction are left out up to a threshold")
  func thresholds() throws {
    let model = Self.mining(
      "average", more: #"missingPredictionTreatment="skipSegment" missingThreshold="0.4""#,
      output: Self.output, ["x", "z", "c"].map { Self.tree($0, Self.distributions) })
    let scores = try PMMLScores(
      TinyPMML.document(model),
      [["x": "1", "z": "1", "c": "0"], ["x": "1", "z": "1"], ["x": "1"], [:]])
    #expect(scores["y"] == ["b", "b", "-", "-"])
    #expect(scores["Pb"][1] == "0.9")
  }

  @Test("all segments: a list for each row, as text")
  func selectAll() throws {
    let model = Self.mining("selectAll", ["x", "z"].map { Self.tree($0, Self.distributions) })
    let scores = try PMMLScores(TinyPMML.document(model), [["x": "1", "z": "0"], ["x": "1"], [:]])
    #expect(scores["y"] == ["[b, a]", "[b, null]", "[null, null]"])
  }

  @Test("a list has no probabilities, is part of no other model, and lacks no segment")
  func selectAllIsRefused() {
    let list = Self.mining("selectAll", [Self.tree("x", Self.distributions)])
    for (document, reason) in [
      (
        Self.mining("selectAll", output: Self.output, [Self.tree("x", Self.distributions)]),
        "has no probability"
      ),
      (Self.mining("modelChain", [list]), "inside another"),
      (
        Self.mining(
          "selectAll", more: #"missingPredictionTreatment="skipSegment""#,
          [Self.tree("x", Self.distributions)]), "cannot skip"
      ),
    ] {
      let bytes = Array(TinyPMML.document(document).utf8)
      let error = #expect(throws: ImportError.self) {
        try Importer.read(bytes.span, name: "test")
      }
      #expect(error?.message.contains(reason) == true)
    }
  }

  // MARK: Chains and single segments

  private static func stump(_ name: String? = nil, _ low: Int, _ high: Int) -> String {
    let output = name.map {
      #"<Output><OutputField name="\#($0)" feature="predictedValue" optype="continuous" "#
        + #"dataType="double"/></Output>"#
    }
    return TinyPMML.tree(
      schema: "<MiningSchema>\(TinyPMML.inputs)</MiningSchema>", output: output ?? "",
      """
      <Node><True/><Node score="\(low)">\(TinyPMML.simple("x", "lessThan", "5"))</Node>
      <Node score="\(high)">\(TinyPMML.simple("x", "greaterOrEqual", "5"))</Node></Node>
      """)
  }

  @Test("two segments of a chain may hand on results of one name, if only one of them runs")
  func exclusiveSegments() throws {
    func chain(_ second: String) -> String {
      """
      <MiningModel functionName="regression">\(TinyPMML.schema)
      <Segmentation multipleModelMethod="modelChain">
      <Segment>\(TinyPMML.simple("z", "lessThan", "0"))\(Self.stump("v", 1, 2))</Segment>
      <Segment>\(second)\(Self.stump("v", 3, 4))</Segment>
      <Segment><True/><RegressionModel functionName="regression"><MiningSchema>
      <MiningField name="y" usageType="target"/><MiningField name="v"/></MiningSchema>
      <RegressionTable intercept="10"><NumericPredictor name="v" coefficient="1"/>
      </RegressionTable></RegressionModel></Segment></Segmentation></MiningModel>
      """
    }
    let rows = [["x": "1", "z": "-1"], ["x": "9", "z": "1"], ["x": "1"]]
    let exclusive = try PMMLScores(
      TinyPMML.document(
        target: TinyPMML.number, chain(TinyPMML.simple("z", "greaterOrEqual", "0"))), rows)
    #expect(exclusive["y"] == ["11.0", "14.0", "!"])
    let both = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, chain("<True/>")), rows)
    #expect(both["y"] == ["!", "14.0", "13.0"])
  }

  @Test("results of single segments that are put together")
  func singleSegments() throws {
    let output = """
      <Output><OutputField name="first" feature="predictedValue" segmentId="s0"/>
      <OutputField name="own" feature="transformedValue" segmentId="s1" value="v"/>
      <OutputField name="nobody" feature="predictedValue" segmentId="s9"/></Output>
      """
    for (method, sum) in [("sum", ["4.0", "-"]), ("average", ["2.0", "-"])] {
      let model = Self.mining(
        method, isClassification: false, output: output,
        [Self.stump(nil, 1, 2), Self.stump("v", 3, 4)])
      let scores = try PMMLScores(
        TinyPMML.document(target: TinyPMML.number, model), [["x": "1"], [:]])
      #expect(scores["y"] == sum)
      #expect(scores["first"] == ["1.0", "-"])
      #expect(scores["own"] == ["3.0", "-"])
    }
  }

  @Test("the median of Floats is refused where JPMML would need it")
  func floatMedian() throws {
    let model = Self.mining(
      "median", isClassification: false,
      [Self.stump(nil, 1, 2), Self.stump(nil, 3, 4), Self.stump(nil, 5, 6)]
    ).replacing("<MiningModel ", with: #"<MiningModel x-mathContext="float" "#)
    let scores = try PMMLScores(
      TinyPMML.document(target: TinyPMML.number, model), [["x": "1"], [:]])
    #expect(scores["y"] == ["!", "-"])
  }
}
