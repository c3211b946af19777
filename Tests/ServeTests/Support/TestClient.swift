import Serve

/// Sends requests to a server and gives back its answers, however they travel: the same tests
/// run with and without a socket.
protocol TestClient: Sendable {
  func send(_ head: RequestHead, body: [UInt8]) async throws -> Answer
}

extension TestClient {
  func get(_ target: String) async throws -> Answer {
    try await send(RequestHead(method: "GET", target: target, host: "example"), body: [])
  }

  func post(
    _ body: String, contentType: String? = "application/json"
  ) async throws -> Answer {
    try await post(bytes: Array(body.utf8), contentType: contentType)
  }

  func post(bytes: [UInt8], contentType: String? = "application/json") async throws -> Answer {
    let head = RequestHead(
      method: "POST", target: "/invocations", contentType: contentType, host: "example")
    return try await send(head, body: bytes)
  }
}

/// Asks a service without any transport.
struct RouterClient: TestClient {
  private let service: ScoringService

  init(_ model: ServedModel, isStrict: Bool = false) {
    var options = ScoringOptions()
    options.isStrict = isStrict
    service = ScoringService(model, options: options)
  }

  func send(_ head: RequestHead, body: [UInt8]) async throws -> Answer {
    var answer = answer(head, body)
    // Transports send no body here.
    if head.method == "HEAD" { answer.body = [] }
    return answer
  }

  private func answer(_ head: RequestHead, _ body: [UInt8]) -> Answer {
    switch service.route(head) {
    case .answered(let answer): return answer
    case .scoring(let format):
      var scratch = service.makeScratch()
      return service.score(format, body: body.span, scratch: &scratch)
    }
  }
}
