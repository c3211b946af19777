import Importers
import Testing

@Suite("PMML that is too deep or too long", .serialized, .timeLimit(.minutes(3)))
struct PMMLHostileSizeTests {
  static let depth = 100_000

  private static func nested(
    _ opening: String, _ content: String, _ closing: String, _ depth: Int = depth
  ) -> String {
    String(repeating: opening, count: depth) + content + String(repeating: closing, count: depth)
  }

  @Test("nodes within nodes")
  func nodes() {
    let nodes = Self.nested("<Node score=\"1\"><True/>", "", "</Node>")
    hostileRefusal(SmallPMML.with(\.nodes, nodes).text)
    hostileRefusal(
      SmallPMML.with(\.nodes, String(repeating: "<Node score=\"1\"><True/>", count: Self.depth))
        .text)
  }

  @Test("predicates within predicates", arguments: ["and", "or", "xor", "surrogate"])
  func predicates(name: String) {
    for depth in [250, Self.depth] {
      let predicate = Self.nested(
        "<CompoundPredicate booleanOperator=\"\(name)\"><True/>", "<False/>",
        "</CompoundPredicate>", depth)
      hostileRefusal(SmallPMML.with(\.nodes, "<Node score=\"1\">\(predicate)</Node>").text)
    }
  }

  @Test("functions within functions")
  func expressions() {
    for depth in [250, Self.depth] {
      let expression = Self.nested(
        "<Apply function=\"+\"><FieldRef field=\"x\"/>", "<FieldRef field=\"x\"/>", "</Apply>",
        depth)
      hostileRefusal(
        SmallPMML.with(
          \.transformations,
          "<DerivedField name=\"h\" optype=\"continuous\" dataType=\"double\">\(expression)"
            + "</DerivedField>"
        ).text)
    }
  }

  @Test("models within models")
  func models() {
    let schema = SmallPMML().schema
    for depth in [100, Self.depth] {
      let opening =
        "<MiningModel functionName=\"regression\">\(schema)"
        + "<Segmentation multipleModelMethod=\"sum\"><Segment><True/>"
      let model = Self.nested(
        opening, SmallPMML().tree, "</Segment></Segmentation></MiningModel>", depth)
      hostileRefusal(SmallPMML.with(\.model, model).text)
    }
  }

  @Test("extensions and unknown elements within each other")
  func extensions() {
    for name in ["Extension", "Unknown", "PMML", "Header", "Array"] {
      let elements = Self.nested("<\(name)>", "", "</\(name)>")
      hostileRefusal(SmallPMML.with(\.nodes, elements).text)
      hostileRefusal(SmallPMML.with(\.transformations, elements).text)
      hostileRefusal(elements)
    }
  }

  @Test("an attribute of 50 MB, or a name")
  func attribute() {
    let long = String(repeating: "a", count: 50_000_000)
    hostileRefusal(
      SmallPMML.with(\.nodes, "<Node score=\"\(long)\"><True/></Node>").text)
    hostileRefusal(
      SmallPMML.with(
        \.nodes,
        "<Node score=\"1\"><SimplePredicate field=\"\(long)\" operator=\"lessThan\" value=\"1\"/>"
          + "</Node>"
      ).text)
    hostileRefusal("<\(long)/>")
    hostileRefusal(SmallPMML.with(\.nodes, "<\(long)/>").text)
  }

  @Test("a text of 50 MB that should be an array of one")
  func text() {
    let long = String(repeating: "a ", count: 25_000_000)
    hostileRefusal(
      SmallPMML.with(
        \.nodes,
        "<Node score=\"1\"><SimpleSetPredicate field=\"c\" booleanOperator=\"isIn\">"
          + "<Array n=\"1\" type=\"string\">\(long)</Array></SimpleSetPredicate></Node>"
      ).text, within: .seconds(40))
  }

  @Test("100,000 attributes of an element")
  func attributes() {
    let attributes = (0..<100_000).map { " a\($0)=\"\"" }.joined()
    hostileRefusal(SmallPMML.with(\.nodes, "<Node\(attributes)/>").text)
    hostileRefusal(SmallPMML.with(\.output, "<Output\(attributes)/>").text)
    let namespaces = (0..<100_000).map { " xmlns:a\($0)=\"\($0)\"" }.joined()
    hostileRefusal(
      SmallPMML.with(\.nodes, "<Node score=\"1\"\(namespaces)><True/></Node>").text,
      within: .seconds(5))
  }

  @Test("comments and instructions without end")
  func comments() {
    let long = String(repeating: "<!-- -->", count: 1_000_000)
    #expect(refusal(of: SmallPMML.with(\.prolog, long).text) == nil)
    hostileRefusal(String(repeating: "<?", count: 5_000_000), within: .seconds(10))
    hostileRefusal(
      SmallPMML.with(\.nodes, String(repeating: "<![CDATA[", count: 1_000_000)).text)
  }

  @Test("a comment that does not end")
  func openComment() {
    hostileRefusal(String(repeating: "<!--", count: 5_000_000), within: .seconds(5))
    hostileRefusal(String(repeating: "<!--", count: 250_000), within: .seconds(5))
    // What libxml2 finds wrong in a comment it finds again at each hyphen.
    hostileRefusal(
      SmallPMML.with(\.prolog, String(repeating: "<!--", count: 250_000) + "-->").text,
      within: .seconds(5))
  }

  @Test("namespaces that all elements below have")
  func namespaces() {
    let declarations = (0..<200).map { " xmlns:a\($0)=\"\($0)\"" }.joined()
    let nodes = Self.nested("<Node score=\"1\"\(declarations)><True/>", "", "</Node>", 2000)
    hostileRefusal(SmallPMML.with(\.nodes, nodes).text, within: .seconds(5))
    let few = "<Node score=\"1\"\(declarations)><True/></Node>"
    #expect(
      refusal(of: SmallPMML.with(\.nodes, String(repeating: few, count: 100)).text) == nil)
  }

  @Test("names and words that are too long to be told")
  func longWords() {
    let long = String(repeating: "a", count: 900_000)
    hostileRefusal("<\(long)/>")
    hostileRefusal(SmallPMML.with(\.nodes, "<\(long)/>").text)
    hostileRefusal(SmallPMML.with(\.transformations, "<\(long)></b>").text)
    hostileRefusal(
      SmallPMML().text.replacing("booleanOperator=\"and", with: "booleanOperator=\"\(long)"))
  }

  @Test("predicates that would be a tree without end if they were written out")
  func explosion() {
    // Each and of ors doubles what it would be as an or of ands.
    let or = "<CompoundPredicate booleanOperator=\"or\">"
    for operation in ["and", "xor"] {
      let parts = (0..<40).map { number in
        or
          + "<SimplePredicate field=\"x\" operator=\"lessThan\" value=\"\(number)\"/>"
          + "<SimplePredicate field=\"h\" operator=\"greaterThan\" value=\"\(-number)\"/>"
          + "</CompoundPredicate>"
      }
      let predicate =
        "<CompoundPredicate booleanOperator=\"\(operation)\">\(parts.joined())"
        + "</CompoundPredicate>"
      let time = ContinuousClock().measure {
        _ = refusal(
          of: SmallPMML.with(\.nodes, "<Node score=\"1\">\(predicate)</Node>").text)
      }
      #expect(time < .seconds(20))
    }
  }

  @Test("derived fields that double what they read")
  func doubling() {
    var fields = "<DerivedField name=\"d0\" optype=\"continuous\" dataType=\"double\">"
    fields += "<FieldRef field=\"x\"/></DerivedField>"
    for level in 1...60 {
      fields +=
        "<DerivedField name=\"d\(level)\" optype=\"continuous\" dataType=\"double\">"
        + "<Apply function=\"+\"><FieldRef field=\"d\(level - 1)\"/>"
        + "<FieldRef field=\"d\(level - 1)\"/></Apply></DerivedField>"
    }
    var document = SmallPMML.with(\.transformations, SmallPMML().transformations + fields)
    document.nodes =
      "<Node score=\"1\"><SimplePredicate field=\"d60\" operator=\"lessThan\" value=\"1\"/></Node>"
    let time = ContinuousClock().measure { _ = refusal(of: document.text) }
    #expect(time < .seconds(10))
  }

  @Test("functions that call the one before twice")
  func doublingFunctions() {
    let opening = "optype=\"continuous\" dataType=\"double\"><ParameterField name=\"a\"/>"
    var functions = "<DefineFunction name=\"f0\" \(opening)<FieldRef field=\"a\"/></DefineFunction>"
    for level in 1...60 {
      let call = "<Apply function=\"f\(level - 1)\"><FieldRef field=\"a\"/></Apply>"
      functions +=
        "<DefineFunction name=\"f\(level)\" \(opening)<Apply function=\"+\">\(call)\(call)</Apply>"
        + "</DefineFunction>"
    }
    functions +=
      "<DerivedField name=\"h\" optype=\"continuous\" dataType=\"double\">"
      + "<Apply function=\"f60\"><FieldRef field=\"x\"/></Apply></DerivedField>"
    hostileRefusal(SmallPMML.with(\.transformations, functions).text, within: .seconds(10))
  }
}
