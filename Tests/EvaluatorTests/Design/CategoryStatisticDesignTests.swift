import Evaluator
import TestSupport
import Testing
import TreeIR

/// The representation holds what CatBoost needs: a category given as text, hashed; a
/// statistic of category and number looked up by the combined hash; an oblivious tree over
/// all three; scale and bias. Expected values follow FORMATS B.2 by hand.
@Suite struct CategoryStatisticDesignTests {
  /// Builds, writes, reads back, encodes text and scores.
  private func score(_ city: String, _ age: String) throws -> Double {
    let built = try SampleModels.categoryStatistic()
    let model = try TreeModel(tirBytes: built.tirBytes().span)
    let encoder = RowEncoder(model.input)
    var batch = RowBatch(model.input)
    batch.appendRow { (column) throws(CellError) in
      try encoder.encode(text: Array((column == 0 ? city : age).utf8).span, column: column)
    }
    #expect(batch.failures.isEmpty)
    return try Predictor(model).predict(row: batch.values, output: .raw)[0]
  }

  private func answer(leaf: Int) -> Double {
    Double(leaf) * 0.1 + 0.7
  }

  @Test func knownCombination() throws {
    // (7 + 0.5) / (8 + 1) · 15 = 12.5 > 9.5; is Paris; 40 > 20.
    #expect(try score("Paris", "40") == answer(leaf: 0b111))
    // (1 + 0.5) / (4 + 1) · 15 = 4.5; is Paris; 25 > 20.
    #expect(try score("Paris", "25") == answer(leaf: 0b110))
    // (2 + 0.5) / (2 + 1) · 15 = 12.5; is not Paris; 31 > 20.
    #expect(try score("Lisbon", "31") == answer(leaf: 0b101))
  }

  @Test func unknownCombinationFallsBackToThePrior() throws {
    // (0 + 0.5) / (0 + 1) · 15 = 7.5.
    #expect(try score("Lisbon", "30") == answer(leaf: 0b100))
    #expect(try score("Quito", "10") == answer(leaf: 0b000))
  }

  @Test func emptyTextIsACategory() throws {
    #expect(try score("", "") == answer(leaf: 0b000))
  }

  @Test func missingNumbersHaveASideOfTheirOwnInEachPlace() throws {
    // In the statistic a missing age counts as above 30, in the tree as not above 20.
    #expect(try score("Paris", "") == answer(leaf: 0b011))
  }

  @Test func theBiasIsAddedOnlyWhereTheTreesStartWithTheFirst() throws {
    let predictor = Predictor(try SampleModels.categoryStatistic())
    let row = try predictor.makeRowEncoder().encode(cells: ["Paris", "40"])
    let later = PredictionOptions(startIteration: 1)
    #expect(try predictor.predict(row: row, output: .raw) == [answer(leaf: 0b111)])
    #expect(try predictor.predict(row: row, output: .raw, options: later) == [0])
  }

  @Test func aRowWithoutACategoryIsAnUnknownCombination() throws {
    let predictor = Predictor(try SampleModels.categoryStatistic())
    #expect(try predictor.predict(row: [.nan, 40], output: .raw) == [answer(leaf: 0b100)])
  }

  @Test func bordersAreFloats() throws {
    // 30.0000001 is 30 as a Float, so it is not above the border.
    #expect(try score("Paris", "30.0000001") == answer(leaf: 0b110))
    #expect(try score("Paris", "30.000002") == answer(leaf: 0b111))
  }
}
