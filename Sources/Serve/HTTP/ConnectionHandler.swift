import NIOCore
import NIOHTTP1

/// One connection: takes requests one after the other, has them answered, and ends the
/// connection when the client, the bounds or the server's end say so.
///
/// Small requests are answered at once, on the event loop. While a worker scores a large one,
/// nothing is read from the connection, so that answers keep the order of their requests.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  private enum Phase {
    /// Between requests, or before the first.
    case awaitingHead
    case receivingBody(ScoringService.BodyFormat)
    /// The answer is written; what is left of the body is of no interest.
    case discardingBody
    /// A worker has the body.
    case scoring
    /// Our side closes once all is sent; the client's is read until it ends, because a close
    /// with unread bytes would take the answer from the client.
    case closing
  }

  /// What came while a worker was busy.
  private enum Event {
    case part(HTTPServerRequestPart)
    case refused(status: Int)
  }

  /// How long to wait for the client's end after ours.
  private static let lingeringTime = TimeAmount.seconds(2)
  /// Room for most answers, and what is too much to keep.
  private static let smallOutput = 512
  private static let largeOutput = 64 << 10
  /// How many parts of requests may wait for a worker.
  private static let longestWait = 4096

  private let loop: EventLoopContext
  private var context: ChannelHandlerContext?
  private var phase = Phase.awaitingHead
  /// When the phase began.
  private var since: NIODeadline
  private var waiting = CircularBuffer<Event>()

  // The request at hand.
  private var body = ByteBuffer()
  private var reservedSize = 0
  private var isHeadRequest = false
  private var endsConnection = false
  private var entry: AccessLog.Entry?
  private var job: ScoringJob?

  // The connection's two directions.
  private var isReadHeld = false
  private var inputIsClosed = false
  private var outputIsClosed = false
  private var isWritable = true
  private var hasUnflushedOutput = false
  private var unsent = UnsentOutput()

  init(_ loop: EventLoopContext) {
    self.loop = loop
    since = loop.now
  }

  private var configuration: ServerConfiguration { loop.state.configuration }

  // MARK: The connection's life

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    loop.add(self)
    since = loop.now
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    loop.remove(self)
    waiting.removeAll()
    self.context = nil
    // A worker that has begun keeps the body; it is released when the worker is done.
    if let job { job.cancel() } else { releaseBody() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError:
      let status = error == .headerOverflow ? 431 : 400
      if case .scoring = phase { wait(.refused(status: status)) } else { refuse(status: status) }
    // Bytes behind a malformed request, which has its answer or will have it.
    case is ByteToMessageDecoderError: break
    default: context.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      inputIsClosed = true
      // A request that came whole is answered; nothing else can be done for the client.
      switch phase {
      case .scoring: break
      case .closing: if outputIsClosed { context.close(promise: nil) }
      default: closeOutput()
      }
    case ChannelEvent.outputClosed:
      outputIsClosed = true
      since = loop.now
      if inputIsClosed { context.close(promise: nil) }
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  /// Ends the connection when the request at hand is answered, or now if there is none.
  func drain() {
    if case .awaitingHead = phase { closeOutput() } else { endsConnection = true }
  }

  /// Ends the connection if it has been waiting for too long.
  func checkTimeouts(_ now: NIODeadline) {
    guard let context else { return }
    switch unsent.update(context.channel, now, timeout: configuration.writeTimeout) {
    case .done: break
    case .going:
      // The other clocks do not run against a client that is taking its answer.
      if case .awaitingHead = phase { since = now }
      return
    case .stalled:
      loop.state.logger.debug("a client does not take its answer")
      return UnsentOutput.drop(context.channel)
    }
    let waited = now - since
    switch phase {
    case .awaitingHead:
      if waited > configuration.idleTimeout { closeOutput() }
    case .receivingBody:
      if waited > configuration.readTimeout { refuse(status: 408) }
    case .discardingBody:
      if waited > configuration.readTimeout { closeOutput() }
    case .scoring:
      guard waited > configuration.scoringTimeout else { return }
      job?.cancel()
      endsConnection = true
      answer(.timedOut)
      closeOutput()
    case .closing:
      if outputIsClosed && waited > Self.lingeringTime { context.close(promise: nil) }
    }
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if case .scoring = phase { wait(.part(part)) } else { handle(part) }
  }

  /// Keeps `event` until the worker is done. A client that has closed its side sends all it has
  /// left, read or not, so there is a bound.
  private func wait(_ event: Event) {
    if waiting.count < Self.longestWait {
      waiting.append(event)
    } else if waiting.count == Self.longestWait {
      waiting.append(.refused(status: 503))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    flush()
    // A piece of a body that goes on must not keep the whole of what was read.
    if case .receivingBody = phase, body.storageCapacity > 2 * body.readableBytes {
      body = ByteBuffer(bytes: body.readableBytesView)
    }
    context.fireChannelReadComplete()
  }

  func read(context: ChannelHandlerContext) {
    if mayRead { context.read() } else { isReadHeld = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    resumeReading()
    context.fireChannelWritabilityChanged()
  }

  /// Nothing is read while a worker is busy or the client does not take its answers.
  private var mayRead: Bool {
    if case .scoring = phase { return false }
    return isWritable
  }

  private func resumeReading() {
    guard isReadHeld, mayRead else { return }
    isReadHeld = false
    context?.read()
  }

  private func handle(_ part: HTTPServerRequestPart) {
    switch (phase, part) {
    case (.awaitingHead, .head(let head)): begin(head)
    case (.receivingBody, .body(let bytes)): append(bytes)
    case (.receivingBody(let format), .end): score(format)
    case (.discardingBody, .end): finishRequest()
    default: break
    }
  }

  private func begin(_ request: HTTPRequestHead) {
    let framing = RequestFraming(request)
    isHeadRequest = request.method == .HEAD
    endsConnection = !framing.isKeptAlive
    entry = loop.state.accessLog?.begin(framing.head)
    guard framing.isValid else { return refuse(status: 400) }

    switch loop.state.service.route(framing.head) {
    case .answered(let known):
      // A client that waits for leave to send its body may send it now or not, so the
      // connection cannot go on.
      if framing.expectsContinue { endsConnection = true }
      enter(.discardingBody)
      answer(known)
      if framing.expectsContinue { closeOutput() }
    case .scoring(let format):
      if let length = framing.contentLength, length > configuration.maximumBodySize {
        return refuse(status: 413)
      }
      enter(.receivingBody(format))
      if framing.expectsContinue { sendContinue() }
    }
  }

  private func append(_ bytes: ByteBuffer) {
    let size = body.readableBytes + bytes.readableBytes
    guard size <= configuration.maximumBodySize else { return refuse(status: 413) }
    guard reserve(size) else { return refuse(status: 503) }
    if body.readableBytes == 0 {
      // Most bodies come in one piece, which is scored where it lies.
      body = bytes
    } else {
      body.writeImmutableBuffer(bytes)
    }
  }

  /// Counts bodies against the server's room for them; small ones are not worth it.
  private func reserve(_ size: Int) -> Bool {
    guard size > loop.state.inlineBodySize else { return true }
    guard loop.state.reserve(size - reservedSize) else { return false }
    reservedSize = size
    return true
  }

  private func releaseBody() {
    body = ByteBuffer()
    if reservedSize > 0 { loop.state.release(reservedSize) }
    reservedSize = 0
  }

  // MARK: Scoring

  private func score(_ format: ScoringService.BodyFormat) {
    entry?.receivedSize = body.readableBytes
    guard body.readableBytes > loop.state.inlineBodySize else {
      let scored = loop.state.service.score(
        format, body: body.readableBytesUInt8Span, scratch: &loop.scratch)
      releaseBody()
      answer(scored)
      finishRequest()
      return
    }
    guard let context else { return }
    enter(.scoring)
    let eventLoop = context.eventLoop
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    job = loop.state.scoreOnWorker(format, body) { result in
      eventLoop.execute { bound.value.finishScoring(result) }
    }
  }

  private func finishScoring(_ result: ScoringJob.Result?) {
    job = nil
    releaseBody()
    guard case .scoring = phase, let result else { return }
    if loop.state.reserve(result.content.readableBytes) {
      answer(result.answer, result.content)
    } else {
      answer(.refusal(503))
    }
    finishRequest()
    while case let event? = waiting.popFirst() {
      switch event {
      case .part(let part): handle(part)
      case .refused(let status): refuse(status: status)
      }
      if case .scoring = phase { break }
    }
    if inputIsClosed, case .awaitingHead = phase { closeOutput() }
    flush()
    resumeReading()
  }

  // MARK: Answering

  private func answer(_ answer: Answer, _ content: ByteBuffer? = nil) {
    guard let context else { return }
    if loop.state.isDraining { endsConnection = true }
    let size = content?.readableBytes ?? answer.body.count
    loop.output.clear(minimumCapacity: Self.smallOutput)
    loop.output.writeHead(
      of: answer, bodySize: size, date: loop.date, isLast: endsConnection)
    if !isHeadRequest { loop.output.writeBytes(answer.body) }
    context.write(wrapOutboundOut(loop.output), promise: nil)
    if loop.output.capacity > Self.largeOutput { loop.output = ByteBuffer() }
    if let content {
      let state = loop.state
      context.write(wrapOutboundOut(content)).whenComplete { _ in state.release(size) }
    }
    hasUnflushedOutput = true
    if let entry {
      loop.state.accessLog?.write(entry, status: answer.status, sentSize: size)
      self.entry = nil
    }
  }

  /// The request is answered and its body has ended.
  private func finishRequest() {
    isHeadRequest = false
    if endsConnection { closeOutput() } else { enter(.awaitingHead) }
  }

  /// Answers a request that cannot go on, in the words that MLflow's server has for malformed
  /// ones, and ends the connection: where its next request would begin, nobody knows.
  private func refuse(status: Int) {
    switch phase {
    case .closing: return
    case .discardingBody: break
    default:
      loop.state.logger.debug("request refused", metadata: ["status": "\(status)"])
      if entry == nil { entry = loop.state.accessLog?.begin(.unread) }
      entry?.receivedSize = body.readableBytes
      releaseBody()
      endsConnection = true
      answer(.refusal(status))
    }
    closeOutput()
  }

  private func sendContinue() {
    guard let context else { return }
    context.writeAndFlush(
      wrapOutboundOut(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
  }

  /// Closes our side behind what is still to be sent.
  private func closeOutput() {
    guard let context else { return }
    if case .closing = phase { return }
    enter(.closing)
    if job == nil { releaseBody() }
    flush()
    resumeReading()
    guard inputIsClosed else { return context.close(mode: .output, promise: nil) }
    // With the client's side closed, closing ours is closing the channel, sent or not.
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
      channel.close(promise: nil)
    }
  }

  private func flush() {
    guard hasUnflushedOutput else { return }
    hasUnflushedOutput = false
    context?.flush()
  }

  private func enter(_ phase: Phase) {
    self.phase = phase
    since = loop.now
  }
}
