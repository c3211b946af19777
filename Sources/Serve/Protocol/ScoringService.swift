import Evaluator

/// How requests are understood.
public struct ScoringOptions: Sendable, Equatable {
  /// Answers as MLflow's server does even where treec has a better answer.
  public var isStrict = false
  /// How many arrays and objects of a JSON body may be open at once.
  public var maximumDepth = 512

  public init() {}
}

/// Memory that answering requests needs, reused from request to request; one per thread.
public struct Scratch: Sendable {
  var workspace: Workspace
}

/// MLflow's scoring protocol for one model, without any transport.
public struct ScoringService: Sendable {
  /// Where a request goes, as its head says.
  public enum Route: Sendable, Equatable {
    /// The answer is known before the body has come; the body is of no interest.
    case answered(Answer)
    /// The body is rows to score: call ``ScoringService/score(_:body:scratch:)``.
    case scoring(BodyFormat)
  }

  public enum BodyFormat: Sendable, Equatable {
    case json
    case csv
  }

  let model: ServedModel
  let options: ScoringOptions

  public init(_ model: ServedModel, options: ScoringOptions = ScoringOptions()) {
    self.model = model
    self.options = options
  }

  public func makeScratch() -> Scratch {
    Scratch(workspace: model.predictor.makeWorkspace())
  }

  /// Finds the route of a request.
  public func route(_ head: RequestHead) -> Route {
    .answered(Answer(status: 404, contentType: nil, body: []))
  }

  /// Scores the rows of a body.
  public func score(
    _ format: BodyFormat, body: Span<UInt8>, scratch: inout Scratch
  ) -> Answer {
    Answer(status: 500, contentType: nil, body: [])
  }
}
