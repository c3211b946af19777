import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the connections of one event loop share; touched on that loop only.
final class EventLoopContext {
  let state: ServerState
  var scratch: Scratch
  /// Answers are put together here; the memory is free again once they are sent.
  var output = ByteBuffer()
  /// The time of the last tick, which is all the precision that timeouts need.
  private(set) var now = NIODeadline.now()
  private(set) var date = HTTPDate()

  private let eventLoop: any EventLoop
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  private var isTicking = false
  private static let tick = TimeAmount.milliseconds(250)

  init(_ state: ServerState, eventLoop: any EventLoop) {
    self.state = state
    self.eventLoop = eventLoop
    scratch = state.service.makeScratch()
  }

  var connectionCount: Int { connections.count }

  func add(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = connection
    if !isTicking {
      isTicking = true
      updateTime()
      scheduleTick()
    }
  }

  func remove(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = nil
  }

  /// Ends idle connections now and the others with their answers.
  func drain() {
    for connection in connections.values { connection.drain() }
  }

  private func updateTime() {
    now = .now()
    date.update(to: time(nil))
  }

  /// One timer a loop instead of one a connection; none while there are no connections.
  private func scheduleTick() {
    eventLoop.assumeIsolated().scheduleTask(in: Self.tick) { self.runTick() }
  }

  private func runTick() {
    updateTime()
    for connection in connections.values { connection.checkTimeouts(now) }
    isTicking = !connections.isEmpty
    if isTicking { scheduleTick() }
  }
}
