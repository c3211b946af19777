import NIOCore
import TestSupport
import Testing

@testable import Serve

/// How a server ends.
@Suite struct StopTests {
  fileprivate func start() async throws -> ScoringServer {
    try await ScoringServer.start(
      ScoringService(ServedModel(SampleModels.regression())), configuration: .with { _ in })
  }

  @Test func `Idle connections end at once, and no new ones are taken`() async throws {
    let server = try await start()
    let port = server.port
    let connection = try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(Requests.ping)
      #expect(connection.receive(answers: 1).statuses == [200])
      return Unchecked(connection)
    }
    let start = NIODeadline.now()
    async let stop: Void = server.stop(within: .seconds(20))
    try await onThread {
      #expect(connection.value.receive().isClosed)
      connection.value.close()
    }
    await stop
    #expect(NIODeadline.now() - start < .seconds(5))
    await #expect(throws: ConnectionFailure.self) {
      try await onThread { _ = try RawConnection(port: port) }
    }
  }

  @Test func `A request that has begun is answered, and told that it is the last`() async throws {
    let server = try await start()
    let port = server.port
    let request = Requests.scoring()
    let connection = try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(Requests.ping)
      #expect(connection.receive(answers: 1).statuses == [200])
      connection.send(String(request.dropLast(5)))
      pause(milliseconds: 200)
      return Unchecked(connection)
    }
    async let stop: Void = server.stop(within: .seconds(20))
    try await onThread {
      while (try? RawConnection(port: port)) != nil { pause(milliseconds: 20) }
      pause(milliseconds: 200)
      connection.value.send(String(request.suffix(5)))
      let received = connection.value.receive()
      #expect(received.answers.first?.body == Requests.answerToRow)
      #expect(received.answers.first?.head.contains("connection: close") == true)
      #expect(received.isClosed)
      connection.value.close()
    }
    await stop
  }

  @Test func `What has not ended by the deadline is cut`() async throws {
    let server = try await start()
    let port = server.port
    let connection = try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(String(Requests.scoring().dropLast(5)))
      pause(milliseconds: 200)
      return Unchecked(connection)
    }
    let start = NIODeadline.now()
    await server.stop(within: .milliseconds(300))
    #expect(NIODeadline.now() - start < .seconds(5))
    try await onThread { #expect(connection.value.receive().isClosed) }
  }
}

extension StopTests {
  @Test func `A batch that takes too long is cut, and keeps nobody waiting`() async throws {
    let server = try await start()
    let port = server.port
    // More work than any machine does in the time given.
    let request = Requests.scoring(Requests.batch(rows: 2_000_000))
    let connection = try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(request)
      return Unchecked(connection)
    }
    let start = NIODeadline.now()
    await server.stop(within: .milliseconds(10))
    #expect(NIODeadline.now() - start < .seconds(10))
    try await onThread { #expect(connection.value.receive().isClosed) }
  }
}

/// Hands a connection from one thread to the next; no two use it at a time.
struct Unchecked<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
