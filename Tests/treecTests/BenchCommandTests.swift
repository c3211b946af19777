import Foundation
import TestSupport
import Testing

/// `treec bench`: what it measures, not how fast that is.
@Suite struct BenchCommandTests {
  /// What a line of `--json` says.
  private struct Line: Decodable {
    var engine: String
    var encode: Bool
    var batch: Int
    var nsPerRowMin: Double
    var nsPerRowMedian: Double
  }

  private func bench(_ arguments: String...) throws -> Program.Outcome {
    try bench(arguments)
  }

  private func bench(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run(["bench"] + arguments + ["--seconds", "0.001", "--json"])
  }

  private func lines(_ outcome: Program.Outcome) throws -> [Line] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try outcome.output.split(separator: "\n").map {
      try decoder.decode(Line.self, from: Data($0.utf8))
    }
  }

  private func demo(_ file: String) -> String {
    Fixture.root.appending(path: "demo").appending(path: file).path
  }

  private func categorical(_ file: String) throws -> String {
    try #require(try Fixture.named("cat_ctr_chile", in: "catboost").path(file))
  }

  private func temporary(_ content: String) throws -> String {
    let url = FileManager.default.temporaryDirectory.appending(path: "treec-\(UUID()).csv")
    try Data(content.utf8).write(to: url)
    return url.path
  }

  @Test func randomRowsSufficeForAnyModel() throws {
    for model in [demo("model.txt"), try categorical("model.cbm")] {
      let outcome = try bench(model, "--batches", "1,64")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try lines(outcome).map(\.batch) == [1, 64])
      #expect(try lines(outcome).allSatisfy { !$0.encode })
    }
  }

  @Test func rowsOfAFileAreNumbersUnlessTheyAreToBeEncoded() throws {
    for (model, rows) in [
      (demo("model.txt"), demo("rows.csv")),
      (try categorical("model.cbm"), try categorical("input.csv")),
    ] {
      for encode in [false, true] {
        let outcome = try bench(
          [model, "--data", rows, "--batches", "1,64,512"] + (encode ? ["--encode"] : []))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = try lines(outcome)
        #expect(lines.map(\.batch) == [1, 64, 512])
        #expect(lines.allSatisfy { $0.encode == encode })
        #expect(lines.allSatisfy { $0.nsPerRowMin <= $0.nsPerRowMedian })
        #expect(lines.allSatisfy { $0.nsPerRowMin > 0 })
      }
    }
  }

  @Test func theTableSaysThatCallsEncodeText() throws {
    let rows = demo("rows.csv")
    let arguments = ["bench", demo("model.txt"), "--data", rows, "--seconds", "0.001"]
    #expect(try !Program.run(arguments).output.contains("from text"))
    #expect(try Program.run(arguments + ["--encode"]).output.contains("from text"))
  }

  @Test func enginesAndThreadsCanBeChosenForTextToo() throws {
    let outcome = try bench(
      demo("model.txt"), "--data", demo("rows.csv"), "--encode", "--engine", "walk,bitslice",
      "--threads", "2", "--batches", "1024")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try lines(outcome).map(\.engine) == ["walk", "bitslice"])
  }

  @Test func randomRowsHaveNoText() throws {
    let outcome = try bench(demo("model.txt"), "--encode")
    #expect(outcome.status == 64 && outcome.errors.contains("--data"))
  }

  @Test func columnsOfTextCanGoByPosition() throws {
    let rows = try temporary("a,b,c,d,e,f,g\nN,175000.0,M,65.0,P,35000.0,1.0082\n")
    let arguments = [demo("model.txt"), "--data", rows, "--encode", "--batches", "1"]
    let named = try bench(arguments)
    #expect(named.status == 1 && named.errors.contains("'region'"))
    let outcome = try bench(arguments + ["--by-position"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func aCellThatIsNoNumberIsNamedByLineAndColumn() throws {
    let rows = try temporary(
      "region,population,sex,age,education,income,status_quo_support\n"
        + "N,175000.0,M,65.0,P,35000.0,1.0082\nN,175000.0,M,old,P,35000.0,1.0082\n")
    let outcome = try bench(demo("model.txt"), "--data", rows, "--encode")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("line 3") && outcome.errors.contains("column 'age'"))
  }

  @Test(arguments: [[], ["--encode"]])
  func aFileWithoutRowsIsRefused(_ options: [String]) throws {
    let rows = try temporary("region,population,sex,age,education,income,status_quo_support\n")
    let outcome = try Program.run(["bench", demo("model.txt"), "--data", rows] + options)
    #expect(outcome.status == 1 && outcome.errors.contains("has no rows"))
  }
}
