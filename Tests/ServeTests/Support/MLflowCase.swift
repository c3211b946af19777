import Evaluator
import Foundation
import Importers
import TestSupport

@testable import Serve

/// A request to MLflow's real server, and its answer: a line of `*_cases.jsonl`, `xgboost.jsonl`
/// or `catboost.jsonl` in `fixtures/mlflow`.
struct MLflowCase: Sendable, Decodable, CustomStringConvertible {
  struct Request: Sendable, Decodable {
    var method: String
    var path: String
    var headers: [String: String]
    var body: String?
    var bodyB64: String?
  }

  struct Response: Sendable, Decodable {
    var status: Int
    var contentType: String?
    var body: String
    var headers: [String: String]?
  }

  enum Comparison: String, Sendable, Decodable {
    case predictions
    case error
    case exact
  }

  var id: String
  var model: String
  var kind: String
  var request: Request
  var response: Response
  var compare: Comparison

  var description: String { id }

  /// All lines of all files of cases.
  static let all: [MLflowCase] = {
    let folder = Fixture.root.appending(path: "mlflow")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let files = names.filter {
      $0.hasSuffix("_cases.jsonl") || ["xgboost.jsonl", "catboost.jsonl"].contains($0)
    }
    return files.sorted().flatMap { name in
      let text = (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
      return text.split(separator: UInt8(ascii: "\n")).map { line in
        do {
          return try decoder.decode(MLflowCase.self, from: line)
        } catch {
          fatalError("\(name): \(error)")
        }
      }
    }.filter { !answeredOtherwise.contains($0.id) && $0.kind != blocks }
  }()

  /// The kind of cases in which XGBoost's answer to a row depends on the others.
  private static let blocks = "blocks"

  /// What treec answers in another way on purpose.
  private static let answeredOtherwise: Set<String> = [
    // An integer of more than 4300 digits is too much for Python, whose server fails with 500.
    "nosig_binary/json_digits_4301",
    // Bodies in Parquet are not read yet, and refused for it.
    "nosig_binary/parquet_garbage",
  ]

  /// The host of requests that name none; `<HOST>` in recorded answers.
  private static let host = "host.example"

  /// Where the answer sends the client.
  var location: String? {
    response.headers?["location"]?.replacingOccurrences(of: "<HOST>", with: Self.host)
  }

  /// What MLflow answers and no server on this HTTP parser can: methods that no standard has,
  /// which it answers with 400 where MLflow's has 404 or 405.
  static let unknownMethods: Set<String> = [
    "nosig_binary/FOO_invocations", "nosig_binary/lower_invocations",
  ]

  var head: RequestHead {
    func header(_ name: String) -> String? {
      request.headers.first { $0.key.lowercased() == name }?.value
    }
    return RequestHead(
      method: request.method, target: request.path, contentType: header("content-type"),
      host: header("host") ?? Self.host)
  }

  var body: [UInt8] {
    if let text = request.bodyB64 { return [UInt8](Data(base64Encoded: text) ?? Data()) }
    return Array((request.body ?? "").utf8)
  }
}

extension ServedModel {
  /// The models of `fixtures/mlflow`, by name.
  static let mlflow: [String: ServedModel] = {
    let folder = Fixture.root.appending(path: "mlflow")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    var models: [String: ServedModel] = [:]
    for name in names {
      for file in ["model.lgb", "model.ubj", "model.cb"] {
        guard let bytes = try? Fixture.bytes("mlflow/\(name)/\(file)") else { continue }
        models[name] = try? ServedModel(
          Importer.read(bytes.span, name: name), output: outputs[name] ?? .prediction)
      }
    }
    return models
  }()

  /// What the classes answer by which MLflow saved the models, where it is not the prediction.
  private static let outputs: [String: PredictionOutput] = [
    "cat_unnamed": .raw, "cat_positions": .raw, "cat_unused": .raw, "cat_texts": .label,
    "cat_truths": .label, "cat_fractions": .label, "cat_integers": .label,
  ]
}
