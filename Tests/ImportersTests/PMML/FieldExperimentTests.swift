import Evaluator
import Foundation
import Testing

@testable import Importers

/// Fields and expressions have the values that JPMML-Evaluator gave them.
///
/// The folder of documents and answers is that of the variable `TREEC_PMML_EXPERIMENTS`; without
/// it there is nothing to compare.
@Suite struct FieldExperimentTests {
  /// Documents whose rows differ, and why that is accepted.
  private static let exceptions = [
    // Java wrote more digits than needed before version 19.
    "cell_float_continuous": 7,
    // JPMML cannot report dates without a type.
    "fn_cast_dt_date": 1, "fn_cast_s_date": 1,
    // Prefixes of elements play no part in treec.
    "fn_map_prefix_noprefixattr": 2,
    // One half of a surrogate pair is no text.
    "fn_substring": 2,
    // The document is refused as a whole, not rows of it.
    "fn_text_augm": 10,
  ]

  private static let folder = ProcessInfo.processInfo.environment["TREEC_PMML_EXPERIMENTS"]

  private static let names: [String] = {
    guard let folder else { return [] }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.sorted().compactMap { file in
      let isOfFields = ["fn_", "prep_", "cell_"].contains { file.hasPrefix($0) }
      return isOfFields && file.hasSuffix(".pmml") ? String(file.dropLast(5)) : nil
    }
  }()

  @Test(.enabled(if: folder != nil), arguments: names)
  func agrees(_ name: String) throws {
    let path = "\(Self.folder ?? "")/\(name)"
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path + ".pmml")))
    let rows = try FieldExperiment.rows(Data(contentsOf: URL(filePath: path + ".jsonl")))
    let experiment: FieldExperiment
    do throws(Fault) {
      experiment = try FieldExperiment(PMMLReader.read(bytes.span))
    } catch {
      let isRefused = rows?.allSatisfy { $0.outputs == nil } ?? true
      #expect(isRefused || Self.exceptions[name] == rows?.count, "\(error.key): \(error.message)")
      return
    }
    let texts = RowTexts(ModelTexts([]))
    var differences: [String] = []
    for row in try #require(rows) {
      let answer = experiment.evaluate(row, texts)
      if case .refused(_, isNaN: true) = answer { continue }
      // The C library and Java differ by one unit here and there.
      if !experiment.agrees(answer, row, ulps: 1) {
        differences.append("\(row.cells) -> \(answer), not \(String(describing: row.outputs))")
      }
    }
    #expect(differences.count == Self.exceptions[name] ?? 0, "\(differences)")
  }
}
