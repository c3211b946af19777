import NIOCore

/// Where a ``ScoringServer`` listens, and the bounds that it keeps.
public struct ServerConfiguration: Sendable {
  /// A name or an address of this machine.
  public var host = "127.0.0.1"
  /// 0 takes any free port.
  public var port = 5000
  /// Event loops; nil takes one a core that this process may use.
  public var loopCount: Int?

  /// The longest body, in bytes.
  public var maximumBodySize = 64 << 20
  /// All bodies that are on their way or being scored, in bytes.
  public var maximumBufferedSize = 256 << 20
  /// The request line, or one header.
  public var maximumHeaderSize = 128 << 10
  /// The request line and all headers together.
  public var maximumHeadSize = 256 << 10
  public var maximumHeaderCount = 128
  /// Connections beyond them wait to be accepted.
  public var maximumConnectionCount = 4096

  /// How long a connection may wait for the head of its next request to be complete.
  public var idleTimeout = TimeAmount.seconds(5)
  /// How long a body may take to arrive.
  public var readTimeout = TimeAmount.seconds(60)
  /// How long a large batch may take to be scored.
  public var scoringTimeout = TimeAmount.seconds(60)
  /// How long a client may take none of its answer.
  public var writeTimeout = TimeAmount.seconds(30)

  public init() {}
}
