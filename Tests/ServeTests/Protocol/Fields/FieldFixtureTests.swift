import Foundation
import TestSupport
import Testing

@testable import Serve

/// The models of `fixtures/pmml/models` answer over the protocol what JPMML does.
@Suite struct FieldFixtureTests {
  private static let names: [String] = {
    let folder = Fixture.root.appending(path: "pmml/models").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }()

  /// A cell as JSON.
  private static func json(_ cell: String) -> String {
    if cell.isEmpty { return "null" }
    if cell.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil { return cell }
    return "\"\(cell.replacing("\"", with: "\\\""))\""
  }

  @Test(arguments: names)
  func rowsAreAnsweredAsJPMMLAnswersThem(_ name: String) async throws {
    let folder = "pmml/models/\(name)"
    let document = String(decoding: try Fixture.bytes("\(folder)/model.pmml"), as: UTF8.self)
    let client = RouterClient(try FieldModel.served(document))
    let input = try CSVContent(Data(Fixture.bytes("\(folder)/input.csv")))
    let expected = try CSVContent(Data(Fixture.bytes("\(folder)/expected.csv")))
    for (cells, answers) in zip(input.rows, expected.rows) {
      let members = zip(input.header, cells).map { "\"\($0)\": \(Self.json($1))" }
      let record = #"{"dataframe_records": [{\#(members.joined(separator: ", "))}]}"#
      let quoted = cells.map { $0.isEmpty ? "" : "\"\($0.replacing("\"", with: "\"\""))\"" }
      let table = "\(input.header.joined(separator: ","))\n\(quoted.joined(separator: ","))\n"
      let first = try await client.post(record)
      let second = try await client.post(table, contentType: "text/csv")
      #expect(first == second, "\(record)")
      guard !answers.contains("#ERROR") else {
        #expect(first.status == 400)
        #expect(ErrorBody(first.body)?.message.contains(" Row 0") == true)
        continue
      }
      try check(first, expected.header, answers)
    }
  }

  private struct Body: Decodable {
    var predictions: [[String: Value]]
  }

  private enum Value: Decodable {
    case missing
    case truth(Bool)
    case number(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .missing
      } else if let truth = try? container.decode(Bool.self) {
        self = .truth(truth)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    func isSame(as text: String) -> Bool {
      switch self {
      case .missing: text.isEmpty
      case .truth(let truth): text == "\(truth)"
      case .text(let own): text == own
      // JPMML's floats are written with as many digits as a float needs.
      case .number(let number):
        Double(text) == number || Float(text) == Float(number) && Double(Float(number)) == number
      }
    }
  }

  private func check(_ answer: Answer, _ names: [String], _ texts: [String]) throws {
    #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    guard answer.status == 200 else { return }
    let body = try JSONDecoder().decode(Body.self, from: Data(answer.body))
    let record = try #require(body.predictions.first)
    #expect(body.predictions.count == 1)
    #expect(Set(record.keys) == Set(names))
    // Of a name that comes twice the last result counts.
    let expected = Dictionary(zip(names, texts)) { $1 }
    for (name, text) in expected {
      #expect(record[name]?.isSame(as: text) == true, "\(name): \(text)")
    }
  }
}
