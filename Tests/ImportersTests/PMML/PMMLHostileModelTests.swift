import Importers
import Testing

@Suite("PMML that contradicts itself is refused with a place", .timeLimit(.minutes(1)))
struct PMMLHostileModelTests {
  private static let derived = "optype=\"continuous\" dataType=\"double\""

  @Test("derived fields in a circle")
  func circles() {
    let reference = { (name: String, field: String) in
      "<DerivedField name=\"\(name)\" \(Self.derived)><FieldRef field=\"\(field)\"/></DerivedField>"
    }
    hostileRefusal(SmallPMML.with(\.transformations, reference("h", "h")).text)
    hostileRefusal(
      SmallPMML.with(\.transformations, reference("h", "g") + reference("g", "h")).text)
  }

  @Test("a long chain of derived fields")
  func longChain() {
    let reference = { (name: String, field: String) in
      "<DerivedField name=\"\(name)\" \(Self.derived)><FieldRef field=\"\(field)\"/></DerivedField>"
    }
    let chain = (0..<20_000).map { reference("d\($0)", "d\($0 + 1)") }.joined()
    hostileRefusal(
      SmallPMML.with(\.transformations, reference("h", "d0") + chain + reference("d20000", "h"))
        .text)
  }

  @Test("functions that call themselves")
  func recursion() {
    let function = { (name: String, called: String) in
      "<DefineFunction name=\"\(name)\" \(Self.derived)><ParameterField name=\"a\"/>"
        + "<Apply function=\"\(called)\"><FieldRef field=\"a\"/></Apply></DefineFunction>"
    }
    let call =
      "<DerivedField name=\"h\" \(Self.derived)>"
      + "<Apply function=\"f\"><FieldRef field=\"x\"/></Apply></DerivedField>"
    hostileRefusal(SmallPMML.with(\.transformations, function("f", "f") + call).text)
    hostileRefusal(
      SmallPMML.with(\.transformations, function("f", "g") + function("g", "f") + call).text)
    let chain = (0..<20_000).map { function("f\($0)", "f\($0 + 1)") }.joined()
    hostileRefusal(
      SmallPMML.with(
        \.transformations, function("f", "f0") + chain + function("f20000", "f") + call
      ).text)
  }

  @Test("fields and functions that stand there twice")
  func duplicates() {
    let document = SmallPMML()
    hostileRefusal(SmallPMML.with(\.fields, document.fields + document.fields).text)
    hostileRefusal(
      SmallPMML.with(\.transformations, document.transformations + document.transformations).text)
    hostileRefusal(
      SmallPMML.with(
        \.schema,
        document.schema.replacing(
          "<MiningField name=\"c\"/>", with: "<MiningField name=\"c\"/><MiningField name=\"c\"/>")
      ).text)
  }

  @Test("names that nothing has")
  func unknownNames() {
    let document = SmallPMML()
    for (part, name) in [
      (\SmallPMML.transformations, "field=\"x\""), (\.transformations, "field=\"a\""),
      (\.transformations, "function=\"half\""), (\.schema, "name=\"x\""),
    ] {
      let attribute = name.split(separator: "=")[0]
      hostileRefusal(
        SmallPMML.with(
          part, document[keyPath: part].replacing(name, with: "\(attribute)=\"nothing\"")
        ).text)
      hostileRefusal(
        SmallPMML.with(part, document[keyPath: part].replacing(name, with: "\(attribute)=\"\""))
          .text)
      hostileRefusal(
        SmallPMML.with(part, document[keyPath: part].replacing(name, with: "")).text)
    }
    // Predicates refuse rows that come to them, as in JPMML.
    for name in ["field=\"h\"", "field=\"c\""] {
      hostileRefusal(SmallPMML.with(\.nodes, document.nodes.replacing(name, with: "")).text)
      let nodes = document.nodes.replacing(name, with: "field=\"nothing\"")
      #expect(refusal(of: SmallPMML.with(\.nodes, nodes).text) == nil)
    }
  }

  @Test(
    "words that are none of a list",
    arguments: [
      "functionName=\"regression\"", "operator=\"lessThan\"", "booleanOperator=\"and\"",
      "booleanOperator=\"isIn\"", "optype=\"continuous\"", "dataType=\"double\"",
      "usageType=\"target\"", "invalidValueTreatment=\"asMissing\"", "closure=\"closedOpen\"",
    ])
  func words(attribute: String) {
    let text = SmallPMML().text
    #expect(text.contains(attribute))
    let name = attribute.split(separator: "=")[0]
    for word in ["nonsense", "", "REGRESSION", " \(attribute.split(separator: "\"")[1])", "0"] {
      hostileRefusal(text.replacing(attribute, with: "\(name)=\"\(word)\""))
    }
  }

  @Test(
    "words of segmentations",
    arguments: ["nonsense", "", "Sum", "averageMajority"])
  func methods(word: String) {
    let segment = "<Segment><True/>\(SmallPMML().tree)</Segment>"
    hostileRefusal(SmallPMML.with(\.model, SmallPMML.mining(word, segment)).text)
    hostileRefusal(
      SmallPMML.with(
        \.model,
        SmallPMML.mining("sum", segment).replacing(
          "multipleModelMethod=",
          with: "missingPredictionTreatment=\"\(word)\" multipleModelMethod=")
      ).text)
    #expect(refusal(of: SmallPMML.with(\.model, SmallPMML.mining("sum", segment)).text) == nil)
  }

  @Test(
    "numbers that are none",
    arguments: ["one", "1,5", "", "0x", "1e", "--1", "1 2", "١", "1_000", "\u{FEFF}1"])
  func numbers(number: String) {
    let document = SmallPMML()
    hostileRefusal(
      SmallPMML.with(
        \.fields,
        document.fields.replacing("leftMargin=\"-10\"", with: "leftMargin=\"\(number)\"")
      ).text)
    // As in JPMML these are refused in the rows that come there.
    for text in ["score=\"1\"", "value=\"0.5\""] {
      let name = text.split(separator: "=")[0]
      _ = refusal(
        of: SmallPMML.with(
          \.nodes, document.nodes.replacing(text, with: "\(name)=\"\(number)\"")
        ).text)
    }
  }

  @Test("arrays of another length than they say", arguments: ["1", "3", "-1", "99999999999", "x"])
  func arrays(count: String) {
    let document = SmallPMML()
    hostileRefusal(
      SmallPMML.with(\.nodes, document.nodes.replacing("n=\"2\"", with: "n=\"\(count)\"")).text)
  }

  @Test("quotes in arrays that do not end")
  func quotes() {
    for text in ["\"red green", "red \"", "\"", "\\\"", "red \"green\\\""] {
      let nodes = SmallPMML().nodes.replacing("red green", with: text)
      _ = refusal(of: SmallPMML.with(\.nodes, nodes).text)
    }
  }

  @Test("elements that do not belong there")
  func elements() {
    for name in ["Unknown", "Node2", "TreeModel", "Segment", "Apply", "PMML", "MiningSchema"] {
      hostileRefusal(SmallPMML.with(\.nodes, "<\(name)/>").text)
      hostileRefusal(SmallPMML.with(\.nodes, "<Node score=\"1\"><\(name)/></Node>").text)
    }
    for name in ["Unknown", "NeuralNetwork", "Segment", "Node"] {
      hostileRefusal(SmallPMML.with(\.model, "<\(name)/>").text)
    }
  }

  @Test("documents without what they need")
  func incomplete() {
    hostileRefusal(SmallPMML.with(\.schema, "").text)
    hostileRefusal(SmallPMML.with(\.model, "").text)
    hostileRefusal(SmallPMML.with(\.fields, "").text)
    hostileRefusal(SmallPMML.with(\.model, "<TreeModel functionName=\"regression\"/>").text)
    hostileRefusal(SmallPMML.with(\.model, SmallPMML.mining("sum", "")).text)
    hostileRefusal(SmallPMML.with(\.model, SmallPMML.mining("sum", "<Segment/>")).text)
    hostileRefusal(
      SmallPMML.with(\.model, SmallPMML.mining("sum", "<Segment><True/></Segment>")).text)
    hostileRefusal("<PMML/>")
    hostileRefusal("<")
    hostileRefusal("<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\"/>")
  }
}
