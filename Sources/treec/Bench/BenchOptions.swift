import ArgumentParser
import Evaluator

/// Numbers of rows, at least 1 each.
struct CountList: ExpressibleByArgument {
  /// More rows than any benchmark needs, and little enough memory for them.
  private static let limit = 10_000_000

  var counts: [Int]

  init(_ counts: [Int]) {
    self.counts = counts
  }

  init?(argument: String) {
    counts = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let count = Int(part), count >= 1, count <= Self.limit else { return nil }
      counts.append(count)
    }
  }

  var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}

/// Names of engines; nil stands for what treec chooses.
struct EngineList: ExpressibleByArgument {
  static var names: String { EngineName.all.map(\.rawValue).joined(separator: ", ") }

  var engines: [EngineName?]

  init(engines: [EngineName?]) {
    self.engines = engines
  }

  init?(argument: String) {
    engines = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let name = EngineName(rawValue: String(part))
      guard part == "auto" || EngineName.all.contains(name) else { return nil }
      engines.append(part == "auto" ? nil : name)
    }
  }

  var defaultValueDescription: String {
    engines.map { $0?.rawValue ?? "auto" }.joined(separator: ",")
  }
}
