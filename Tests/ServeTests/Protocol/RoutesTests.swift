import Serve
import Testing

/// Where requests go before anyone looks at a body.
@Suite struct RoutesTests {
  private let client: RouterClient

  init() throws {
    client = RouterClient(try #require(ServedModel.mlflow["nosig_binary"]))
  }

  private func send(_ method: String, _ target: String) async throws -> Answer {
    try await client.send(
      RequestHead(method: method, target: target, host: "example:5000"), body: [])
  }

  @Test(arguments: ["/ping", "/health", "/ping?verbose=1", "/%70ing", "/p%69%6eg"])
  func aliveIsOneEmptyLine(_ target: String) async throws {
    let answer = try await client.get(target)
    #expect(answer.status == 200)
    #expect(answer.contentType == "application/json")
    #expect(answer.body == Array("\n".utf8))
  }

  @Test func versionIsTheVersionOfTheProtocol() async throws {
    let answer = try await client.get("/version")
    #expect(
      answer == Answer(status: 200, contentType: "application/json", body: Array("3.17.2".utf8)))
  }

  @Test(arguments: ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get"])
  func otherMethodsAreToldTheRightOne(_ method: String) async throws {
    let answer = try await send(method, "/ping")
    #expect(answer.status == 405)
    #expect(answer.allow == "GET")
    let body = #"{"detail":"Method Not Allowed"}"#
    #expect(String(decoding: answer.body, as: UTF8.self) == (method == "HEAD" ? "" : body))
    #expect(try await send("GET", "/invocations").allow == "POST")
  }

  @Test(
    arguments: [
      "/", "", "/Ping", "//ping", "/pin", "/ping/x", "/invocations/x", "/ping%2", "/%zzping",
      "/ping%00", "/ping%3Fx", "http://example/ping", "*", "//", "/docs",
    ])
  func unknownPathsAreNotFound(_ target: String) async throws {
    let answer = try await client.get(target)
    #expect(answer.status == 404)
    #expect(String(decoding: answer.body, as: UTF8.self) == #"{"detail":"Not Found"}"#)
  }

  @Test(
    arguments: [
      ("/ping/", "http://example:5000/ping"), ("/ping//", "http://example:5000/ping"),
      ("/invocations/?x=1", "http://example:5000/invocations?x=1"),
      ("/ping%2F", "http://example:5000/ping"),
    ])
  func slashesAtTheEndAreMovedAway(_ target: String, _ location: String) async throws {
    for method in ["GET", "POST", "PATCH"] {
      let answer = try await send(method, target)
      #expect(answer == Answer(status: 307, contentType: nil, location: location, body: []))
    }
  }

  @Test(arguments: ["a b", "x\"y", "<host>", "a/b", "höst", "a@b", "a?b", "x\u{1}", ""])
  func whatIsNoHostIsNotRepeated(_ host: String) async throws {
    let head = RequestHead(method: "GET", target: "/ping/?x=1", host: host)
    #expect(try await client.send(head, body: []).location == "/ping?x=1")
  }

  @Test(arguments: ["example", "EXAMPLE:80", "[::1]:5000", "10.0.0.1", "a-b_c.example"])
  func hostsAreRepeated(_ host: String) async throws {
    let head = RequestHead(method: "GET", target: "/ping/", host: host)
    #expect(try await client.send(head, body: []).location == "http://\(host)/ping")
  }

  @Test func withoutHostAMoveNamesThePathAlone() async throws {
    let answer = try await client.send(RequestHead(method: "GET", target: "/ping/"), body: [])
    #expect(answer.location == "/ping")
  }
}
