import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Compares every engine, in every instruction set of this processor, with scoring by the book.
struct EngineCheck {
  let model: TreeModel
  let rows: [Double]
  let rowCount: Int
  let options: PredictionOptions
  private let expected: [(output: PredictionOutput, scored: Scored)]

  /// Sizes of batches around those at which engines change their ways.
  static let batchSizes = [1, 2, 7, 8, 9, 63, 64, 65, 129, 300, 511, 512, 513, 1100]

  init(
    _ model: TreeModel, rowCount: Int = 1100, options: PredictionOptions = PredictionOptions(),
    outputs: [PredictionOutput] = [.raw, .prediction, .leaf], _ random: inout SeededGenerator
  ) throws {
    self.model = model
    self.rowCount = rowCount
    self.options = options
    let rows = HardRows(model).rows(rowCount, &random)
    self.rows = rows
    let reference = Predictor.reference(model)
    var workspace = reference.makeWorkspace()
    expected = try outputs.map {
      ($0, try Scored(reference, rows[...], count: rowCount, $0, options: options, &workspace))
    }
  }

  /// Scores some batches with each engine, and all of them together with all sizes.
  ///
  /// - Parameter batches: How many; nil for one of every size.
  func run(batches count: Int? = 3, _ random: inout SeededGenerator) throws {
    // One for all, so that each finds what others have left in it.
    var workspace = Predictor.reference(model).makeWorkspace()
    for set in InstructionSet.available {
      for engine in EngineName.all.map(Optional.some) + [nil] {
        for width in widths(of: engine, all: count == nil, &random) {
          var options = EngineOptions(
            engine: engine, instructionSet: set, preparation: .immediate)
          options.blockWidth = width
          let predictor = Predictor(model, engines: options)
          if let engine, !predictor.uses(engine) { continue }
          let sizes = count.map { count in (0..<count).map { _ in random.pick(Self.batchSizes) } }
          try run(predictor, sizes ?? Self.batchSizes, &workspace, &random) {
            "\(engine?.rawValue ?? "all engines"), \(set.rawValue), \(width ?? 0) rows a block"
          }
        }
      }
    }
  }

  /// The widths of blocks to try, of which a model asks for few by itself.
  private func widths(
    of engine: EngineName?, all: Bool, _ random: inout SeededGenerator
  ) -> [Int?] {
    guard engine == .bitSliced else { return [nil] }
    return all ? BitSlicedEngine.widths : [random.pick(BitSlicedEngine.widths)]
  }

  private func run(
    _ predictor: Predictor, _ sizes: [Int], _ workspace: inout Workspace,
    _ random: inout SeededGenerator, name: () -> String
  ) throws {
    for size in sizes where size <= rowCount {
      let first = random.int(0...rowCount - size)
      let columns = model.input.count
      for (output, whole) in expected {
        let found = try Scored(
          predictor, rows[first * columns..<(first + size) * columns], count: size, output,
          options: options, &workspace)
        let expected = whole.rows(first, size, of: rowCount)
        if found != expected {
          Issue.record("\(name()), \(size) rows, \(output): \(difference(found, expected, first))")
          return
        }
      }
    }
  }

  private func difference(_ found: Scored, _ expected: Scored, _ first: Int) -> String {
    guard let place = zip(found.bits, expected.bits).enumerated().first(where: { $1.0 != $1.1 })
    else { return "refusals \(found.refusals) instead of \(expected.refusals)" }
    let size = found.bits.count
    let wrong = zip(found.bits, expected.bits).count { $0 != $1 }
    return "\(wrong) of \(size) numbers differ; number \(place.offset) is "
      + "\(Double(bitPattern: place.element.0)) instead of \(Double(bitPattern: place.element.1)); "
      + "rows from \(first)"
  }
}

extension Predictor {
  /// Whether `engine` scores one of the model's ensembles.
  func uses(_ engine: EngineName) -> Bool {
    engineReports().contains { $0.choices.contains { $0.engine == engine } }
  }
}
