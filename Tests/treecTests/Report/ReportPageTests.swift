import Foundation
import TestSupport
import Testing
import TreeIR

@testable import treec

@Suite struct ReportPageTests {
  private func page(_ model: TreeModel, file: String = "m.tir") throws -> String {
    String(decoding: try ReportPage(model, file: file).bytes, as: UTF8.self)
  }

  /// The content of the element that begins with `opening`, up to `closing`.
  private func content(_ page: String, _ opening: String, _ closing: String) throws -> String {
    let start = try #require(page.firstRange(of: opening)).upperBound
    let end = try #require(page[start...].firstRange(of: closing)).lowerBound
    return String(page[start..<end])
  }

  private func data(_ page: String) throws -> [String: Any] {
    let json = try content(page, #"<script type="application/json" id="data">"#, "</script>")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  @Test func isOneFileThatAsksForNothing() throws {
    let page = try page(SampleModels.everything())
    for word in ["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"] {
      #expect(page.components(separatedBy: word).count == 2)
    }
    #expect(page.components(separatedBy: "://").count == 3)
    for word in [" src=", "@import", "url(", "fetch(", "XMLHttpRequest", "import("] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test func thePolicyAllowsTheScriptAndTheStyleOfThePageAlone() throws {
    let page = try page(SampleModels.regression())
    let policy = try content(page, #"http-equiv="Content-Security-Policy" content=""#, "\"")
    let script = try content(page, "<script>", "</script>")
    let style = try content(page, "<style>", "</style>")
    #expect(policy.hasPrefix("default-src 'none'; "))
    #expect(policy.contains("script-src 'sha256-\(SHA256(Array(script.utf8)).base64)'"))
    #expect(policy.contains("style-src 'sha256-\(SHA256(Array(style.utf8)).base64)'"))
    #expect(!policy.contains("unsafe"))
  }

  @Test func theSameModelGivesTheSamePage() throws {
    let model = try SampleModels.everything()
    #expect(try page(model) == page(model))
  }

  @Test func holdsAllTreesWithTheirNumbers() throws {
    let data = try data(page(SampleModels.everything()))
    #expect(data["first"] as? Int == 0 && data["total"] as? Int == 2)
    let trees = try #require(data["trees"] as? [[String: Any]])
    #expect(trees[0]["operand"] as? [[UInt32]] == [[0b1001, 0b1000]])
    #expect(trees[0]["leafNumber"] as? [Int] == [7, 9])
    #expect(trees[0]["constant"] as? [Double] == [0.5, 2])
    #expect(trees[1]["value"] as? [Double] == [1, 2, 3, 4] && trees[1]["width"] as? Int == 2)
  }

  @Test func derivedColumnsHaveNames() throws {
    let data = try data(page(SampleModels.categoryStatistic()))
    #expect(
      data["derived"] as? [String: String] == [
        "2": "CTR(borders 0, prior 0.5/1.0: city and age > 30.0)"
      ])
  }

  @Test func namesStayText() throws {
    let page = try page(HostileModel.model(), file: "dir/<script>.tir")
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script").count == 3)
    #expect(!page.contains("<!--") && !page.contains("<i>") && !page.contains("<b>"))
    let odd = page.unicodeScalars.filter {
      $0 != "\n"
        && ($0.properties.generalCategory == .control || $0.properties.isBidiControl
          || $0 == "\u{2028}")
    }
    #expect(odd.isEmpty)
    let columns = try #require(try data(page)["columns"] as? [[String: Any]])
    #expect(columns.map { $0["name"] as? String } == [HostileModel.column, HostileModel.quotes])
    let categories = try #require(columns[0]["categories"] as? [String])
    #expect(
      categories[3...5] == [#"\u{0}\u{1B}[31m\u{A}"#, #"\u{202E}evil\u{202C}"#, #"\u{2028}"#])
    #expect(categories[6...] == [#""a, b""#, #""""#, "&lt;", #""\"""#])
  }

  @Test func treesBeyondTheLimitAreLeftOutAndThatIsSaid() throws {
    let model = try SampleModels.chain()
    let page = try ReportPage(model, file: "m.tir", limit: 300)
    #expect(page.notes.count == 1)
    for words in ["trees 0 to 1 of 3", "--report-trees A-B"] {
      #expect(page.notes[0].contains(words), "\(page.notes)")
      #expect(String(decoding: page.bytes, as: UTF8.self).contains(words))
    }
    #expect(try ReportPage(model, file: "m.tir", limit: 0).notes[0].contains("trees 0 to 0 of 3"))
  }

  @Test func treesThatAreAskedForAreHeldWhateverTheirSize() throws {
    let page = try ReportPage(SampleModels.chain(), file: "m.tir", trees: 1...2, limit: 0)
    let data = try data(String(decoding: page.bytes, as: UTF8.self))
    #expect(data["first"] as? Int == 1 && (data["trees"] as? [Any])?.count == 2)
    #expect(page.notes[0].contains("trees 1 to 2 of 3"))
    let failure = #expect(throws: Failure.self) {
      try ReportPage(SampleModels.chain(), file: "m.tir", trees: 1...3)
    }
    #expect(failure?.description.contains("0 to 2") == true)
  }

  @Test func categoriesBeyondTheLimitAreLeftOutAndThatIsSaid() throws {
    let text = String(repeating: "x", count: 600_000)
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(
          name: "c", kind: .dictionary([.string(text), .string(text + "y")], unknown: .missing))
      ]))
    builder.outputs = [ModelOutput(.raw, slots: [0])]
    let page = try ReportPage(builder.build(), file: "m.tir")
    #expect(page.notes.count == 1 && page.notes[0].contains("leaves out 1 categories"))
  }
}

@Suite struct HTMLTests {
  @Test func whatIsPutInIsNotLookedAtAgain() {
    let page = HTML.fill(
      Array("<{{a}}|{{b}}>".utf8), with: ["a": Array("{{b}}".utf8), "b": Array("x".utf8)])
    #expect(String(decoding: page, as: UTF8.self) == "<{{b}}|x>")
  }

  @Test func textIsEscaped() {
    #expect(
      HTML.escaped(#"<a b="c" d='e'>&amp;"#) == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;")
  }
}

@Suite struct SHA256Tests {
  /// From FIPS 180-4's examples, and one with the padding in a block of its own.
  @Test(arguments: [
    ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="
    ),
  ])
  func knownDigests(_ message: String, _ expected: String) {
    #expect(SHA256(Array(message.utf8)).base64 == expected)
  }
}
