import Foundation
import TestSupport
import Testing

/// `treec inspect` where it draws: arguments in, drawings and pages out.
@Suite struct InspectCommandTests {
  private let folder: URL
  private let demo = Fixture.root.appending(path: "demo/model.txt").path

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "treec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  @Test func drawsATreeInThreeForms() throws {
    let text = try Program.run(["inspect", demo, "--tree", "3"])
    #expect(text.status == 0 && text.output.hasPrefix("tree 3 of 12, iteration 3: 8 leaves\n"))
    #expect(text.output.contains("education in {P}  (missing: no, gain 5.12744, cover 209)"))
    let dot = try Program.run(["inspect", demo, "--tree", "3", "--dot"])
    #expect(dot.status == 0 && dot.output.hasPrefix("digraph tree_3 {\n"))
    let json = try Program.run(["inspect", demo, "--tree", "3", "--json"])
    let tree = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((tree["leaves"] as? [Any])?.count == 8)
  }

  @Test(arguments: ["12", "-1"])
  func aTreeThatIsNotThereIsRefusedWithTheRange(_ number: String) throws {
    let outcome = try Program.run(["inspect", demo, "--tree", number])
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("no tree \(number)") && outcome.errors.contains("0 to 11"))
  }

  @Test func writesAReport() throws {
    let path = folder.appending(path: "report.html").path
    let outcome = try Program.run(["inspect", demo, "--report", path])
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>\n") && page.hasSuffix("</html>\n"))
    for words in ["model.txt", "binary sigmoid:1", "bce4594565959bb9"] {
      #expect(page.contains(words), "\(words)")
    }
  }

  @Test func aReportOfSomeTreesSaysSo() throws {
    let path = folder.appending(path: "some.html").path
    let outcome = try Program.run(
      ["inspect", demo, "--report", path, "--report-trees", "2-4"])
    #expect(
      outcome.status == 0 && outcome.errors.contains("note: the page holds trees 2 to 4 of 12"))
  }

  @Test func aReportDoesNotReplaceTheModel() throws {
    let model = folder.appending(path: "m.txt")
    try FileManager.default.copyItem(atPath: demo, toPath: model.path)
    let outcome = try Program.run(["inspect", model.path, "--report", model.path])
    #expect(outcome.status == 1 && outcome.errors.contains("would replace"))
    #expect(try String(contentsOf: model, encoding: .utf8).hasPrefix("tree\n"))
  }

  @Test func everyTreeOfEveryFixtureCanBeDrawn() throws {
    for fixture in Fixture.all("lightgbm") {
      let model = try #require(fixture.path("model.txt"))
      var arguments = ["inspect", model]
      if !fixture.categoricalColumns.isEmpty {
        arguments += ["--categorical", fixture.categoricalColumns.joined(separator: ",")]
      }
      let report = folder.appending(path: "\(fixture.name).html").path
      let outcome = try Program.run(arguments + ["--report", report])
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(fixture): \(outcome.errors)")
    }
  }
}
