import Foundation
import TestSupport

/// A document of `fixtures/pmml/rules/`, rows for it, and what JPMML-Evaluator makes of them.
struct PMMLCase {
  /// What JPMML gives by one name: a Java class and a text; both nil where there is no value.
  struct Value: Sendable {
    var type: String
    var text: String?

    var isMissing: Bool { type == "null" }
  }

  enum Answer {
    case values([String: Value])
    /// The class of the exception.
    case refusal(String)
  }

  struct Row {
    /// Cells by name; what is not named is missing.
    var cells: [String: String]
    var answer: Answer
  }

  var name: String
  var document: [UInt8]
  var rows: [Row] = []
  /// The class of the exception that refuses the document.
  var refusal: String?

  /// The names of OutputFields without a type.
  var untypedOutputs: Set<String> {
    let text = String(decoding: document, as: UTF8.self)
    var names: Set<String> = []
    for part in text.split(separator: "<OutputField ").dropFirst() {
      let tag = part.prefix { $0 != ">" }
      guard !tag.contains("dataType="), let name = tag.firstRange(of: "name=\"") else { continue }
      names.insert(String(tag[name.upperBound...].prefix { $0 != "\"" }))
    }
    return names
  }

  /// The files of `fixtures/pmml/rules/`, without `.jsonl`.
  static let subjects = [
    "cells", "chains", "classes", "functions", "lists", "nested", "predicates", "preparation",
    "regression", "segments", "targets", "treatments", "trees", "xml",
  ]

  /// The cases of a file.
  static func all(_ subject: String) throws -> [PMMLCase] {
    let bytes = try Fixture.bytes("pmml/rules/\(subject).jsonl")
    let decoder = JSONDecoder()
    var cases: [PMMLCase] = []
    var frames: [Int: (before: String, after: String)] = [:]
    for text in bytes.split(separator: UInt8(ascii: "\n")) {
      let line = try decoder.decode(Line.self, from: Data(text))
      if let frame = line.frame, let before = line.before, let after = line.after {
        frames[frame] = (before, after)
      } else if let name = line.case, let text = line.pmml {
        let frame = line.frame.flatMap { frames[$0] } ?? ("", "")
        cases.append(
          PMMLCase(
            name: name,
            document: try Self.encode(frame.before + text + frame.after, line.encoding)))
      } else if let cells = line.in, !cases.isEmpty {
        let answer =
          line.out.map { out in
            Answer.values(
              out.mapValues { Value(type: $0.first.flatMap { $0 } ?? "null", text: $0.last ?? nil) }
            )
          } ?? .refusal(line.error ?? "")
        cases[cases.count - 1].rows.append(
          Row(cells: cells.compactMapValues { $0 }, answer: answer))
      } else if let refusal = line.load_error, !cases.isEmpty {
        cases[cases.count - 1].refusal = refusal
      }
    }
    return cases
  }

  private struct Line: Decodable {
    var frame: Int?
    var before: String?
    var after: String?
    var `case`: String?
    var encoding: String?
    var pmml: String?
    var `in`: [String: String?]?
    var out: [String: [String?]]?
    var error: String?
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var load_error: String?
  }

  private struct UnknownEncoding: Error {
    var name: String
  }

  private static func encode(_ text: String, _ encoding: String?) throws -> [UInt8] {
    switch encoding {
    case nil: return Array(text.utf8)
    case "utf-16":
      return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    case "latin-1", "cp1252":
      let encoding: String.Encoding = encoding == "cp1252" ? .windowsCP1252 : .isoLatin1
      guard let data = text.data(using: encoding) else {
        throw UnknownEncoding(name: "\(encoding)")
      }
      return [UInt8](data)
    default: throw UnknownEncoding(name: encoding ?? "")
    }
  }
}
