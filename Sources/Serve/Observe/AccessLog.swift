import Dispatch
import NIOConcurrencyHelpers
import NIOCore
import TextCodec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a line of JSON for every request that is answered.
///
/// Event loops only add to a buffer; a queue of its own writes it out, so that a slow reader
/// of the log never holds up a request. Lines that find no room are counted instead.
public final class AccessLog: Sendable {
  /// A request, as its line tells it.
  struct Entry {
    let method: String
    /// Without the query, which may hold anything.
    let path: String
    let start = NIODeadline.now()
    /// Of the body, in bytes.
    var receivedSize = 0
  }

  private struct Pending {
    var lines: [UInt8] = []
    var droppedCount = 0
    var isBeingWritten = false
  }

  private static let capacity = 1 << 20
  private static let longestPath = 256

  private let descriptor: Int32
  private let pending = NIOLockedValueBox(Pending())
  private let queue = DispatchQueue(label: "treec.access-log")

  /// - Parameter descriptor: An open file; it stays the caller's.
  public init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  func begin(_ head: RequestHead) -> Entry {
    let path = head.target.utf8.prefix { $0 != UInt8(ascii: "?") }.prefix(Self.longestPath)
    return Entry(method: head.method, path: String(decoding: path, as: UTF8.self))
  }

  /// Writes the line of a request that is answered.
  ///
  /// - Parameters:
  ///   - status: The answer's.
  ///   - sentSize: The length of the answer's body, in bytes.
  func write(_ entry: Entry, status: Int, sentSize: Int) {
    var line = JSONWriter()
    line.beginObject()
    line.key("time_ms")
    line.write(Self.millisecondsSince1970())
    line.key("method")
    line.write(entry.method)
    line.key("path")
    line.write(entry.path)
    line.key("status")
    line.write(status)
    line.key("bytes_in")
    line.write(entry.receivedSize)
    line.key("bytes_out")
    line.write(sentSize)
    line.key("microseconds")
    line.write((NIODeadline.now() - entry.start).nanoseconds / 1000)
    line.end()
    append(line.bytes)
  }

  /// Waits until all lines are written, but not for ever if nobody reads them.
  func flush(within time: TimeAmount) {
    let isDone = DispatchSemaphore(value: 0)
    queue.async {
      self.writeOut()
      isDone.signal()
    }
    _ = isDone.wait(timeout: .now() + .nanoseconds(Int(clamping: time.nanoseconds)))
  }

  private func append(_ line: [UInt8]) {
    let startsWriting = pending.withLockedValue { pending in
      if pending.lines.count + line.count < Self.capacity {
        pending.lines.append(contentsOf: line)
        pending.lines.append(UInt8(ascii: "\n"))
      } else {
        pending.droppedCount += 1
      }
      defer { pending.isBeingWritten = true }
      return !pending.isBeingWritten
    }
    if startsWriting { queue.async { self.writeOut() } }
  }

  private func writeOut() {
    while let lines = takeLines() {
      var rest = lines[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { posixWrite(descriptor, $0) }
        if count < 0 && errno == EINTR { continue }
        // A log that cannot be written is lost; the server goes on.
        guard count > 0 else { break }
        rest.removeFirst(count)
      }
    }
  }

  private func takeLines() -> [UInt8]? {
    pending.withLockedValue { pending in
      if pending.droppedCount > 0 {
        pending.lines.append(contentsOf: "{\"dropped\":\(pending.droppedCount)}\n".utf8)
        pending.droppedCount = 0
      }
      guard !pending.lines.isEmpty else {
        pending.isBeingWritten = false
        return nil
      }
      var lines: [UInt8] = []
      swap(&lines, &pending.lines)
      return lines
    }
  }

  private static func millisecondsSince1970() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
  }
}

private func posixWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}

extension RequestHead {
  /// What the log says of a request whose head could not be read.
  static let unread = RequestHead(method: "-", target: "-")
}
