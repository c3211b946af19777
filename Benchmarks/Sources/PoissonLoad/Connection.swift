import Glibc

/// A keep-alive connection with one request at a time on it.
struct Connection {
  let descriptor: Int32
  private let request: [UInt8]
  private var sent = 0
  private var received: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  private var answerLength: Int?
  private var status = 0
  private var bodyStart = 0
  private(set) var isBusy = false
  /// When the request on its way was due, in nanoseconds.
  private(set) var dueTime: UInt64 = 0

  init(port: UInt16, request: [UInt8]) throws {
    self.request = request
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw LoadError.system("socket") }
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw LoadError.system("connect to port \(port)") }
    guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw LoadError.system("fcntl") }
  }

  /// What `poll` should wait for.
  var events: Int16 {
    Int16(sent < request.count ? POLLIN | POLLOUT : POLLIN)
  }

  mutating func start(dueTime: UInt64) throws {
    self.dueTime = dueTime
    isBusy = true
    sent = 0
    received.removeAll(keepingCapacity: true)
    answerLength = nil
    try send()
  }

  /// Moves what bytes it can; true when the answer is complete.
  mutating func advance() throws -> Bool {
    try send()
    try receive()
    guard let answerLength, received.count >= answerLength else { return false }
    isBusy = false
    return true
  }

  /// Whether the complete answer is 200 with the body, if one is expected.
  func answers(_ expected: [UInt8]?) -> Bool {
    guard status == 200, received.count == answerLength else { return false }
    return expected == nil || received[bodyStart...].elementsEqual(expected ?? [])
  }

  private mutating func send() throws {
    while sent < request.count {
      let count = request.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      guard count >= 0 else {
        if errno == EAGAIN || errno == EINTR { return }
        throw LoadError.system("send")
      }
      sent += count
    }
  }

  private mutating func receive() throws {
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count >= 0 else {
        if errno == EAGAIN || errno == EINTR { return }
        throw LoadError.system("recv")
      }
      guard count > 0 else { throw LoadError("the server closed a connection") }
      received += chunk[..<count]
      if answerLength == nil { try readHead() }
      if count < chunk.count { return }
    }
  }

  /// Looks for the end of the head, and there for status and length.
  private mutating func readHead() throws {
    let end = Array("\r\n\r\n".utf8)
    var index = 0
    while index + end.count <= received.count {
      if received[index] == end[0], received[index..<index + end.count].elementsEqual(end) {
        break
      }
      index += 1
    }
    guard index + end.count <= received.count else { return }
    let lines = String(decoding: received[..<index], as: UTF8.self).lowercased()
      .split(separator: "\r\n")
    let length = lines.first { $0.hasPrefix("content-length:") }?
      .split(separator: ":")[1].drop { $0 == " " }
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
      let length = length.flatMap({ Int($0) })
    else {
      throw LoadError("an answer without status or Content-Length")
    }
    self.status = status
    bodyStart = index + end.count
    answerLength = bodyStart + length
  }
}
