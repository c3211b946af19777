import Foundation
import TestSupport
import Testing
import TreeIR

@testable import Serve

/// What pandas makes of a CSV text; see `fixtures/make/make_csv_frames.py`.
struct CSVFrameCase: Decodable, Sendable {
  struct Column: Decodable, Sendable {
    var name: String
    var kind: String
    var values: String?
  }

  var name: String
  var text: String
  var `repeat`: Repetition?
  var error: String?
  var rows: Int?
  var columns: [Column]?

  struct Repetition: Decodable, Sendable {
    var part: String
    var count: Int

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      part = try values.decode(String.self)
      count = try values.decode(Int.self)
    }
  }

  var body: [UInt8] {
    guard let `repeat` else { return Array(text.utf8) }
    let pieces = text.split(separator: "@", omittingEmptySubsequences: false)
    return Array(
      pieces.joined(separator: String(repeating: `repeat`.part, count: `repeat`.count)).utf8)
  }

  static func all(_ lines: [UInt8]) throws -> [CSVFrameCase] {
    let decoder = JSONDecoder()
    return try lines.split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(CSVFrameCase.self, from: Data($0))
    }
  }

  /// What differs between pandas and this reader in strict mode.
  func differences() throws -> [String] {
    let body = body
    let frame: Frame
    do {
      let model = try numericModel(columnCount: columns?.count ?? 1)
      frame = try CSVFrame.read(body.span, model: model, isStrict: true)
    } catch let found as CSVFrameError {
      return found.message == error ? [] : ["error \(found.message) for \(error ?? "none")"]
    }
    guard let columns, let rows else { return ["no error for \(error ?? "")"] }
    guard frame.rowCount == rows, frame.columnCount == columns.count else {
      return ["\(frame.rowCount) x \(frame.columnCount) for \(rows) x \(columns.count)"]
    }
    var differences: [String] = []
    let names = try names()
    if names.map({ Array($0.utf8) }) != columns.map({ Array($0.name.utf8) }) {
      differences.append("names \(names)")
    }
    // Types that pandas gives columns without rows are no one's business.
    for (index, column) in columns.enumerated() where rows > 0 {
      let kind = Self.word(frame.kinds[index])
      guard kind == column.kind else {
        differences.append("\(kind) for \(column.kind) in column \(index)")
        continue
      }
      guard let expected = column.values else { continue }
      let count = expected.utf8.count / 16
      let values = (rows - count..<rows).map { row in
        let bits = frame.values[row * columns.count + index].bitPattern
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
      }
      if values.joined() != expected {
        differences.append("\(values.joined()) for \(expected) in column \(index)")
      }
    }
    let isText = columns.contains { $0.kind == "text" } && rows > 0
    if (frame.fault != nil) != isText {
      differences.append("fault \(String(describing: frame.fault))")
    }
    return differences
  }

  /// The names that the reader has for the columns.
  private func names() throws -> [String] {
    let body = body
    let model = try numericModel(columnCount: columns?.count ?? 1)
    var tokenizer = PandasTokenizer(body.span)
    return try CSVFrameReader(&tokenizer, model: model, isStrict: true).names
  }

  private static func word(_ kinds: Frame.Kinds) -> String {
    switch kinds {
    case .integer: "integer"
    case .fraction: "fraction"
    case .boolean: "boolean"
    case .text: "text"
    default: "\(kinds.rawValue)"
    }
  }
}

/// A model of that many columns, `0`, `1` and so on.
func numericModel(columnCount: Int) throws -> ServedModel {
  let columns = (0..<columnCount).map { InputColumn(name: "\($0)", kind: .numeric) }
  return ServedModel(try ModelBuilder(input: InputSchema(columns: columns)).build())
}

/// Strict mode is what real pandas was recorded to do, to the bit.
@Suite struct CSVFrameFixtureTests {
  @Test func strictModeReadsAsPandasDoes() throws {
    let cases = try CSVFrameCase.all(Fixture.bytes("mlflow/csv_frames.jsonl"))
    #expect(cases.count > 800)
    for `case` in cases {
      let differences = try `case`.differences()
      #expect(differences.isEmpty, "\(`case`.name): \(`case`.text.debugDescription)")
    }
  }
}
