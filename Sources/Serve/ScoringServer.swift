import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A server of one ``ScoringService`` over HTTP/1.1.
///
/// ```swift
/// let server = try await ScoringServer.start(ScoringService(ServedModel(model)))
/// print("listening on port \(server.port)")
/// …
/// await server.stop(within: .seconds(25))
/// ```
public final class ScoringServer: Sendable {
  /// The port that it listens on.
  public let port: Int
  /// The address that it listens on.
  public let host: String

  private let listener: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let workers: NIOThreadPool
  private let state: ServerState
  private let loops: [NIOLoopBound<EventLoopContext>]

  /// Listens, and answers from then on.
  ///
  /// - Throws: `IOError` when the host and port cannot be listened on.
  public static func start(
    _ service: ScoringService, configuration: ServerConfiguration = ServerConfiguration(),
    accessLog: AccessLog? = nil, logger: Logger = Logger(label: "treec")
  ) async throws -> ScoringServer {
    let workers = NIOThreadPool(numberOfThreads: System.coreCount)
    workers.start()
    let group = MultiThreadedEventLoopGroup(
      numberOfThreads: configuration.loopCount ?? System.coreCount)
    do {
      let state = ServerState(
        service, configuration: configuration, accessLog: accessLog, logger: logger,
        workers: workers)
      var loops: [NIOLoopBound<EventLoopContext>] = []
      for eventLoop in group.makeIterator() {
        loops.append(
          try await eventLoop.submit {
            NIOLoopBound(EventLoopContext(state, eventLoop: eventLoop), eventLoop: eventLoop)
          }.get())
      }
      let listener = try await bootstrap(group, state, loops)
        .bind(host: configuration.host, port: configuration.port).get()
      return ScoringServer(listener, group, workers, state, loops)
    } catch {
      try? await group.shutdownGracefully()
      try? await workers.shutdownGracefully()
      throw error
    }
  }

  private init(
    _ listener: any Channel, _ group: MultiThreadedEventLoopGroup, _ workers: NIOThreadPool,
    _ state: ServerState, _ loops: [NIOLoopBound<EventLoopContext>]
  ) {
    self.listener = listener
    self.group = group
    self.workers = workers
    self.state = state
    self.loops = loops
    port = listener.localAddress?.port ?? state.configuration.port
    host = listener.localAddress?.ipAddress ?? state.configuration.host
  }

  /// Stops accepting, lets the requests that have begun finish, and ends all connections;
  /// those that have not ended within `time` are cut.
  public func stop(within time: TimeAmount) async {
    let deadline = NIODeadline.now() + time
    state.beginDraining()
    try? await listener.close()
    for loop in loops { loop.eventLoop.execute { loop.value.drain() } }
    while NIODeadline.now() < deadline, await connectionCount() > 0 {
      try? await Task.sleep(for: .milliseconds(10))
    }
    state.endScoring()
    try? await group.shutdownGracefully()
    // A batch that is being scored is not waited for any more.
    workers.shutdownGracefully { _ in }
    state.accessLog?.flush(within: .seconds(1))
  }

  private func connectionCount() async -> Int {
    var count = 0
    for loop in loops {
      count += (try? await loop.eventLoop.submit { loop.value.connectionCount }.get()) ?? 0
    }
    return count
  }

  /// How much the kernel keeps of an answer that the client does not take yet. With its own
  /// default of megabytes a slow client and one that takes nothing could not be told apart.
  private static let unsentSize = 128 << 10

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, _ state: ServerState,
    _ loops: [NIOLoopBound<EventLoopContext>]
  ) -> ServerBootstrap {
    let limit = ConnectionLimit(maximum: state.configuration.maximumConnectionCount)
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // One accept at a time keeps the limit exact.
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AcceptHandler(limit, state.logger))
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(
        ChannelOptions.socket(.init(IPPROTO_TCP), .init(TCP_NOTSENT_LOWAT)),
        value: unsentSize
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }) else {
            throw ChannelError.operationUnsupported
          }
          try configure(channel, loop.value)
        }
      }
  }

  private static func configure(_ channel: any Channel, _ loop: EventLoopContext) throws {
    let configuration = loop.state.configuration
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = configuration.maximumHeaderSize
    limits.maxHeaderListSize = configuration.maximumHeadSize
    limits.maxHeaderFieldCount = configuration.maximumHeaderCount
    let decoder = ByteToMessageHandler(
      HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits))
    try channel.pipeline.syncOperations.addHandlers([decoder, ConnectionHandler(loop)])
  }
}
