import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Synchronization

/// What all connections of a server share.
final class ServerState: Sendable {
  let service: ScoringService
  let configuration: ServerConfiguration
  let accessLog: AccessLog?
  let logger: Logger
  /// Bodies up to this size are scored on the event loop.
  let inlineBodySize: Int
  private let workers: NIOThreadPool
  /// One a worker that has ever been busy. (The thread sanitizer knows the lock of a
  /// `NIOLockedValueBox`. That of a `Mutex` it does not where threads wait for it: the kernel hands it
  /// over, and what it protects looks like a race.)
  private let scratches = NIOLockedValueBox<[Scratch]>([])
  private let bufferedSize = Atomic<Int>(0)
  private let draining = Atomic<Bool>(false)
  private let scoringEnded = Atomic<Bool>(false)

  init(
    _ service: ScoringService, configuration: ServerConfiguration, accessLog: AccessLog?,
    logger: Logger, workers: NIOThreadPool
  ) {
    self.service = service
    self.configuration = configuration
    self.accessLog = accessLog
    self.logger = logger
    self.workers = workers
    inlineBodySize = InlineBodySize.measured(service.model)
  }

  /// Whether the server is stopping: connections end with the answer at hand.
  var isDraining: Bool { draining.load(ordering: .relaxed) }

  func beginDraining() { draining.store(true, ordering: .relaxed) }

  /// The event loops are about to end: no worker may tell them anything any more.
  func endScoring() { scoringEnded.store(true, ordering: .sequentiallyConsistent) }

  private var isScoringEnded: Bool { scoringEnded.load(ordering: .sequentiallyConsistent) }

  /// Takes `count` bytes of the room for bodies and answers; false where there is none left.
  func reserve(_ count: Int) -> Bool {
    let (_, size) = bufferedSize.add(count, ordering: .relaxed)
    if size <= configuration.maximumBufferedSize { return true }
    release(count)
    return false
  }

  func release(_ count: Int) {
    bufferedSize.subtract(count, ordering: .relaxed)
  }

  /// Scores `body` on a worker and calls `completion` on the worker's thread, with nil if the
  /// job was cancelled before it began.
  func scoreOnWorker(
    _ format: ScoringService.BodyFormat, _ body: ByteBuffer,
    completion: @escaping @Sendable (ScoringJob.Result?) -> Void
  ) -> ScoringJob {
    let job = ScoringJob()
    workers.submit { state in
      guard !self.isScoringEnded else { return }
      guard state == .active, !job.isCancelled else { return completion(nil) }
      var scratch =
        self.scratches.withLockedValue { $0.popLast() } ?? self.service.makeScratch()
      var answer = self.service.score(
        format, body: body.readableBytesUInt8Span, scratch: &scratch,
        isCancelled: { job.isCancelled || self.isScoringEnded })
      self.scratches.withLockedValue { $0.append(scratch) }
      // Copied here, where it keeps no event loop waiting.
      let content = ByteBuffer(bytes: answer.body)
      answer.body = []
      guard !self.isScoringEnded else { return }
      completion(ScoringJob.Result(answer: answer, content: content))
    }
    return job
  }
}

/// A body that is with the workers.
final class ScoringJob: Sendable {
  struct Result: Sendable {
    /// Without its body.
    let answer: Answer
    let content: ByteBuffer
  }

  private let cancelled = Atomic<Bool>(false)

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Nobody waits for the result any more; a job that has not begun never will.
  func cancel() { cancelled.store(true, ordering: .relaxed) }
}
