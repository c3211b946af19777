import NIOCore
import NIOHTTP1
import NIOPosix

/// What NIO's own HTTP/1 server pipeline costs, on one event loop: answers every request with
/// its body. The yardstick of `treec serve`, which adds decoding, scoring and encoding.
///
///     EchoServer PORT
@main
enum EchoServer {
  static func main() throws {
    guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
      throw UsageError()
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: true, withErrorHandling: true)
          try channel.pipeline.syncOperations.addHandler(EchoHandler())
        }
      }
      .bind(host: "127.0.0.1", port: port).wait()
    try channel.closeFuture.wait()
  }

  struct UsageError: Error, CustomStringConvertible {
    let description = "usage: EchoServer PORT"
  }
}

/// Reads a whole body, then answers it: 200, `application/json`, the same bytes.
final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var body: ByteBuffer?

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      body = nil
    case .body(var part):
      if body == nil {
        body = part
      } else {
        body?.writeBuffer(&part)
      }
    case .end:
      answer(context)
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    let body = self.body ?? ByteBuffer()
    self.body = nil
    let headers: HTTPHeaders = [
      "content-type": "application/json", "content-length": "\(body.readableBytes)",
    ]
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
