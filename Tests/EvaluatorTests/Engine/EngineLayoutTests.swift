import TestSupport
import Testing
import TreeIR

@testable import Evaluator

/// Wherever the caller's rows lie, and whether they are Doubles or Floats, every engine gives the
/// same bits.
@Suite struct EngineLayoutTests {
  private static let sizes = [1, 9, 64, 130, 513, 700]

  private func predictors(_ model: TreeModel) -> [(name: String, predictor: Predictor)] {
    EngineName.all.map { engine in
      let options = EngineOptions(engine: engine, preparation: .immediate)
      return (engine.rawValue, Predictor(model, engines: options))
    }
  }

  @Test(arguments: [1, 5, 7, 8, 9, 16, 30])
  func `Every layout`(columns: Int) throws {
    var random = SeededGenerator(seed: UInt64(columns))
    let model = try RandomModels.forest(columnCount: columns, &random)
    let all = HardRows(model).rows(700, &random)
    let reference = Predictor.reference(model)
    var workspace = reference.makeWorkspace()
    for count in Self.sizes {
      let rows = all[..<(count * columns)]
      let expected = try Scored(reference, rows, count: count, .raw, &workspace)
      let layouts: [MatrixLayout] = [
        .rowMajor(rows: count, columns: columns),
        .rowMajor(rows: count, columns: columns, stride: columns + 3),
        .columnMajor(rows: count, columns: columns),
        .columnMajor(rows: count, columns: columns, stride: count + 5),
      ]
      for layout in layouts {
        var placed = [Double](
          repeating: 1e9, count: layout.place(count - 1, columns - 1) + 1)
        for (index, value) in rows.enumerated() {
          placed[layout.place(index / columns, index % columns)] = value
        }
        for (name, predictor) in predictors(model) {
          let found = try Scored(predictor, placed.span, layout, .raw, &workspace)
          #expect(found == expected, "\(name), \(layout)")
        }
      }
    }
  }

  @Test(arguments: [3, 8, 20])
  func `Rows of Floats`(columns: Int) throws {
    var random = SeededGenerator(seed: UInt64(columns))
    let model = try RandomModels.forest(columnCount: columns, &random)
    let floats = HardRows(model).rows(700, &random).map { Float($0) }
    let reference = Predictor.reference(model)
    var workspace = reference.makeWorkspace()
    for count in Self.sizes {
      let rows = floats[..<(count * columns)]
      let doubles = rows.map { Double($0) }
      let expected = try Scored(reference, doubles[...], count: count, .raw, &workspace)
      for (name, predictor) in predictors(model) {
        var result = [Double](repeating: 0, count: expected.bits.count)
        var span = result.mutableSpan
        try predictor.predict(
          rows.span, layout: .rowMajor(rows: count, columns: columns), output: .raw,
          into: &span, workspace: &workspace)
        #expect(Scored.bits(of: result) == expected.bits, "\(name), \(count) rows")
      }
    }
  }

  @Test func `One row, again and again`() throws {
    var random = SeededGenerator(seed: 3)
    let model = try RandomModels.forest(columnCount: 12, &random)
    let row = HardRows(model).rows(1, &random)
    let reference = Predictor.reference(model)
    var workspace = reference.makeWorkspace()
    let layout = MatrixLayout.rowMajor(rows: 100, columns: 12, stride: 0)
    let expected = try Scored(reference, row.span, layout, .raw, &workspace)
    for (name, predictor) in predictors(model) {
      let found = try Scored(predictor, row.span, layout, .raw, &workspace)
      #expect(found == expected, "\(name)")
    }
  }
}
