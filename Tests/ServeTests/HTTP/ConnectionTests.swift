import TestSupport
import Testing

@testable import Serve

/// What a connection does with requests, whole and in pieces, one and many.
@Suite struct ConnectionTests {
  @Test func `A connection goes on after an answer`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      for _ in 0..<3 {
        connection.send(Requests.scoring())
        let received = connection.receive(answers: 1)
        #expect(received.statuses == [200])
        #expect(received.answers.first?.body == Requests.answerToRow)
        #expect(!received.isClosed)
      }
    }
  }

  @Test func `An answer has the headers of MLflow's server`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(Requests.ping)
      let head = connection.receive(answers: 1).answers.first?.head ?? ""
      let lines = head.split(separator: "\r\n").map(String.init)
      #expect(lines.first == "HTTP/1.1 200 OK")
      #expect(
        lines.dropFirst().map { String($0.prefix { $0 != ":" }) }
          == ["date", "server", "content-length", "content-type"])
      #expect(lines.contains("content-length: 1"))
      #expect(lines.contains("content-type: application/json"))
      #expect(lines.contains { $0.hasPrefix("date: ") && $0.hasSuffix(" GMT") })
    }
  }

  @Test func `Requests sent at once are answered in order`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(Requests.scoring() + Requests.ping + Requests.scoring())
      let received = connection.receive(answers: 3)
      #expect(
        received.answers.map(\.body) == [Requests.answerToRow, "\n", Requests.answerToRow])
    }
  }

  @Test func `A request behind a large batch waits for the batch's answer`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      let batch = Requests.batch(rows: 20_000)
      connection.send(
        Requests.scoring(batch) + Requests.ping + Requests.scoring(batch) + Requests.ping)
      let answers = connection.receive(answers: 4).answers
      #expect(answers.map(\.status) == [200, 200, 200, 200])
      #expect(answers.map { $0.body.utf8.count > 20_000 } == [true, false, true, false])
    }
  }

  @Test func `A body may come byte by byte`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      for byte in Requests.scoring().utf8 { connection.send([byte]) }
      #expect(connection.receive(answers: 1).answers.first?.body == Requests.answerToRow)
    }
  }

  @Test func `A chunked body is put together`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      let middle = Requests.row.index(Requests.row.startIndex, offsetBy: 30)
      let pieces = [Requests.row[..<middle], Requests.row[middle...]]
      connection.send(
        "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n")
      for piece in pieces {
        connection.send(String(piece.utf8.count, radix: 16) + "\r\n\(piece)\r\n")
      }
      connection.send("0\r\n\r\n" + Requests.ping)
      #expect(connection.receive(answers: 2).answers.map(\.body) == [Requests.answerToRow, "\n"])
    }
  }

  @Test func `Expect is answered before the body is sent`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      let request = Requests.scoring(headers: "Expect: 100-continue\r\n")
      let body = request.utf8.count - Requests.row.utf8.count
      connection.send(Array(request.utf8.prefix(body)))
      #expect(connection.receive(answers: 1).statuses == [100])
      connection.send(Array(request.utf8.dropFirst(body)))
      #expect(connection.receive(answers: 1).answers.first?.body == Requests.answerToRow)
    }
  }

  @Test func `Expect for a body that nobody wants ends with the answer`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(
        "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
      let received = connection.receive()
      #expect(received.statuses == [404])
      #expect(received.isClosed)
    }
  }

  static let closing: [String] = [
    "GET /ping HTTP/1.0\r\n\r\n",
    "GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
  ]

  @Test(arguments: closing)
  func `A connection ends where the client or its protocol says so`(request: String) async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(request)
      let received = connection.receive()
      #expect(received.statuses == [200])
      #expect(received.answers.first?.head.contains("connection: close") == true)
      #expect(received.isClosed)
    }
  }

  @Test func `A HEAD request gets headers only`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send("HEAD /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let received = connection.receive()
      #expect(received.text.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
      #expect(received.text.contains("allow: GET\r\n"))
      #expect(received.text.contains("content-length: 31\r\n"))
      #expect(received.text.hasSuffix("\r\n\r\n"))
    }
  }

  @Test func `The body of a request without a route is passed over`() async throws {
    try await withServer { port in
      let connection = try RawConnection(port: port)
      connection.send(
        "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
          + String(repeating: "x", count: 100_000) + Requests.ping)
      #expect(connection.receive(answers: 2).statuses == [404, 200])
    }
  }

  @Test func `A client that has closed its side gets its answers`() async throws {
    try await withServer { port in
      let small = try RawConnection(port: port)
      small.send(Requests.scoring())
      small.endOutput()
      #expect(small.receive().answers.first?.body == Requests.answerToRow)

      let large = try RawConnection(port: port)
      large.send(Requests.scoring(Requests.batch(rows: 200_000)))
      large.endOutput()
      let received = large.receive()
      #expect(received.statuses == [200])
      #expect(received.isClosed)
    }
  }

  @Test func `Clients that vanish cost nothing`() async throws {
    try await withServer { port in
      for _ in 0..<20 {
        let mid = try RawConnection(port: port)
        mid.send(String(Requests.scoring().dropLast(10)))
        mid.close()
        let busy = try RawConnection(port: port)
        busy.send(Requests.scoring(Requests.batch(rows: 5000)))
        busy.close()
      }
      let connection = try RawConnection(port: port)
      connection.send(Requests.scoring())
      #expect(connection.receive(answers: 1).answers.first?.body == Requests.answerToRow)
    }
  }
}
