import NIOCore
import Synchronization

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
  private var isReadHeld = false

  init(_ limit: ConnectionLimit) {
    self.limit = limit
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

  private func resume(_ context: ChannelHandlerContext) {
    guard isReadHeld, !limit.isReached else { return }
    isReadHeld = false
    context.read()
  }
}
