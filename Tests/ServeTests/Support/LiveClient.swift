import Serve
import TestSupport

/// Asks a running server over a socket, a connection a request.
struct LiveClient: TestClient {
  let port: Int

  func send(_ head: RequestHead, body: [UInt8]) async throws -> Answer {
    try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(Self.text(of: head, bodySize: body.count))
      connection.send(body)
      let received = connection.receive()
      // After a HEAD request no body comes, whatever its length is said to be.
      let parts = received.text.split(separator: "\r\n\r\n", maxSplits: 1)
      guard received.isClosed, let first = parts.first else { throw NoAnswer(received: received) }
      let lines = first.split(separator: "\r\n")
      let content = received.text.utf8.dropFirst(first.utf8.count + 4)
      return Answer(
        status: Int(lines[0].split(separator: " ")[1]) ?? 0,
        contentType: value(of: "content-type", in: lines), allow: value(of: "allow", in: lines),
        location: value(of: "location", in: lines), body: Array(content))
    }
  }

  private static func text(of head: RequestHead, bodySize: Int) -> String {
    var text = "\(head.method) \(head.target) HTTP/1.1\r\nConnection: close\r\n"
    if let host = head.host { text += "Host: \(host)\r\n" }
    if let contentType = head.contentType { text += "Content-Type: \(contentType)\r\n" }
    if bodySize > 0 { text += "Content-Length: \(bodySize)\r\n" }
    return text + "\r\n"
  }

  private func value(of name: String, in lines: [Substring]) -> String? {
    lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }
}

struct NoAnswer: Error { let received: Received }
