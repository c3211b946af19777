import Evaluator
import Foundation
import Testing

@testable import Importers

@Suite struct ExperimentReport {
  @Test func report() throws {
    guard let folder = ProcessInfo.processInfo.environment["PMML_EXPERIMENTS"] else { return }
    let prefixes = (ProcessInfo.processInfo.environment["PMML_PREFIX"] ?? "fn_").split(
      separator: ",")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
      name.hasSuffix(".pmml") && prefixes.contains { name.hasPrefix($0) }
    }.sorted()
    var counts: [String: Int] = [:]
    for name in names {
      let path = "\(folder)/\(name)"
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let rows = try FieldExperiment.rows(
        Data(contentsOf: URL(filePath: path.dropLast(5) + ".jsonl")))
      do throws(Fault) {
        let experiment = try FieldExperiment(PMMLReader.read(bytes.span))
        guard let rows else {
          print("LOADED", name)
          counts["wrongly loaded", default: 0] += 1
          continue
        }
        let texts = RowTexts(ModelTexts([]))
        for row in rows {
          let answer = experiment.evaluate(row, texts)
          let key: String
          if experiment.agrees(answer, row) {
            key = "exact"
          } else if experiment.agrees(answer, row, ulps: 1) {
            key = "1 ulp"
          } else if experiment.agrees(answer, row, ulps: 4) {
            key = "2-4 ulp"
          } else if case .refused(_, isNaN: true) = answer {
            key = "NaN cell"
          } else {
            key = "wrong"
            let expected = row.outputs.map { "\($0)" } ?? "ERR"
            print("WRONG", name, row.cells, expected, answer)
          }
          if key.contains("2-4") { print(key, name, row.cells, row.outputs ?? [:], answer) }
          counts[key, default: 0] += 1
        }
      } catch {
        guard let rows else {
          counts["load refused by both", default: 0] += 1
          continue
        }
        if rows.allSatisfy({ $0.outputs == nil }) {
          counts["refused at load, rows refused by JPMML", default: 0] += rows.count
        } else {
          print("REFUSED", name, error.key, error.message, rows.count)
          counts["wrongly refused at load", default: 0] += rows.count
        }
      }
    }
    print("COUNTS", counts)
  }
}
