import Evaluator
import TextCodec

/// How requests are understood.
public struct ScoringOptions: Sendable, Equatable {
  /// Answers as MLflow's server does even where treec has a better answer.
  public var isStrict = false
  /// How many arrays and objects of a JSON body may be open at once.
  public var maximumDepth = 512
  /// How long an answer may be, in bytes, counted as 24 a number.
  public var maximumAnswerSize = 256 << 20

  /// What a number of an answer takes at most, about: 17 digits, sign, point, exponent and what
  /// separates it from the next one.
  static let bytesPerNumber = 24

  /// The defaults.
  public init() {}
}

/// MLflow's scoring protocol for one model, without any transport.
public struct ScoringService: Sendable {
  /// Where a request goes, as its head says.
  public enum Route: Sendable, Equatable {
    /// The answer is known before the body has come; the body is of no interest.
    case answered(Answer)
    /// The body is rows to score: call ``ScoringService/score(_:body:scratch:isCancelled:)``.
    case scoring(BodyFormat)
  }

  /// What a body is written in, as its `Content-Type` says.
  public enum BodyFormat: Sendable, Equatable {
    /// JSON in any of the encodings that Python's `json` reads.
    case json
    /// CSV in UTF-8 with a header, as `pandas.read_csv` reads it.
    case csv
  }

  let model: ServedModel
  let options: ScoringOptions

  /// A service that scores rows with `model`.
  public init(_ model: ServedModel, options: ScoringOptions = ScoringOptions()) {
    self.model = model
    self.options = options
  }

  /// Memory for ``score(_:body:scratch:isCancelled:)``; each thread needs its own.
  public func makeScratch() -> Scratch {
    Scratch(
      workspace: model.predictor.makeWorkspace(),
      encoder: model.rules.readsFields ? model.encoder.withTextsOfItsOwn() : nil)
  }

  /// Finds the route of a request.
  public func route(_ head: RequestHead) -> Route {
    switch Routes.match(head) {
    case .answered(let answer): .answered(answer)
    case .found(.ping): .answered(Routes.json(200, "\n"))
    case .found(.version): .answered(Routes.json(200, Routes.version))
    case .found(.invocations): ContentType.route(head.contentType)
    }
  }

  /// Scores the rows of a body.
  ///
  /// - Parameters:
  ///   - format: What the body is, as ``route(_:)`` said.
  ///   - body: All of it.
  ///   - scratch: This thread's.
  ///   - isCancelled: Whether nobody waits for the answer any more; asked now and then.
  /// - Returns: The answer, also to a body that cannot be scored.
  public func score(
    _ format: BodyFormat, body: Span<UInt8>, scratch: inout Scratch,
    isCancelled: () -> Bool = { false }
  ) -> Answer {
    defer { scratch.shrink() }
    do {
      switch format {
      case .json: try readJSON(body, &scratch)
      case .csv: try readCSV(body, &scratch)
      }
      return try predict(&scratch, isCancelled)
    } catch {
      return error.answer
    }
  }

  /// Reads the rows of a body of JSON into the scratch's frame, which the model can then take.
  func readJSON(_ body: Span<UInt8>, _ scratch: inout Scratch) throws(ScoringError) {
    let encoding = TextEncoding(of: body)
    if encoding == .utf8(markSize: 0) { return try readUTF8(body, &scratch) }
    guard let text = encoding.decode(body) else {
      throw .invalidJSON("the text is not in the encoding in which it begins")
    }
    try readUTF8(text.span, &scratch)
  }

  private func readUTF8(_ text: Span<UInt8>, _ scratch: inout Scratch) throws(ScoringError) {
    var rows = JSONFrameReader(
      model, isStrict: options.isStrict, bodySize: text.count, fieldEncoder: scratch.encoder,
      reusing: scratch.takeFrame())
    defer {
      scratch.frame = rows.frame
      scratch.isRow = rows.container == .array && rows.isRow
    }
    do {
      var reader = JSONReader(
        text,
        options: JSONReaderOptions(
          maximumDepth: options.maximumDepth, maximumStringLength: .max, allowsNonFinite: true,
          allowsLoneSurrogates: true))
      try rows.readBody(&reader)
    } catch {
      throw .invalidJSON("\(error.message) at \(error.location(in: text))")
    }
    if let problem = rows.problem { throw problem }
    if model.rules.readsFields { return try checkFields(rows.frame) }
    switch rows.container {
    case .frame: try checkFrame(rows.frame, from: .json)
    case .array: try checkArray(rows.frame, kinds: rows.arrayKinds, isRow: rows.isRow)
    }
  }

  /// Reads the rows of a body of CSV into the scratch's frame.
  private func readCSV(_ body: Span<UInt8>, _ scratch: inout Scratch) throws(ScoringError) {
    scratch.isRow = false
    if let encoder = scratch.encoder {
      scratch.frame = try readTable(body, encoder, reusing: scratch.takeFrame())
      return try checkFields(scratch.frame)
    }
    do {
      scratch.frame = try CSVFrame.read(body, model: model, isStrict: options.isStrict)
    } catch {
      throw .unreadableCSV(error, isStrict: options.isStrict)
    }
    try checkFrame(scratch.frame, from: .csv)
  }
}
