import Evaluator
import TestSupport
import Testing
import TreeIR

/// Columns are found by name, to the byte.
@Suite struct ColumnMatchTests {
  private func match(
    _ names: [String], _ columns: [String], library: String = "LightGBM"
  ) throws -> [Int] {
    var builder = ModelBuilder(
      input: InputSchema(columns: columns.map { InputColumn(name: $0, kind: .numeric) }))
    builder.provenance.library = library
    return try ColumnMatch(names, to: builder.build()).positions
  }

  @Test func anyOrderAndOthersBetween() throws {
    #expect(try match(["c", "x", "a", "b"], ["a", "b", "c"]) == [2, 3, 0])
  }

  @Test func missingAndAmbiguousNamesAreTold() {
    #expect(throws: ColumnMatch.Failure.missing(["b", "d"])) {
      try match(["a", "c"], ["a", "b", "c", "d"])
    }
    #expect(throws: ColumnMatch.Failure.ambiguous("a")) { try match(["a", "a"], ["a"]) }
    #expect(throws: ColumnMatch.Failure.missing(["A"])) { try match(["a"], ["A"]) }
  }

  @Test func namesThatTheModelDoesNotNeedMayStandTwice() throws {
    #expect(try match(["x", "a", "x"], ["a"]) == [1])
  }

  @Test func lightGBMSavesBlanksAsUnderscores() throws {
    #expect(try match(["alcohol content", "ash"], ["alcohol_content", "ash"]) == [0, 1])
    #expect(throws: ColumnMatch.Failure.ambiguous("a_b")) { try match(["a b", "a_b"], ["a_b"]) }
    #expect(throws: ColumnMatch.Failure.missing(["a_b"])) {
      try match(["a b"], ["a_b"], library: "XGBoost")
    }
  }

  @Test func spellingsOfALetterAreDifferentNames() throws {
    #expect(try match(["e\u{301}", "\u{E9}"], ["\u{E9}"]) == [1])
  }
}
