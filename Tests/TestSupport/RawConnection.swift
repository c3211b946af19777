import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A client that sends the very bytes that a test wants, over a socket of its own.
///
/// Calls block; use it inside ``onThread(_:)``.
public final class RawConnection {
  private let descriptor: Int32
  private var isOpen = true

  public init(port: Int, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw ConnectionFailure(code: errno) }
  }

  deinit { close() }

  /// Sends all of `text`; what the server no longer takes is dropped.
  public func send(_ text: String) { send(Array(text.utf8)) }

  public func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest.removeFirst(count)
    }
  }

  /// Reads until `isEnough`, the end of the connection, or `seconds` without a byte.
  public func receive(
    within seconds: Int32 = 30, until isEnough: (String) -> Bool = { _ in false }
  ) -> Received {
    var bytes: [UInt8] = []
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if isEnough(text) { return Received(text: text, isClosed: false) }
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, seconds * 1000) > 0 else {
        return Received(text: text, isClosed: false)
      }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return Received(text: text, isClosed: true) }
      bytes += buffer[..<count]
    }
  }

  /// Reads `count` whole answers.
  public func receive(answers count: Int, within seconds: Int32 = 30) -> Received {
    receive(within: seconds) { Received(text: $0, isClosed: false).answers.count >= count }
  }

  /// The first of `connections` on which something comes within 30 s.
  public static func firstToAnswer(_ connections: [RawConnection]) -> RawConnection? {
    var polls = connections.map {
      pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
    }
    guard Glibc.poll(&polls, nfds_t(polls.count), 30_000) > 0 else { return nil }
    return zip(connections, polls).first { $0.1.revents != 0 }?.0
  }

  /// Whether the server resets the connection while nothing is read from it.
  public func isReset(within seconds: Int32) -> Bool {
    var poll = pollfd(fd: descriptor, events: 0, revents: 0)
    return Glibc.poll(&poll, 1, seconds * 1000) > 0 && poll.revents & Int16(POLLERR) != 0
  }

  /// Says that nothing more will be sent.
  public func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Vanishes; unread bytes make it a reset.
  public func close() {
    if isOpen { Glibc.close(descriptor) }
    isOpen = false
  }
}

public struct ConnectionFailure: Error { let code: Int32 }

/// What came from the server.
public struct Received: Sendable {
  public struct Answer: Sendable {
    public var status: Int
    public var head: String
    public var body: String
  }

  public var text: String
  /// Whether the server has ended the connection.
  public var isClosed: Bool

  public init(text: String, isClosed: Bool) {
    self.text = text
    self.isClosed = isClosed
  }

  /// The answers that came whole; `100 Continue` is one without a body.
  public var answers: [Answer] {
    var answers: [Answer] = []
    var rest = Substring(text)
    while let end = rest.firstRange(of: "\r\n\r\n") {
      let head = rest[..<end.lowerBound]
      let size =
        head.split(separator: "\r\n")
        .first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
      let body = rest[end.upperBound...].utf8.prefix(size)
      guard body.count == size else { break }
      answers.append(
        Answer(
          status: Int(head.split(separator: " ")[1]) ?? 0, head: String(head),
          body: String(Substring(body))))
      rest = Substring(rest[end.upperBound...].utf8.dropFirst(size))
    }
    return answers
  }

  public var statuses: [Int] { answers.map(\.status) }
}

/// Lets time pass on the calling thread.
public func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }

/// Runs blocking work where it holds up no other test.
public func onThread<Value: Sendable>(
  _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async {
      continuation.resume(with: Result { try work() })
    }
  }
}
