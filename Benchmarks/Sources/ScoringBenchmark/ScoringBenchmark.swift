import Evaluator
import Glibc
import Importers
import Serve
import TreeIR

/// What a request costs without sockets: decoding its body, scoring its rows, encoding the
/// answer. Prints one JSON object: nanoseconds of CPU time by case.
///
///     ScoringBenchmark Benchmarks/serve/wine/model.lgb [PART-OF-A-CASE'S-NAME]
///
/// A model of a single split scores in next to no time, so what a request to it costs is the
/// decoding and the encoding, and so little of the latter that it is the decoding.
@main
enum ScoringBenchmark {
  static func main() {
    do {
      let arguments = CommandLine.arguments
      guard 2...3 ~= arguments.count else {
        throw Failure("usage: ScoringBenchmark MODEL-OF-13-COLUMNS [PART-OF-A-CASE'S-NAME]")
      }
      try run(wine: try Importer.load(arguments[1]), part: arguments.dropFirst(2).first ?? "")
    } catch {
      let text = Array("ScoringBenchmark: \(error)\n".utf8)
      write(STDERR_FILENO, text, text.count)
      exit(1)
    }
  }

  private static func run(wine: TreeModel, part: String) throws {
    var random = SplitMix64(state: 1)
    let row = numbers(1, 13, .long, &random)
    let batch = numbers(1000, 28, .long, &random)
    let shortBatch = numbers(1000, 28, .short, &random)
    let narrow = try importStump(columns: 13)
    let wide = try importStump(columns: 28)

    let cases = [
      Case("1 x 13, split", narrow, .json(dataframeSplit(row))),
      Case("1 x 13, split, without names", narrow, .json(dataframeSplit(row, named: false))),
      Case("1 x 13, records", narrow, .json(dataframeRecords(row))),
      Case("1 x 13, instances", narrow, .json(instances(row))),
      Case("1 x 13, CSV", narrow, .csv(csv(row))),
      Case("1 x 13, scoring alone", narrow, .rows(row)),
      Case("1 x 13, split, wine", wine, .json(dataframeSplit(row))),
      Case("1 x 13, scoring alone, wine", wine, .rows(row)),
      Case("1,000 x 28, split, 17 digits", wide, .json(dataframeSplit(batch))),
      Case("1,000 x 28, split, 6 digits", wide, .json(dataframeSplit(shortBatch))),
      Case("1,000 x 28, instances, 6 digits", wide, .json(instances(shortBatch))),
      Case("1,000 x 28, records, 6 digits", wide, .json(dataframeRecords(shortBatch))),
      Case("1,000 x 28, CSV, 17 digits", wide, .csv(csv(batch))),
      Case("1,000 x 28, CSV, 6 digits", wide, .csv(csv(shortBatch))),
      Case("1,000 x 28, scoring alone", wide, .rows(batch)),
    ]
    let lines = try cases.filter { part.isEmpty || $0.name.contains(part) }.map {
      "  \"\($0.name)\": \(try $0.measure())"
    }
    print("{\n\(lines.joined(separator: ",\n"))\n}")
  }
}

/// Something that is asked of a model.
struct Case {
  enum Input {
    case json(String)
    case csv(String)
    /// No request: the numbers themselves.
    case rows([[String]])
  }

  let name: String
  private let input: Input
  private let model: ServedModel

  init(_ name: String, _ model: TreeModel, _ input: Input) {
    self.name = name
    self.model = ServedModel(model)
    self.input = input
  }

  /// Nanoseconds of CPU time.
  func measure() throws -> Int {
    switch input {
    case .json(let body): try answeringTime(.json, Array(body.utf8))
    case .csv(let body): try answeringTime(.csv, Array(body.utf8))
    case .rows(let rows): try scoringTime(rows)
    }
  }

  private func answeringTime(
    _ format: ScoringService.BodyFormat, _ body: [UInt8]
  ) throws -> Int {
    let service = ScoringService(model)
    var scratch = service.makeScratch()
    return try nanoseconds {
      let answer = service.score(format, body: body.span, scratch: &scratch)
      guard answer.status == 200 else {
        throw Failure("\(name): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
      }
    }
  }

  private func scoringTime(_ rows: [[String]]) throws -> Int {
    let predictor = model.predictor
    let values = rows.joined().map { Double($0) ?? .nan }
    var workspace = predictor.makeWorkspace()
    let width = try predictor.columnCount(of: .prediction)
    var result = [Double](repeating: 0, count: rows.count * width)
    return try nanoseconds {
      var span = result.mutableSpan
      try predictor.predict(
        values.span, layout: .rowMajor(rows: rows.count, columns: rows[0].count), into: &span,
        workspace: &workspace)
    }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// The CPU time of one call of `body`: the median of 21 samples of 10 ms or more.
func nanoseconds(_ body: () throws -> Void) throws -> Int {
  func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
  func sample(_ count: Int) throws -> Int {
    let start = now()
    for _ in 0..<count { try body() }
    return now() - start
  }
  var count = 1
  while try sample(count) < 10_000_000 { count *= 2 }
  let samples = try (0..<21).map { _ in try sample(count) / count }
  return samples.sorted()[10]
}
