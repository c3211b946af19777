import Importers
import Testing
import TreeIR

/// Trees of any number of children become binary ones: of what size, and in what time.
@Suite("Sizes of trees of PMML", .timeLimit(.minutes(1)))
struct PMMLTreeSizeTests {
  private static func splits(
    _ nodes: String, _ strategy: String = "none", fields: Int = 1,
    within limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Int {
    let names = (0..<fields).map { "x\($0)" }
    let document = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>
      \(names.map { #"<DataField name="\#($0)" optype="continuous" dataType="double"/>"# }.joined())
      <DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
      <TreeModel functionName="regression" missingValueStrategy="\(strategy)"
      noTrueChildStrategy="returnLastPrediction"><MiningSchema>
      <MiningField name="y" usageType="target"/>
      \(names.map { #"<MiningField name="\#($0)"/>"# }.joined())</MiningSchema>\(nodes)
      </TreeModel></PMML>
      """
    let bytes = Array(document.utf8)
    var count = 0
    let time = try ContinuousClock().measure {
      let model = try Importer.read(bytes.span, name: "test")
      count = model.ensembles.reduce(0) { $0 + $1.splits.slots.count }
    }
    #expect(time < limit, sourceLocation: sourceLocation)
    return count
  }

  /// A node with as many children in a line below it.
  private static func line(_ count: Int, _ predicate: (Int) -> String) -> String {
    let open = (0..<count).map { "<Node score=\"\($0)\">\($0 == 0 ? "<True/>" : predicate($0))" }
    return open.joined() + String(repeating: "</Node>", count: count)
  }

  @Test("a line of 4,000 nodes", arguments: ["none", "lastPrediction", "nullPrediction"])
  func lines(strategy: String) throws {
    #expect(try Self.splits(Self.line(4000) { _ in "<True/>" }, strategy) <= 1)
    let ranges = Self.line(4000) { TinyPMML.simple("x0", "greaterThan", "\($0)") }
    #expect(try Self.splits(ranges, strategy) <= 8000)
    let gaps = Self.line(4000) { TinyPMML.simple("x0", "notEqual", "\($0)") }
    #expect(try Self.splits(gaps, strategy) <= 8000)
    let fields = Self.line(2000) { TinyPMML.simple("x\($0)", "greaterThan", "0") }
    #expect(try Self.splits(fields, strategy, fields: 2000) <= 8000)
  }

  @Test("a node of 50,000 children")
  func children() throws {
    let children = (0..<50_000).map {
      "<Node score=\"\($0)\">\(TinyPMML.simple("x0", "equal", "\($0)"))</Node>"
    }
    let nodes = "<Node score=\"0\"><True/>\(children.joined())</Node>"
    #expect(try Self.splits(nodes) <= 50_002)
  }

  @Test("a balanced tree of 131,071 nodes")
  func balanced() throws {
    func below(_ range: Range<Int>) -> String {
      guard range.count > 1 else { return "" }
      let middle = (range.lowerBound + range.upperBound) / 2
      let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
      return """
        <Node score="0">\(TinyPMML.simple("x0", "lessThan", "\(middle)"))\(below(left))</Node>
        <Node score="\(middle)">\(TinyPMML.simple("x0", "greaterOrEqual", "\(middle)"))\
        \(below(right))</Node>
        """
    }
    let nodes = "<Node score=\"0\"><True/>\(below(0..<65_536))</Node>"
    #expect(try Self.splits(nodes, "lastPrediction", within: .seconds(40)) <= 2 * 65_536)
  }

  @Test("a list of rules of which two each ask for one field does not grow with their pairs")
  func pairs() throws {
    let children = (0..<80).map {
      "<Node score=\"\($0)\">\(TinyPMML.simple("x\($0 / 2)", "equal", "\($0)"))</Node>"
    }
    let nodes = "<Node score=\"0\"><True/>\(children.joined())</Node>"
    #expect(try Self.splits(nodes, fields: 40) < 100_000)
  }
}
