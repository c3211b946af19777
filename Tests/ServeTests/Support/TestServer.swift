import NIOCore
import TestSupport
import TreeIR

@testable import Serve

/// Runs `test` against a server of its own, which is stopped after it.
func withServer<Value: Sendable>(
  _ model: TreeModel? = nil, options: ScoringOptions = ScoringOptions(),
  accessLog: AccessLog? = nil,
  configuration: ServerConfiguration = .with { _ in },
  test: @escaping @Sendable (_ port: Int) throws -> Value
) async throws -> Value {
  let server = try await ScoringServer.start(
    ScoringService(ServedModel(model ?? SampleModels.regression()), options: options),
    configuration: configuration, accessLog: accessLog)
  let result: Result<Value, any Error>
  do {
    let port = server.port
    result = .success(try await onThread { try test(port) })
  } catch {
    result = .failure(error)
  }
  await server.stop(within: .seconds(1))
  return try result.get()
}

extension ServerConfiguration {
  /// One event loop, any free port, and what `change` says.
  static func with(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.loopCount = 1
    change(&configuration)
    return configuration
  }
}

enum Requests {
  /// A row of ``SampleModels/regression()`` whose answer is 10.25.
  static let row = #"{"dataframe_split": {"columns": ["x", "y"], "data": [[1.0, -1.0]]}}"#
  static let answerToRow = #"{"predictions": [10.25]}"#
  static let ping = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"

  /// A request to score `body`.
  static func scoring(_ body: String = row, headers: String = "") -> String {
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(headers)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// A body of so many rows that a worker scores it.
  static func batch(rows: Int) -> String {
    #"{"instances": ["#
      + repeatElement("[1.0, -1.0]", count: rows).joined(separator: ", ") + "]}"
  }
}
