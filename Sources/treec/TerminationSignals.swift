import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// SIGTERM and SIGINT: the first is for the program to end in its own time, the second ends
/// it at once.
struct TerminationSignals {
  private let sources: [any DispatchSourceSignal]
  private let received: AsyncStream<Int32>

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    let queue = DispatchQueue(label: "treec.signals")
    // Both sources report on one queue, so the second signal finds what the first has left.
    let count = SignalCount()
    let registered = DispatchGroup()
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        count.value += 1
        if count.value > 1 { _exit(128 + number) }
        continuation.yield(number)
      }
      registered.enter()
      source.setRegistrationHandler { registered.leave() }
      source.resume()
      return source
    }
    // Sources begin to listen in their own time; until then a signal would be lost.
    registered.wait()
    received = stream
  }

  /// Waits for the first signal.
  func first() async -> Int32 {
    for await number in received { return number }
    return SIGTERM
  }
}

/// Touched on the queue of the signals only.
private final class SignalCount: @unchecked Sendable {
  var value = 0
}
