import Testing
import TreeIR

@testable import Evaluator

/// Cells become slot numbers as the rules of a PMML field say.
@Suite struct FieldReaderTests {
  private func read(_ cell: String?, _ rules: FieldRules) throws(FieldRefusal) -> Double {
    let texts = RowTexts(ModelTexts(["a", "b"]))
    let reader = FieldReader(rules)
    guard let cell else { return try reader.readMissing(texts) }
    let bytes = Array(cell.utf8)
    return try reader.read(bytes.span, texts)
  }

  private func rules(
    _ type: FieldType, _ operationalType: OperationalType = .continuous,
    _ change: (inout FieldRules) -> Void = { _ in }
  ) -> FieldRules {
    var rules = FieldRules(type, operationalType)
    change(&rules)
    return rules
  }

  private func reason(_ cell: String?, _ rules: FieldRules) -> FieldRefusal.Reason? {
    do throws(FieldRefusal) {
      _ = try read(cell, rules)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func numbersHaveTheirType() throws {
    #expect(try read("0.1", rules(.double)) == 0.1)
    #expect(try read("0.1", rules(.float)) == Double(0.1 as Float))
    #expect(try read("1e3", rules(.integer)) == 1000)
    #expect(try read("TRUE", rules(.boolean, .categorical)) == 1)
    #expect(try read("1970-01-03", rules(.date, .ordinal)) == 2)
    #expect(try read("1980-01-03", rules(.daysSince1980)) == 2)
    #expect(try read("1960-01-01T00:01", rules(.secondsSince1960)) == 60)
    #expect(try read("1969-12-31T23:59:58.5", rules(.secondsSince1970)) == -1)
    #expect(reason("1.5", rules(.integer)) == .invalidValue)
    #expect(reason("abc", rules(.double)) == .invalidValue)
  }

  @Test func emptyCellsAreMissing() throws {
    #expect(try read("", rules(.double)).isNaN)
    #expect(try read("", rules(.string, .categorical)).isNaN)
    #expect(reason(" ", rules(.double)) == .invalidValue)
  }

  @Test func noNumberIsInvalidUnlessItIsCategorical() {
    #expect(reason("NaN", rules(.double)) == .invalidValue)
    // Valid, but no slot can hold it.
    #expect(reason("NaN", rules(.double, .categorical)) == .notANumber)
    #expect(reason("NaN", rules(.double) { $0.invalid = .keep }) == .notANumber)
  }

  @Test func stringsAreNumbersOfTexts() throws {
    let string = rules(.string, .categorical)
    #expect(try read("a", string) == 0)
    #expect(try read("b", string) == 1)
    // All others are one where nobody asks for them.
    #expect(try read("c", string) == 2)
    #expect(try read("A", string) == 2)

    let keeping = rules(.string, .categorical) { $0.keepsTexts = true }
    let texts = RowTexts(ModelTexts(["a"]))
    let reader = FieldReader(keeping)
    let cells = ["x", "y", "x", "a"].map { Array($0.utf8) }
    let numbers = try cells.map { try reader.read($0.span, texts) }
    #expect(numbers == [2, 3, 2, 0])
    #expect(numbers.map { texts.text($0) } == ["x", "y", "x", "a"])
  }

  @Test func listedValuesAreComparedInTheFieldsType() throws {
    let listed = rules(.double) {
      $0.listed = [
        .init("-999", .missing), .init("bad", .invalid), .init("7", .invalid), .init("N", .missing),
        .init("NaN", .missing),
      ]
    }
    #expect(try read("-999.0", listed).isNaN)
    #expect(try read("N", listed).isNaN)
    #expect(try read("nan", listed).isNaN)
    #expect(reason("7.00", listed) == .invalidValue)
    #expect(reason("bad", listed) == .invalidValue)
    #expect(try read("1", listed) == 1)
    // To the byte for strings, and as Float for Float.
    let text = rules(.string, .categorical) { $0.listed = [.init("1", .missing)] }
    #expect(try read("1", text).isNaN)
    #expect(try !read("1.0", text).isNaN)
    let float = rules(.float) { $0.listed = [.init("-1", .missing)] }
    #expect(try read("-0.99999999999", float).isNaN)
  }

  @Test func aListOfValidValuesLeavesIntervalsAside() throws {
    let both = rules(.double) {
      $0.listed = [.init("99", .valid)]
      $0.intervals = [.init(lower: 0, upper: 10)]
    }
    #expect(try read("99.0", both) == 99)
    #expect(reason("5", both) == .invalidValue)
  }

  @Test func intervalsTakeDoubles() {
    let interval = rules(.float) { $0.intervals = [.init(lower: 1598.95, upper: 1700.1)] }
    // The nearest Float is below.
    #expect(reason("1598.95", interval) == .invalidValue)
    #expect(reason("1700.1", interval) == nil)
    let open = rules(.double) {
      $0.intervals = [.init(lower: 0, upper: 1, includesLower: false, includesUpper: false)]
    }
    #expect(reason("0", open) == .invalidValue)
    #expect(reason("0.5", open) == nil)
    #expect(reason("NaN", open) == .invalidValue)
    let categories = rules(.integer, .categorical) { $0.intervals = [.init(lower: 0, upper: 3)] }
    #expect(reason("1", categories) == .model)
  }

  @Test func missingValuesAreReplacedUnchecked() throws {
    let replaced = rules(.double) {
      $0.missing = .replace("99")
      $0.intervals = [.init(lower: 0, upper: 10)]
      $0.invalid = .asMissing
    }
    #expect(try read(nil, replaced) == 99)
    #expect(try read("20", replaced) == 99)
    #expect(try read("abc", replaced) == 99)
    #expect(reason(nil, rules(.double) { $0.missing = .refuse() }) == .missingValue)
    // Only rows that need a replacement that is none are refused.
    let wrong = rules(.integer) { $0.missing = .replace("2.5") }
    #expect(reason(nil, wrong) == .type)
    #expect(reason("2", wrong) == nil)
  }

  @Test func invalidValuesAreTreated() throws {
    func treated(_ treatment: FieldRules.InvalidTreatment) -> FieldRules {
      rules(.double) {
        $0.intervals = [.init(lower: 0, upper: 10)]
        $0.invalid = treatment
      }
    }
    #expect(try read("20", treated(.keep)) == 20)
    #expect(reason("abc", treated(.keep)) == .invalidValue)
    #expect(try read("20", treated(.asMissing)).isNaN)
    #expect(try read("abc", treated(.replace("4"))) == 4)
    let text = rules(.string, .categorical) {
      $0.listed = [.init("a", .valid)]
      $0.invalid = .keep
    }
    #expect(try read("z", text) == 2)
  }

  @Test func outliersAreTreatedIfTheyAreValid() throws {
    func treated(_ type: FieldType, _ treatment: FieldRules.OutlierTreatment) -> FieldRules {
      rules(type) {
        $0.outliers = treatment
        ($0.lowest, $0.highest) = (1.1, 8.3)
        $0.missing = .replace("50")
      }
    }
    #expect(try read("9", treated(.double, .asBound)) == 8.3)
    #expect(try read("1", treated(.double, .asBound)) == 1.1)
    #expect(try read("1.1", treated(.double, .asBound)) == 1.1)
    #expect(try read("INF", treated(.float, .asBound)) == Double(8.3 as Float))
    #expect(reason("9", treated(.integer, .asBound)) == .model)
    #expect(try read("9", treated(.double, .asMissing)) == 50)
    // Replacements are none.
    #expect(try read(nil, treated(.double, .asBound)) == 50)
    let kept = rules(.double) {
      $0.outliers = .asBound
      $0.highest = 8
      $0.intervals = [.init(lower: 0, upper: 10)]
      $0.invalid = .keep
    }
    #expect(try read("20", kept) == 20)
    #expect(try read("9", kept) == 8)
  }

  @Test func valuesThatBecomeMissingAreNoMissingCells() throws {
    func refusing(later: String?) -> FieldRules {
      rules(.double) {
        $0.missing = .refuse(later: later)
        $0.intervals = [.init(lower: 0, upper: 10)]
        ($0.invalid, $0.outliers, $0.highest) = (.asMissing, .asMissing, 8)
        $0.listed = [.init("-1", .missing)]
      }
    }
    for later in [nil, "5"] {
      #expect(reason(nil, refusing(later: later)) == .missingValue)
      #expect(reason("-1", refusing(later: later)) == .missingValue)
    }
    for text in ["20", "9", "abc"] {
      #expect(try read(text, refusing(later: "5")) == 5)
      #expect(try read(text, refusing(later: nil)).isNaN)
    }
  }
}
