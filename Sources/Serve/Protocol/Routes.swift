import TextCodec

/// The paths of MLflow's server, and what it answers to requests that reach no handler.
enum Routes {
  enum Handler: Sendable, Equatable {
    case ping
    case version
    case invocations
  }

  enum Match: Sendable, Equatable {
    case found(Handler)
    case answered(Answer)
  }

  /// The version of MLflow whose protocol this is, and which `/version` answers.
  static let version = "3.17.2"

  static func match(_ head: RequestHead) -> Match {
    let (path, query) = split(head.target)
    if let handler = handler(of: path) {
      let method = handler == .invocations ? "POST" : "GET"
      guard head.method == method else { return .answered(notAllowed(allow: method)) }
      return .found(handler)
    }
    if path.hasSuffix("/"), path != "/" {
      let shorter = String(path.reversed().drop { $0 == "/" }.reversed())
      if handler(of: shorter) != nil {
        return .answered(moved(to: shorter, query: query, host: head.host))
      }
    }
    return .answered(json(404, #"{"detail":"Not Found"}"#))
  }

  private static func handler(of path: String) -> Handler? {
    switch path {
    case "/invocations": .invocations
    case "/ping", "/health": .ping
    case "/version": .version
    default: nil
    }
  }

  /// The path, its escapes resolved, and the query with its `?`. A target with scheme and
  /// host is a path that nothing has, as in MLflow's server.
  private static func split(_ target: String) -> (path: String, query: Substring) {
    let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    let path = target[..<mark]
    guard path.utf8.contains(UInt8(ascii: "%")) else { return (String(path), target[mark...]) }
    var decoded: [UInt8] = []
    var rest = path.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = escapedByte(rest.prefix(2)) {
        decoded.append(value)
        rest = rest.dropFirst(2)
      } else {
        decoded.append(byte)
      }
    }
    return (String(decoding: decoded, as: UTF8.self), target[mark...])
  }

  private static func escapedByte(_ digits: Substring.UTF8View.SubSequence) -> UInt8? {
    let text = Substring(digits)
    guard text.utf8.count == 2, text.allSatisfy(\.isHexDigit) else { return nil }
    return UInt8(text, radix: 16)
  }

  private static func notAllowed(allow method: String) -> Answer {
    var answer = json(405, #"{"detail":"Method Not Allowed"}"#)
    answer.allow = method
    return answer
  }

  private static func moved(to path: String, query: Substring, host: String?) -> Answer {
    let origin = host.flatMap { isHost($0) ? "http://\($0)" : nil } ?? ""
    return Answer(
      status: 307, contentType: nil, location: "\(origin)\(path)\(query)", body: [])
  }

  /// Whether a text has none but the characters of a host and a port (RFC 3986, section 3.2.2);
  /// any other is not repeated.
  private static func isHost(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-._~%!$&'()*+,;=:[]".utf8.contains(byte)
        }
      }
  }

  static func json(_ status: Int, _ body: String) -> Answer {
    Answer(status: status, contentType: "application/json", body: Array(body.utf8))
  }

  static func text(_ status: Int, _ body: String) -> Answer {
    Answer(status: status, contentType: "text/plain; charset=utf-8", body: Array(body.utf8))
  }
}
