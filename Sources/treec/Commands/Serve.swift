import ArgumentParser
import Evaluator
import Logging
import NIOCore
import Serve
import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer MLflow's scoring protocol over HTTP.",
    discussion: """
      Answers POST /invocations (JSON as dataframe_split, dataframe_records, instances or \
      inputs, and text/csv), GET /ping, /health and /version as 'mlflow models serve' does for \
      a model without a signature. SIGTERM and SIGINT let running requests finish; a second \
      one ends the program at once.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(help: "The name or address to listen on.")
  var host = ServerConfiguration().host

  @Option(name: .shortAndLong, help: "The port to listen on; 0 takes a free one.")
  var port = ServerConfiguration().port

  @Option(
    help: ArgumentHelp(
      "prediction, raw, probability, log-probability, exponent, label or fields.",
      discussion: """
        What is answered for a row, as 'treec predict --output' computes it: prediction by \
        default. label answers as a classifier of the model's library behind MLflow does. \
        fields, the default for PMML, is a record of the results that the model names itself.
        """))
  var output: PredictionOutput?

  @Flag(
    help: ArgumentHelp(
      "Answer as MLflow does even where that is a pity.",
      discussion: """
        Columns go by position even where their names are the model's in another order, and \
        text is refused also where the model has categories for it.
        """))
  var mlflowStrict = false

  @OptionGroup(title: "Bounds") var bounds: BoundOptions

  @OptionGroup var tableOptions: TableOptions

  @Flag(help: "Write a line of JSON for every request to standard output.")
  var accessLog = false

  @Option(help: "How much to write to standard error.")
  var logLevel = LogLevel.notice

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port goes from 0 to 65535.") }
    guard output != .leaf else { throw ValidationError("--output leaf is not served.") }
  }

  func run() async throws {
    let signals = TerminationSignals()
    StandardStreams.fill()
    OpenFileLimit.raise()
    let served = try load()
    if let note = served.predictor.model.wrapperNote { Terminal.say(note) }
    try checkEmbeddedRows(served)
    var options = ScoringOptions()
    options.isStrict = mlflowStrict
    options.maximumDepth = bounds.maxDepth
    options.maximumAnswerSize = bounds.maxAnswer
    var configuration = bounds.configuration
    configuration.host = host
    configuration.port = port

    var logger = Logger(label: "treec") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = logLevel.level
    let server = try await start(ScoringService(served, options: options), configuration, logger)
    let shown = server.host.contains(":") ? "[\(server.host)]" : server.host
    Terminal.say("treec: listening on http://\(shown):\(server.port)")

    let signal = await signals.first()
    logger.info("stopping", metadata: ["signal": "\(signal)"])
    await server.stop(within: .seconds(bounds.shutdownTimeout))
    logger.info("stopped")
    // Until here a second signal ends the program at once.
    withExtendedLifetime(signals) {}
  }

  private func load() throws -> ServedModel {
    let model = try modelOptions.load(copiesFile: true)
    do {
      return try ServedModel(
        model, output: output ?? .usual(for: model), engines: tableOptions.engineOptions)
    } catch {
      throw Failure("\(modelOptions.model): \(error.message)")
    }
  }

  /// A model that does not give the answers it carries must not say that it is ready.
  private func checkEmbeddedRows(_ served: ServedModel) throws {
    guard let report = try served.predictor.verifyEmbeddedRows(), !report.passed else { return }
    throw Failure(
      "\(modelOptions.model): the model's answers to the rows it carries differ from the "
        + "library's; 'treec verify' shows where")
  }

  private func start(
    _ service: ScoringService, _ configuration: ServerConfiguration, _ logger: Logger
  ) async throws -> ScoringServer {
    do {
      return try await ScoringServer.start(
        service, configuration: configuration,
        accessLog: accessLog ? AccessLog(descriptor: 1) : nil, logger: logger)
    } catch let error as IOError {
      throw Failure(
        "cannot listen on \(host) port \(port): \(String(cString: strerror(error.errnoCode)))")
    } catch {
      throw Failure("cannot listen on \(host) port \(port): \(error)")
    }
  }
}

/// The bounds that a server keeps.
struct BoundOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Event loops; one a core by default.", valueName: "N"))
  var threads: Int?

  @Option(help: ArgumentHelp("The longest body, in bytes.", valueName: "bytes"))
  var maxBody = ServerConfiguration().maximumBodySize

  @Option(help: ArgumentHelp("The longest answer to a batch, in bytes.", valueName: "bytes"))
  var maxAnswer = ScoringOptions().maximumAnswerSize

  @Option(
    help: ArgumentHelp(
      "All bodies that are on their way or being scored, and large answers, in bytes.",
      valueName: "bytes"))
  var maxBuffered = ServerConfiguration().maximumBufferedSize

  @Option(help: ArgumentHelp("The request line or one header, in bytes.", valueName: "bytes"))
  var maxHeader = ServerConfiguration().maximumHeaderSize

  @Option(help: ArgumentHelp("Arrays and objects in one another.", valueName: "N"))
  var maxDepth = ScoringOptions().maximumDepth

  @Option(help: ArgumentHelp("Connections; others wait.", valueName: "N"))
  var maxConnections = ServerConfiguration().maximumConnectionCount

  @Option(
    help: ArgumentHelp("Seconds that a connection may wait between requests.", valueName: "s"))
  var idleTimeout: Int64 = 5

  @Option(help: ArgumentHelp("Seconds that a body may take to arrive.", valueName: "s"))
  var readTimeout: Int64 = 60

  @Option(
    name: [.customShort("t"), .long],
    help: ArgumentHelp("Seconds that a large batch may take to be scored.", valueName: "s"))
  var timeout: Int64 = 60

  @Option(help: ArgumentHelp("Seconds to let running requests finish.", valueName: "s"))
  var shutdownTimeout: Int64 = 25

  func validate() throws {
    let counts = [
      ("--threads", threads ?? 1), ("--max-body", maxBody), ("--max-answer", maxAnswer),
      ("--max-buffered", maxBuffered),
      ("--max-header", maxHeader), ("--max-depth", maxDepth),
      ("--max-connections", maxConnections), ("--idle-timeout", Int(idleTimeout)),
      ("--read-timeout", Int(readTimeout)), ("--timeout", Int(timeout)),
    ]
    for (name, value) in counts where value < 1 {
      throw ValidationError("\(name) must be 1 or more.")
    }
    for (name, value) in [
      ("--idle-timeout", idleTimeout), ("--read-timeout", readTimeout), ("--timeout", timeout),
      ("--shutdown-timeout", shutdownTimeout),
    ] where !(0...86400).contains(value) {
      throw ValidationError("\(name) goes up to 86400 seconds.")
    }
    guard (threads ?? 1) <= 1024 else { throw ValidationError("--threads goes up to 1024.") }
    guard maxHeader <= 1 << 30 else { throw ValidationError("--max-header goes up to 1 GiB.") }
    guard maxBuffered >= maxBody else {
      throw ValidationError("--max-buffered must leave room for a body of --max-body.")
    }
  }

  var configuration: ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.loopCount = threads
    configuration.maximumBodySize = maxBody
    configuration.maximumBufferedSize = maxBuffered
    configuration.maximumHeaderSize = maxHeader
    configuration.maximumHeadSize = max(configuration.maximumHeadSize, 2 * maxHeader)
    configuration.maximumConnectionCount = maxConnections
    configuration.idleTimeout = .seconds(idleTimeout)
    configuration.readTimeout = .seconds(readTimeout)
    configuration.scoringTimeout = .seconds(timeout)
    return configuration
  }
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case debug, info, notice, warning, error

  var level: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    }
  }
}
