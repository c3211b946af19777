import Glibc

/// The connections, the schedule and what was measured.
struct Load {
  private let options: Options
  private var connections: [Connection]
  private var background: Connection?
  private var polled: [pollfd] = []
  private var arrivals: PoissonArrivals
  private var idle: [Int] = []
  private var latencies: [UInt64] = []
  private var wrongAnswers = 0
  private var unanswered = 0
  private var backgroundCount = 0
  private var begin: UInt64 = 0
  private var end: UInt64 = 0

  init(_ options: Options) throws {
    self.options = options
    let request = options.request(options.body)
    connections = try (0..<options.connections).map { _ in
      try Connection(port: options.port, request: request)
    }
    background = try options.background.map {
      try Connection(port: options.port, request: options.request($0))
    }
    arrivals = PoissonArrivals(rate: options.rate, seed: options.seed)
    latencies.reserveCapacity(Int(options.rate * options.seconds * 1.2))
    polled = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    if let background {
      polled.append(pollfd(fd: background.descriptor, events: Int16(POLLIN), revents: 0))
    }
  }

  /// One answered request on each connection, so that none is new to the server.
  mutating func warmUp() throws {
    for index in connections.indices {
      try connections[index].start(dueTime: 0)
      while try !connections[index].advance() {}
      check(connections[index])
      idle.append(index)
    }
  }

  /// Sends what the schedule says and waits for all answers, until five seconds after the last
  /// is due: a server that has not kept up leaves requests unanswered, or unsent.
  mutating func run() throws {
    begin = now()
    let lastDue = begin + UInt64(options.seconds * 1e9)
    var due = begin + arrivals.next()
    try background?.start(dueTime: begin)
    while true {
      let time = now()
      while due <= time, due < lastDue, !idle.isEmpty {
        // The one that has waited longest, so that the server finds none idle for too long.
        let index = idle.removeFirst()
        try connections[index].start(dueTime: due)
        due += arrivals.next()
      }
      try collect()
      if due >= lastDue, idle.count == connections.count { break }
      guard time < lastDue + 5_000_000_000 else { break }
    }
    end = now()
    unanswered = connections.count - idle.count
    while due < lastDue {
      unanswered += 1
      due += arrivals.next()
    }
  }

  func summary() -> String {
    let sorted = latencies.sorted()
    func microseconds(_ fraction: Double) -> String {
      guard !sorted.isEmpty else { return "null" }
      let index = min(Int(fraction * Double(sorted.count)), sorted.count - 1)
      return "\(Double(sorted[index]) / 1000)"
    }
    let seconds = Double(end - begin) / 1e9
    return """
      {"requests": \(sorted.count), "wrong": \(wrongAnswers), \
      "unanswered": \(unanswered), "seconds": \(seconds), \
      "rate": \(Double(sorted.count) / seconds), "p50": \(microseconds(0.5)), \
      "p90": \(microseconds(0.9)), "p99": \(microseconds(0.99)), \
      "p999": \(microseconds(0.999)), "max": \(microseconds(1)), \
      "background": \(Double(backgroundCount) / seconds)}
      """
  }

  /// Moves the bytes of every connection that can.
  private mutating func collect() throws {
    for index in connections.indices {
      polled[index].events = connections[index].events
    }
    if let background { polled[connections.count].events = background.events }
    guard poll(&polled, nfds_t(polled.count), 0) > 0 else { return }
    for index in connections.indices where polled[index].revents != 0 {
      guard connections[index].isBusy else {
        throw LoadError("the server closed an idle connection")
      }
      guard try connections[index].advance() else { continue }
      latencies.append(now() - connections[index].dueTime)
      check(connections[index])
      idle.append(index)
    }
    if polled.count > connections.count, polled[connections.count].revents != 0,
      try background?.advance() == true
    {
      guard background?.answers(nil) == true else { throw LoadError("a large request failed") }
      backgroundCount += 1
      try background?.start(dueTime: 0)
    }
  }

  private mutating func check(_ connection: Connection) {
    if !connection.answers(options.expected) { wrongAnswers += 1 }
  }

  private func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// The times between the arrivals of a Poisson process: exponentially distributed, from a seed.
struct PoissonArrivals {
  private let meanNanoseconds: Double
  private var state: UInt64

  init(rate: Double, seed: UInt64) {
    meanNanoseconds = 1e9 / rate
    state = seed
  }

  /// Nanoseconds until the next arrival.
  mutating func next() -> UInt64 {
    // SplitMix64; its upper 53 bits make a number in (0, 1].
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    bits ^= bits >> 31
    let uniform = (Double(bits >> 11) + 1) * 0x1p-53
    return UInt64(-log(uniform) * meanNanoseconds)
  }
}
