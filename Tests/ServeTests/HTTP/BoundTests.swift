import NIOCore
import TestSupport
import Testing

@testable import Serve

/// What a server refuses, and what it ends.
@Suite struct BoundTests {
  static let malformed: [String] = [
    "hello world\r\n\r\n",
    "GET /ping HTTP/1.1\r\n\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "GET /ping HTTP/2.0\r\nHost: x\r\n\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\n: c\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n0\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\n{\"a\":\r\n0\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Transfer-Encoding: gzip\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
  ]

  @Test(arguments: malformed)
  func `A malformed request is answered 400 and the connection ends`(
    request: String
  ) async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(request)
      let received = connection.receive()
      #expect(received.statuses == [400])
      #expect(received.answers.first?.body == "Invalid HTTP request received.")
      #expect(received.isClosed)
    }
  }

  @Test func `Nothing behind a malformed request is taken for a request`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(Requests.ping + "garbage\r\n\r\n" + Requests.ping)
      #expect(connection.receive().statuses == [200, 400])
    }
  }

  @Test func `A malformed request behind a large batch does not take its answer`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(Requests.scoring(Requests.batch(rows: 20_000)) + "garbage\r\n\r\n")
      #expect(connection.receive().statuses == [200, 400])
    }
  }

  @Test func `What follows a malformed request costs nobody an answer`() async throws {
    try await withServer { port in
      let request = Requests.scoring(Requests.batch(rows: 20_000)) + "garbage\r\n\r\n"
      let connection = try RawConnection(port: port)
      connection.send(request)
      connection.send(String(repeating: "x", count: 3000))
      connection.endOutput()
      #expect(connection.receive().statuses == [200, 400])
    }
  }

  @Test func `No more requests wait for a batch than there is room for`() async throws {
    try await withServer { port in
      let batch = Requests.scoring(Requests.batch(rows: 20_000))
      let pings = String(repeating: Requests.ping, count: 10_000)
      let connection = try RawConnection(port: port)
      connection.send(batch + pings)
      connection.endOutput()
      let statuses = connection.receive().statuses
      // The kernel may hand the server the pings in parts, some of them after the batch.
      #expect(statuses.first == 200)
      #expect(statuses.last == 503 || statuses.count == 10_001)
    }
  }

  @Test func `A body that is too long is refused before it is read`() async throws {
    try await withServer(configuration: .with { $0.maximumBodySize = 1000 }) { port in
      let connection = try RawConnection(port: port)
      connection.send(
        "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Content-Length: 1001\r\n\r\n")
      let received = connection.receive()
      #expect(received.statuses == [413])
      #expect(received.isClosed)
    }
  }

  @Test func `A chunked body that becomes too long is refused`() async throws {
    try await withServer(configuration: .with { $0.maximumBodySize = 1000 }) { port in
      let connection = try RawConnection(port: port)
      connection.send(
        "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<3 { connection.send("190\r\n" + String(repeating: "x", count: 400) + "\r\n") }
      #expect(connection.receive().statuses == [413])
    }
  }

  @Test func `Bodies together have a bound too, and give their room back`() async throws {
    let bound = 3 << 20
    try await withServer(
      configuration: .with {
        $0.maximumBodySize = bound
        $0.maximumBufferedSize = bound
      }
    ) { port in
      let head =
        "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(bound)\r\n\r\n"
      let part = String(repeating: " ", count: 2 << 20)
      let first = try RawConnection(port: port)
      first.send(head + part)
      let second = try RawConnection(port: port)
      second.send(head + part)
      // Which of the two came too late is the kernel's choice.
      let answered = RawConnection.firstToAnswer([first, second])
      #expect(answered?.receive(answers: 1).statuses == [503])
      first.close()
      second.close()
      for _ in 0..<3 {
        let third = try RawConnection(port: port)
        third.send(Requests.scoring(part + Requests.row))
        #expect(third.receive(answers: 1).statuses == [200])
      }
    }
  }

  static let longHeads: [String] = [
    "GET /\(String(repeating: "a", count: 5000)) HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 5000))\r\n\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\n"
      + String(repeating: "A: \(String(repeating: "a", count: 900))\r\n", count: 20) + "\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\n\(String(repeating: "A: a\r\n", count: 200))\r\n",
    // Never ends.
    "GET /\(String(repeating: "a", count: 5000))",
  ]

  @Test(arguments: longHeads)
  func `A head that is too long is refused`(request: String) async throws {
    try await withServer(
      configuration: .with {
        $0.maximumHeaderSize = 4000
        $0.maximumHeadSize = 8000
      }
    ) { port in
      let connection = try RawConnection(port: port)
      connection.send(request)
      let received = connection.receive()
      #expect(received.statuses == [431])
      #expect(received.isClosed)
    }
  }

  @Test func `A header and a query of 70 kB are no problem`() async throws {
    try await withServer { port in
      let long = String(repeating: "a", count: 70_000)
      let connection = try RawConnection(port: port)
      connection.send("GET /ping?\(long) HTTP/1.1\r\nHost: x\r\nX-A: \(long)\r\n\r\n")
      #expect(connection.receive(answers: 1).statuses == [200])
    }
  }

  static let silent: [String] = ["", "GET /ping HTTP/1.1\r\nHo", Requests.ping]

  @Test(arguments: silent)
  func `A connection without a whole request ends after the idle time`(
    sent: String
  ) async throws {
    try await withServer(configuration: .with { $0.idleTimeout = .milliseconds(300) }) { port in
      let connection = try RawConnection(port: port)
      connection.send(sent)
      #expect(connection.receive(within: 3).isClosed)
    }
  }

  @Test func `A head that drips in does not keep the connection`() async throws {
    try await withServer(configuration: .with { $0.idleTimeout = .milliseconds(300) }) { port in
      let connection = try RawConnection(port: port)
      var isClosed = false
      for byte in "GET /ping HTTP/1.1\r\nHost: some-very-long-name".utf8 where !isClosed {
        connection.send([byte])
        isClosed = connection.receive(within: 0).isClosed
        if !isClosed { pause(milliseconds: 50) }
      }
      #expect(isClosed || connection.receive(within: 1).isClosed)
    }
  }

  @Test func `A body that does not arrive in time is refused`() async throws {
    try await withServer(configuration: .with { $0.readTimeout = .milliseconds(300) }) { port in
      let connection = try RawConnection(port: port)
      connection.send(String(Requests.scoring().dropLast(5)))
      let received = connection.receive(within: 3)
      #expect(received.statuses == [408])
      #expect(received.isClosed)
    }
  }

  @Test func `A client that does not take its answer is cut off`() async throws {
    try await withServer(configuration: .with { $0.writeTimeout = .milliseconds(500) }) { port in
      let connection = try RawConnection(port: port, receiveBuffer: 4096)
      connection.send(Requests.scoring(Requests.batch(rows: 200_000)))
      #expect(connection.isReset(within: 30))
    }
  }

  @Test func `A client that takes its answer slowly gets all of it`() async throws {
    let configuration = ServerConfiguration.with {
      $0.writeTimeout = .seconds(2)
      $0.idleTimeout = .milliseconds(300)
    }
    try await withServer(configuration: configuration) { port in
      let request = Requests.scoring(Requests.batch(rows: 400_000))
      let connection = try RawConnection(port: port, receiveBuffer: 65536)
      connection.send(request)
      // Longer than the time for a client that takes nothing.
      var text = ""
      for _ in 0..<15 {
        pause(milliseconds: 200)
        text += connection.receive(within: 30) { $0.utf8.count >= 100_000 }.text
      }
      text += connection.receive(within: 30).text
      #expect(Received(text: text, isClosed: true).statuses == [200])
    }
  }

  @Test func `Connections beyond the bound wait for one to end`() async throws {
    try await withServer(configuration: .with { $0.maximumConnectionCount = 2 }) { port in
      let first = try RawConnection(port: port)
      let second = try RawConnection(port: port)
      for connection in [first, second] {
        connection.send(Requests.ping)
        #expect(connection.receive(answers: 1).statuses == [200])
      }
      let third = try RawConnection(port: port)
      third.send(Requests.ping)
      // Nothing comes, however long one waits; this is how long we wait.
      #expect(third.receive(within: 1) { !$0.isEmpty }.text.isEmpty)
      first.close()
      #expect(third.receive(answers: 1).statuses == [200])
    }
  }
}
