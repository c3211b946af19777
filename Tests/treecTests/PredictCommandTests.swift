import Foundation
import TestSupport
import Testing

/// `treec predict` with NDJSON, gzip and threads, as its user meets it.
@Suite struct PredictCommandTests {
  private static let row =
    #"{"region":"N","population":175000,"sex":"M","age":65,"education":"P","income":35000,"#
    + #""status_quo_support":1.0082}"#

  private let model = Fixture.root.appending(path: "demo/model.txt").path
  private let rows = Fixture.root.appending(path: "demo/rows.csv").path

  private func treec(_ arguments: String..., input: String) throws -> Program.Outcome {
    try Program.run(["predict", model] + arguments, input: input)
  }

  private func packed(_ arguments: String..., input: [UInt8]) throws -> Program.Outcome {
    try Program.run(["predict", model] + arguments, data: Data(input))
  }

  // MARK: NDJSON

  @Test func `Objects in, objects out`() throws {
    let outcome = try treec(input: Self.row + "\n" + Self.row)
    let line = #"{"prediction_0":0.837398559135932}"# + "\n"
    #expect(outcome.status == 0 && outcome.output == line + line && outcome.errors.isEmpty)
    let csv = try treec("--output-format", "csv", input: Self.row)
    #expect(csv.output == "prediction_0\n0.837398559135932\n")
    let label = try treec("--output", "label", input: Self.row)
    #expect(label.output == "{\"label\":1}\n")
  }

  @Test func `Rows of CSV can be written as objects`() throws {
    let outcome = try Program.run(["predict", model, rows, "--output-format", "ndjson"])
    #expect(outcome.output.hasPrefix("{\"prediction_0\":0.837398559135932}\n"))
    #expect(outcome.output.split(separator: "\n").count == 20)
  }

  @Test func `The format can be said`() throws {
    let outcome = try treec("--input-format", "csv", input: "{\"a\": 1}\n")
    #expect(outcome.status == 1 && outcome.errors.contains("the header lacks"))
    let empty = try treec("--input-format", "ndjson", input: "")
    #expect(empty.status == 0 && empty.output.isEmpty)
  }

  @Test func `Keys that are missing are missing values, and said where no row has them`() throws {
    let all = try treec(input: #"{"age":65,"income":null}"# + "\n" + #"{"income":3}"#)
    #expect(all.status == 0)
    #expect(all.errors.contains("no row has the key 'region'"))
    #expect(!all.errors.contains("'age'") && !all.errors.contains("'income'"))
  }

  @Test func `Unknown categories are counted`() throws {
    let outcome = try treec(
      input: Self.row + "\n" + Self.row.replacing("\"M\"", with: " \"m\" ") + "\n")
    #expect(outcome.errors.contains("'sex': 1 of 2 cells"))
    #expect(outcome.errors.contains("the first is 'm' in line 2"))
  }

  @Test(arguments: [
    ("{\"age\":}", "line 2, column 8: expected a value, found '}'"),
    ("{\"age\":1", "line 2, column 9: the JSON text ends too early"),
    ("{} {}", "line 2, column 4: expected the end of the text"),
    ("[1]", "line 2: the line holds a value of kind array"),
    ("{\"age\":1,\"age\":2}", "line 2: the key 'age' stands there twice"),
    ("{\"age\":\"1\"}", "line 2: column 'age': the column cannot take \"1\""),
    ("{\"age\":[1]}", "line 2: column 'age': the column cannot take [1]"),
    ("{\"x\":\(String(repeating: "[", count: 600))", "nested deeper than the limit of 512"),
  ])
  func `Bad lines are named`(line: String, message: String) throws {
    let outcome = try treec(input: "\(Self.row)\n\(line)\n")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("standard input, " + message) || outcome.errors.contains(message))
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    let remedy = ["one JSON object", "leave one", "cannot take"]
    #expect(remedy.contains { outcome.errors.contains($0) }, "\(outcome.errors)")
  }

  @Test func `Rows that are refused can be left empty or marked`() throws {
    let input = "{\"age\":\"old\"}\n\(Self.row)\n"
    let empty = try treec("--on-error", "null", input: input)
    #expect(empty.status == 0)
    #expect(empty.output == "{\"prediction_0\":null}\n{\"prediction_0\":0.837398559135932}\n")
    let marked = try treec("--on-error", "mark", input: input)
    #expect(marked.output.hasPrefix("{\"prediction_0\":\"#ERROR\"}\n"))
    #expect(marked.errors.contains("line 1: row 1: column 'age'"))
  }

  @Test func `Texts can mean missing`() throws {
    let input = Self.row.replacing("65", with: "\"N/A\"")
    #expect(try treec(input: input).status == 1)
    let named = try treec("--missing", "N/A", input: input)
    let absent = try treec(input: Self.row.replacing("65", with: "null"))
    #expect(named.status == 0 && named.output == absent.output)
  }

  @Test func `Numbers can mean missing in CSV`() throws {
    let header = "region,population,sex,age,education,income,status_quo_support\n"
    let named = try treec("--missing", "-999", input: header + "N,1,M,-999,P,4,5\n")
    let absent = try treec(input: header + "N,1,M,,P,4,5\n")
    #expect(named.status == 0 && named.output == absent.output)
  }

  @Test func `Columns by position are for CSV`() throws {
    let outcome = try treec("--by-position", input: Self.row)
    #expect(outcome.status == 1 && outcome.errors.contains("are for CSV"))
  }

  // MARK: gzip

  @Test func `Gzip data are recognised by content`() throws {
    let text = try Array(Data(contentsOf: URL(filePath: rows)))
    let expected = try Program.run(["predict", model, rows]).output
    let half = text.count / 2
    let outcome = try packed(
      input: GzipMember.stored(Array(text[..<half])) + GzipMember.stored(Array(text[half...])))
    #expect(outcome.status == 0 && outcome.output == expected)
    let objects = try packed(input: GzipMember.stored(Array(Self.row.utf8)))
    #expect(objects.output == "{\"prediction_0\":0.837398559135932}\n")
  }

  @Test func `Gzip data that are damaged are an error`() throws {
    let text = try Array(Data(contentsOf: URL(filePath: rows)))
    let member = GzipMember.stored(text)
    for (data, message) in [
      (Array(member.dropLast(3)), "end too early"),
      (GzipMember.stored(text, checksum: 7), "corrupt"),
      (member + [1, 2, 3], "no gzip data follow"),
    ] {
      let outcome = try packed(input: data)
      #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  // MARK: arguments

  @Test func `Threads give the same bytes`() throws {
    let one = try Program.run(["predict", model, rows])
    for threads in ["2", "7"] {
      let several = try Program.run(["predict", model, rows, "--threads", threads])
      #expect(several.status == 0 && several.output == one.output)
    }
    for impossible in ["0", "-1", "x", "100000"] {
      #expect(try Program.run(["predict", model, rows, "--threads", impossible]).status == 64)
    }
  }
}
