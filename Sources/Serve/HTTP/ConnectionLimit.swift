import Logging
import NIOCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Stops accepting at a number of connections; those beyond it wait in the kernel's queue.
final class ConnectionLimit: Sendable {
  private let maximum: Int
  private let count = Atomic<Int>(0)

  init(maximum: Int) {
    self.maximum = maximum
  }

  var isReached: Bool { count.load(ordering: .relaxed) >= maximum }

  func add() { count.add(1, ordering: .relaxed) }

  func remove() { count.subtract(1, ordering: .relaxed) }
}

/// Keeps a server channel to its ``ConnectionLimit``.
final class AcceptHandler: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  private let limit: ConnectionLimit
  private let logger: Logger
  private var isReadHeld = false
  private var isPaused = false

  /// How long to accept nothing when the system has no room for another connection.
  private static let pause = TimeAmount.seconds(1)

  init(_ limit: ConnectionLimit, _ logger: Logger) {
    self.limit = limit
    self.logger = logger
  }

  func read(context: ChannelHandlerContext) {
    if limit.isReached { isReadHeld = true } else { context.read() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    isReadHeld = false
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    limit.add()
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let eventLoop = context.eventLoop
    unwrapInboundIn(data).closeFuture.whenComplete { [limit] _ in
      limit.remove()
      eventLoop.execute {
        let (handler, context) = bound.value
        handler.resume(context)
      }
    }
    context.fireChannelRead(data)
  }

  /// Out of descriptors or memory, accepting must rest: NIO would try again at once, and again.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? IOError,
      [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode)
    else { return context.fireErrorCaught(error) }
    guard !isPaused else { return }
    isPaused = true
    logger.warning("no connections are accepted for a second", metadata: ["error": "\(error)"])
    setAutoRead(false, context.channel)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.pause) {
      let (handler, context) = bound.value
      handler.isPaused = false
      handler.setAutoRead(true, context.channel)
    }
  }

  private func setAutoRead(_ isOn: Bool, _ channel: any Channel) {
    // Fails only where the channel is closed.
    try? channel.syncOptions?.setOption(.autoRead, value: isOn)
  }

  private func resume(_ context: ChannelHandlerContext) {
    guard isReadHeld, !limit.isReached else { return }
    isReadHeld = false
    context.read()
  }
}
