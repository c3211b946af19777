import TestSupport
import Testing

@testable import TreeIR

@Suite("Texts of hashed categories")
struct CategoryTextsTests {
  @Test func aHashMayHaveSeveralTexts() {
    let texts = CategoryTexts([(5, "b"), (-3, "ä"), (5, "a"), (5, "b"), (9, "")])
    #expect(texts.count == 4)
    #expect(texts.texts(of: 5) == ["a", "b"])
    #expect(texts.texts(of: -3) == ["ä"])
    #expect(texts.texts(of: 9) == [""])
    #expect(texts.texts(of: 0) == [])
    #expect(CategoryTexts().texts(of: 0) == [])
  }

  /// Swift takes an é and an e with an accent behind it for the same.
  @Test func textsAreToldApartByTheirBytes() {
    let texts = CategoryTexts([(1, "\u{E9}"), (1, "e\u{301}")])
    #expect(texts.count == 2)
  }

  @Test func modelsWithoutTextsAreReadAsBefore() throws {
    let model = try SampleModels.categoryStatistic()
    #expect(model.categoryTexts.count == 0)
    #expect(try TreeModel(tirBytes: model.tirBytes().span).categoryTexts.count == 0)
  }

  @Test func textsThatDoNotFitTheirHashesAreRefused() throws {
    for texts in [
      CategoryTexts(hashes: [1, 2], starts: [0, 1], bytes: [97]),
      CategoryTexts(hashes: [1], starts: [0, 2], bytes: [97]),
      CategoryTexts(hashes: [1], starts: [1, 1], bytes: [97]),
      CategoryTexts(hashes: [2, 1], starts: [0, 0, 1], bytes: [97]),
      CategoryTexts(hashes: [1, 2], starts: [0, 2, 1], bytes: [97]),
    ] {
      var builder = ModelBuilder(copying: try SampleModels.categoryStatistic())
      builder.categoryTexts = texts
      #expect(throws: ModelError.self) { try builder.build() }
    }
  }
}
