import Testing
import TreeIR

@testable import Evaluator

/// Values are brought to other types, and compared, as PMML's reference implementation does it.
@Suite struct FieldValueTests {
  private func cast(_ value: FieldValue, _ type: FieldType) -> String? {
    guard let cast = try? value.cast(to: type) else { return nil }
    return "\(cast.content)"
  }

  @Test func numbersBecomeWholeOnlyIfTheyAre() {
    #expect(cast(FieldValue(5.0), .integer) == "integer(5)")
    #expect(cast(FieldValue(5.5), .integer) == nil)
    #expect(cast(FieldValue(1e10), .integer) == nil)
    #expect(cast(FieldValue(Double.nan), .integer) == nil)
    #expect(cast(FieldValue(true), .integer) == "integer(1)")
  }

  @Test func numbersBecomeTruthOnlyIfTheyAreOneOrZero() {
    #expect(cast(FieldValue(1.0), .boolean) == "boolean(true)")
    #expect(cast(FieldValue(0 as Int32), .boolean) == "boolean(false)")
    #expect(cast(FieldValue(2.0), .boolean) == nil)
  }

  @Test func floatsAreRounded() {
    #expect(cast(FieldValue(16_777_217.0), .float) == "float(16777216.0)")
    #expect(cast(FieldValue(1e39), .float) == "float(inf)")
    #expect(cast(FieldValue(0.1 as Float), .double) == "double(0.10000000149011612)")
  }

  @Test func valuesBecomeTheTextsOfJava() {
    #expect(cast(FieldValue(1e10), .string) == #"text("1.0E10")"#)
    #expect(cast(FieldValue(0.1 as Float), .string) == #"text("0.1")"#)
    #expect(cast(FieldValue(7 as Int32), .string) == #"text("7")"#)
    #expect(cast(FieldValue(true), .string) == #"text("true")"#)
    #expect(cast(FieldValue(.number(0, .date)), .string) == nil)
  }

  @Test func textsAreReadAsCellsAre() {
    #expect(cast(FieldValue(" 5"), .integer) == "integer(5)")
    #expect(cast(FieldValue("1e3"), .integer) == "integer(1000)")
    #expect(cast(FieldValue("abc"), .double) == nil)
    #expect(cast(FieldValue("1.0"), .boolean) == "boolean(true)")
    #expect(cast(FieldValue("1970-01-02"), .date) == "moment(1.0, TreeIR.FieldType.date)")
  }

  @Test func momentsHaveTheirOwnRules() {
    let moment = FieldValue(.number(-43_200, .dateTime))
    #expect(cast(moment, .date) == "moment(-1.0, TreeIR.FieldType.date)")
    #expect(cast(moment, .time) == "moment(43200.0, TreeIR.FieldType.time)")
    #expect(cast(moment, .double) == nil)
    #expect(cast(FieldValue(.number(1, .date)), .dateTime) == nil)
    #expect(cast(FieldValue(.number(4, .daysSince1970)), .integer) == "integer(4)")
    #expect(
      cast(FieldValue(.number(4, .daysSince1970)), .daysSince1960)
        == "moment(3657.0, TreeIR.FieldType.daysSince1960)")
    #expect(cast(FieldValue(.number(4, .timeSeconds)), .time) == nil)
  }

  @Test func missingStaysMissing() throws {
    #expect(try FieldValue.missing.cast(to: .integer).isMissing)
  }

  @Test func zeroHasNoSign() throws {
    #expect(try FieldValue(-0.0).text() == "0.0")
    #expect(try FieldValue(-0.0 as Float).text() == "0.0")
  }

  @Test func theSecondValueIsBroughtToTheFirstOnesType() throws {
    #expect(try FieldValue(0.1 as Float).isEqual(to: FieldValue(0.1)))
    #expect(throws: FieldRefusal.self) { try FieldValue(1 as Int32).isEqual(to: FieldValue(1.5)) }
    #expect(try FieldValue(Double.nan).isEqual(to: FieldValue(Double.nan)))
    #expect(try FieldValue("1.0").isEqual(to: FieldValue(1.0)))
    #expect(try !FieldValue("e\u{301}").isEqual(to: FieldValue("\u{E9}")))
  }

  @Test func orderFallsBackToNumbers() throws {
    #expect(try FieldValue(1 as Int32).compare(to: FieldValue(1.5)) < 0)
    #expect(try FieldValue(true).compare(to: FieldValue(2.0)) < 0)
    #expect(try FieldValue(Double.nan).compare(to: FieldValue(Double.infinity)) > 0)
    #expect(throws: FieldRefusal.self) { try FieldValue(1.0).compare(to: FieldValue("x")) }
  }

  @Test func textsHaveAnOrderUnlessTheyAreCategories() throws {
    #expect(throws: FieldRefusal.self) { try FieldValue("a").compare(to: FieldValue("b")) }
    let text = FieldValue(.text("\u{1F600}"), .continuous)
    // By UTF-16, as in Java.
    #expect(try text.compare(to: FieldValue("\u{FF5E}")) < 0)
  }

  @Test func listsOrderOrdinalValues() throws {
    let order = FieldOrder([.string("hi"), .string("mid"), .string("lo")])
    let value = FieldValue(.text("hi"), .ordinal, order: order)
    #expect(try value.compare(to: FieldValue("lo")) < 0)
    #expect(throws: FieldRefusal.self) { try value.compare(to: FieldValue("zz")) }
  }

  @Test func slotsHoldNumbers() throws {
    let texts = RowTexts(ModelTexts(["a"]))
    #expect(try FieldValue("a").slotNumber(texts) == 0)
    let number = try FieldValue("new").slotNumber(texts)
    #expect(try FieldValue(slot: number, .string, .categorical, texts).text() == "new")
    #expect(try FieldValue.missing.slotNumber(texts).isNaN)
    #expect(throws: FieldRefusal.nan) { try FieldValue(Double.nan).slotNumber(texts) }
    #expect(try FieldValue(slot: .nan, .double, .continuous, texts).isMissing)
  }
}
