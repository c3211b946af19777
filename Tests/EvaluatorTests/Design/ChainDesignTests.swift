import Evaluator
import Foundation
import TestSupport
import Testing
import TreeIR

/// The representation holds a PMML chain: segments of Float trees, one with a predicate,
/// summed in Float, rescaled, and turned into probabilities and a label.
@Suite struct ChainDesignTests {
  private func predictor() throws -> Predictor {
    let built = try SampleModels.chain()
    return Predictor(try TreeModel(tirBytes: built.tirBytes().span))
  }

  private func rescaled(_ sum: Float) -> Double {
    Double(sum * 0.3 + -0.25)
  }

  @Test func segmentWithAFalsePredicateTakesNoPart() throws {
    let raw = try predictor().predict(row: [3, 0], output: .raw)
    #expect(raw == [rescaled(0.7 as Float + 0.1)])
  }

  @Test func segmentWithATruePredicateIsWeighted() throws {
    let raw = try predictor().predict(row: [3, 1], output: .raw)
    #expect(raw == [rescaled((0.7 as Float + 0.1) + 0.5 * -1)])
  }

  @Test func segmentWithAnUnknownPredicateTakesNoPart() throws {
    let raw = try predictor().predict(row: [.nan, .nan], output: .raw)
    #expect(raw == [rescaled(0.5 as Float + 0.2)])
  }

  @Test func sumsAreRoundedToFloat() throws {
    // In Double 0.7 + 0.1 would keep more digits than a Float has.
    let raw = try predictor().predict(row: [3, 0], output: .raw)[0]
    #expect(raw == Double(Float(raw)))
    #expect(raw != (0.7 + 0.1) * 0.3 - 0.25)
  }

  @Test func probabilitiesAndLabel() throws {
    let predictor = try predictor()
    let x = rescaled((0.7 as Float + 0.1) - 0.5)
    let yes = 1 / (1 + exp(-x))
    #expect(try predictor.predict(row: [3, 1], output: .probability) == [1 - yes, yes])
    #expect(try predictor.predict(row: [3, 1], output: .prediction) == [yes])

    let encoder = RowEncoder(predictor.model.input)
    var batch = RowBatch(predictor.model.input)
    for row in [["3", "south"], ["3", "north"], ["oops", "west"]] {
      batch.appendRow { (column) throws(CellError) in
        try encoder.encode(text: Array(row[column].utf8).span, column: column)
      }
    }
    var workspace = predictor.makeWorkspace()
    let table = try predictor.predict(batch, output: .label, workspace: &workspace)
    #expect(table.columns[0].values == .strings(["no", "no", ""]))
    #expect(table.columns[0].isValid == [true, true, false])
    #expect(
      table.rowStatus == [
        .scored, .scored,
        .refused(
          "column 'amount': 'oops' is not a number; leave the cell empty if the value is missing"
        ),
      ])
  }

  @Test func theSlicedPlanSkipsWhatTheOutputDoesNotNeed() throws {
    // Leaves of the guarded ensemble are missing where its predicate does not hold.
    let leaves = try predictor().predict(row: [3, 0], output: .leaf)
    #expect(leaves[0] == 1 && leaves[1] == 0 && leaves[2].isNaN)
  }
}
