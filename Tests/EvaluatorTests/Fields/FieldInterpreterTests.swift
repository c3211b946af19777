import Testing
import TreeIR

@testable import Evaluator

/// Expressions have the values that JPMML-Evaluator gives them.
@Suite struct FieldInterpreterTests {
  /// The value for a row of doubles, as it would be written; a refusal's reason where there is none.
  private func value(_ expression: FieldExpression, _ row: [Double] = []) -> String {
    let texts = RowTexts(ModelTexts(["a", "b"]))
    do throws(FieldRefusal) {
      let value = try FieldInterpreter(expression).value(texts) { row[$0] }
      return value.isMissing ? "missing" : "\(value.content)"
    } catch {
      return "\(error.reason)"
    }
  }

  private func apply(
    _ function: FieldFunction, _ arguments: FieldExpression...,
    invalid: FieldExpression.Application.InvalidTreatment = .refuse, mapMissingTo: String? = nil,
    defaultValue: String? = nil
  ) -> FieldExpression {
    .apply(
      FieldExpression.Application(
        function, arguments, mapMissingTo: mapMissingTo, defaultValue: defaultValue,
        invalid: invalid))
  }

  private func integer(_ number: Double) -> FieldExpression {
    .constant(.number(number, .integer))
  }

  private func double(_ number: Double) -> FieldExpression { .constant(.number(number, .double)) }

  private func float(_ number: Float) -> FieldExpression {
    .constant(.number(Double(number), .float))
  }

  private func text(_ text: String) -> FieldExpression { .constant(.string(text)) }

  private let missing = FieldExpression.constant(.missing)
  private let truth = FieldExpression.constant(.number(1, .boolean))

  // MARK: Numbers

  @Test func arithmeticHasTheWiderType() {
    #expect(value(apply(.divide, integer(-7), integer(2))) == "integer(-3)")
    #expect(value(apply(.divide, integer(7), double(2))) == "double(3.5)")
    #expect(value(apply(.add, float(0.1), float(0.7))) == "float(0.8)")
    #expect(value(apply(.add, integer(16_777_217), float(1))) == "float(1.6777218e+07)")
    #expect(value(apply(.modulo, integer(-7), integer(3))) == "integer(2)")
    #expect(value(apply(.modulo, double(7.5), double(-2))) == "double(-0.5)")
    #expect(value(apply(.multiply, double(-1), double(0))) == "double(0.0)")
    #expect(value(apply(.add, integer(7), text("2"))) == "argument")
    #expect(value(apply(.add, integer(7), missing)) == "missing")
  }

  @Test func wholeNumbersOverflow() {
    let sum = apply(.add, integer(2_147_483_647), integer(2))
    #expect(value(sum) == "argument")
    #expect(
      value(apply(.add, integer(2_147_483_647), integer(2), invalid: .asMissing)) == "missing")
    #expect(value(apply(.divide, integer(7), integer(0), invalid: .keep)) == "argument")
    #expect(
      value(apply(.divide, integer(-2_147_483_648), integer(-1))) == "integer(-2147483648)")
  }

  @Test func nanIsNoResultUnlessItIsKept() {
    #expect(value(apply(.divide, double(7), double(0))) == "double(inf)")
    #expect(value(apply(.divide, double(0), double(0))) == "argument")
    let kept = apply(.ln, double(-1), invalid: .keep)
    #expect(value(apply(.isNotValid, kept)) == "boolean(true)")
    #expect(
      value(apply(.ln, double(-1), invalid: .asMissing, defaultValue: "6")) == #"text("6")"#)
  }

  @Test func aggregatesLeaveMissingValuesOut() {
    #expect(value(apply(.sum, integer(7), missing, integer(3))) == "integer(10)")
    #expect(value(apply(.average, integer(7), integer(2), integer(3))) == "double(4.0)")
    #expect(value(apply(.min, double(1), double(.nan), double(2))) == "double(1.0)")
    #expect(value(apply(.max, missing, missing)) == "missing")
    #expect(value(apply(.product, float(0.1), float(0.2))) == "float(0.020000001)")
    #expect(value(apply(.min, text("3"))) == #"text("3.0")"#)
    #expect(value(apply(.sum, integer(2_147_483_647), integer(1))) == "type")
  }

  @Test func functionsOfANumberHaveTypesOfTheirOwn() {
    #expect(value(apply(.absolute, integer(-4))) == "integer(4)")
    #expect(value(apply(.absolute, text("-4"))) == #"text("4.0")"#)
    #expect(value(apply(.rint, double(-0.5))) == "double(0.0)")
    #expect(value(apply(.round, double(-2.5))) == "integer(-2)")
    #expect(value(apply(.round, double(0.49999999999999994))) == "integer(0)")
    #expect(value(apply(.floor, double(.nan))) == "integer(0)")
    #expect(value(apply(.ceil, double(1e300))) == "argument")
    #expect(value(apply(.squareRoot, text("4"))) == "double(2.0)")
    #expect(value(apply(.ln, missing)) == "argument")
    #expect(value(apply(.pow, integer(7), integer(3))) == "integer(343)")
    #expect(value(apply(.pow, integer(2), integer(40))) == "argument")
    #expect(value(apply(.pow, double(1.1), integer(2))) == "double(\(1.1 * 1.1))")
    #expect(value(apply(.threshold, integer(7), integer(3))) == "integer(1)")
    #expect(value(apply(.standardNormalIDF, double(1.5))) == "argument")
    #expect(value(apply(.standardNormalCDF, double(-2.5))) == "double(0.0062096653257761305)")
    #expect(value(apply(.erf, double(0.3))) == "double(0.32862675945912734)")
  }

  // MARK: Truth

  @Test func conditionsEvaluateOneBranch() {
    let fails = apply(.divide, integer(1), integer(0))
    #expect(value(apply(.if, truth, integer(1), fails)) == "integer(1)")
    #expect(value(apply(.if, text("false"), fails, double(2.5))) == "double(2.5)")
    #expect(value(apply(.if, integer(0), integer(1))) == "missing")
    #expect(value(apply(.if, missing, integer(1))) == "argument")
    #expect(value(apply(.if, missing, integer(1), mapMissingTo: "9")) == #"text("9")"#)
    #expect(value(apply(.if, double(2), integer(1))) == "type")
  }

  @Test func andAndOrTakeAllArguments() {
    #expect(value(apply(.and, truth, integer(1))) == "boolean(true)")
    #expect(value(apply(.or, truth, missing)) == "argument")
    #expect(value(apply(.or, truth, integer(2))) == "type")
    #expect(value(apply(.not, text("1"))) == "boolean(false)")
  }

  @Test func setsAreSearchedInOrder() {
    #expect(value(apply(.isIn, text("b"), text("a"), text("b"))) == "boolean(true)")
    #expect(value(apply(.isIn, integer(1), integer(1), double(1.5))) == "boolean(true)")
    #expect(value(apply(.isIn, integer(2), integer(1), double(1.5))) == "type")
    #expect(value(apply(.isNotIn, missing, integer(1))) == "boolean(true)")
    #expect(value(apply(.isIn, missing, integer(1), missing)) == "boolean(true)")
  }

  @Test func missingIsNeitherValidNorInvalid() {
    #expect(value(apply(.isMissing, missing)) == "boolean(true)")
    #expect(value(apply(.isValid, missing)) == "boolean(false)")
    #expect(value(apply(.isNotValid, missing)) == "boolean(false)")
    #expect(value(apply(.isNotValid, double(.nan))) == "boolean(true)")
  }

  // MARK: Texts

  @Test func textsAreCountedInUTF16() {
    #expect(value(apply(.stringLength, text("a\u{1F600}"))) == "integer(3)")
    #expect(
      value(apply(.substring, text("abcdef"), integer(2), integer(3))) == #"text("bcd")"#)
    #expect(value(apply(.substring, text("abc"), integer(2), integer(9))) == #"text("bc")"#)
    #expect(value(apply(.substring, text("abc"), integer(9), integer(1))) == #"text("")"#)
    #expect(value(apply(.substring, text("abc"), integer(0), integer(1))) == "argument")
    #expect(value(apply(.substring, text("a\u{1F600}"), integer(2), integer(1))) == "argument")
  }

  @Test func textsAreChangedAsInJava() {
    #expect(value(apply(.uppercase, text("aß"))) == #"text("ASS")"#)
    #expect(value(apply(.lowercase, text("ΟΔΟΣ ΣΑΣ."))) == #"text("οδος σας.")"#)
    #expect(value(apply(.stringLength, apply(.trimBlanks, text(" \t x\u{A0}\n")))) == "integer(2)")
    #expect(value(apply(.concat, text("a"), missing, double(1e10))) == #"text("a1.0E10")"#)
    #expect(
      value(apply(.replace, text("12-ab"), text(#"(\d+)-(\w)"#), text("$2:$1")))
        == #"text("a:12b")"#)
    #expect(value(apply(.matches, text("abbba"), text("b+"))) == "boolean(true)")
    #expect(value(apply(.matches, text("a"), text("("))) == "argument")
  }

  @Test func numbersAndDatesAreFormatted() {
    #expect(value(apply(.formatNumber, integer(2), text("%3d"))) == #"text("  2")"#)
    #expect(value(apply(.formatNumber, double(2.345), text("%.2f"))) == #"text("2.35")"#)
    #expect(value(apply(.formatNumber, double(2), text("%d"))) == "argument")
    let date = FieldExpression.constant(.number(19_758, .date))
    #expect(
      value(apply(.formatDatetime, date, text("%m/%d/%Y %a %j"))) == #"text("02/05/2024 Mon 036")"#)
    #expect(value(apply(.formatDatetime, date, text("%H"))) == "argument")
    #expect(value(apply(.dateDaysSinceYear, date, integer(2024))) == "integer(35)")
    #expect(value(apply(.dateDaysSinceYear, text("1970-01-05"), integer(1970))) == "integer(4)")
    let moment = FieldExpression.constant(.number(-1.5, .dateTime))
    #expect(value(apply(.dateSecondsSinceYear, moment, integer(1970))) == "integer(-1)")
    #expect(value(apply(.dateSecondsSinceMidnight, moment)) == "integer(86398)")
  }

  // MARK: Other expressions

  @Test func slotsHaveTypes() {
    #expect(value(.slot(0, .double, .continuous), [1.5]) == "double(1.5)")
    #expect(value(.slot(0, .string, .categorical), [1]) == #"text("b")"#)
    #expect(value(.slot(0, .integer, .continuous), [.nan]) == "missing")
    let less = apply(.lessThan, .slot(0, .string, .categorical), text("b"))
    #expect(value(less, [0]) == "type")
    #expect(
      value(apply(.lessThan, .slot(0, .string, .continuous), text("b")), [0]) == "boolean(true)")
  }

  @Test func functionsOfTheModelSeeTheirArguments() {
    let half = FieldExpression.cast(
      apply(.divide, .parameter(0), integer(2)), to: .double, .continuous)
    func call(
      _ argument: FieldExpression, mapMissingTo: String? = nil
    ) -> FieldExpression {
      .call(.init("half", body: half, arguments: [argument], mapMissingTo: mapMissingTo))
    }
    #expect(value(call(integer(7))) == "double(3.0)")
    #expect(value(call(double(7))) == "double(3.5)")
    #expect(value(call(missing)) == "missing")
    #expect(value(call(missing, mapMissingTo: "4")) == #"text("4")"#)
  }

  @Test func linesGoOnBeyondTheirEnds() {
    func norm(
      _ number: Double, _ outliers: FieldRules.OutlierTreatment = .keep
    ) -> String {
      value(
        .normContinuous(
          .init(
            double(number),
            points: [
              .init(original: 0, normal: 1), .init(original: 2, normal: 5),
              .init(original: 3, normal: 5.5),
            ], outliers: outliers, ifMissing: nil)))
    }
    #expect(norm(-1) == "double(-1.0)")
    #expect(norm(0.1) == "double(1.2)")
    #expect(norm(4) == "double(6.0)")
    #expect(norm(4, .asMissing) == "missing")
    #expect(norm(4, .asBound) == "double(5.5)")
  }

  @Test func theLastOfBinsThatOverlapCounts() {
    func bins(_ value: FieldExpression) -> FieldExpression {
      .discretize(
        .init(
          value,
          bins: [
            .init(.init(lower: 0, upper: 1), text: "1"),
            .init(.init(lower: 0.5, upper: 2), text: "2.5"),
          ], defaultValue: "9", mapMissingTo: "8", type: .double))
    }
    #expect(value(bins(double(0.2))) == "double(1.0)")
    #expect(value(bins(double(0.5))) == "double(2.5)")
    #expect(value(bins(double(.nan))) == "double(9.0)")
    #expect(value(bins(missing)) == "double(8.0)")
  }

  @Test func tablesAreLookedUpInTheTypeOfTheKey() {
    func map(_ keys: [FieldExpression], _ rows: [([String?], String?)]) -> String {
      value(
        .mapValues(
          .init(
            keys: keys, rows: rows.map { .init(keys: $0.0, result: $0.1) }, defaultValue: "d",
            mapMissingTo: "m", type: .string)))
    }
    let rows: [([String?], String?)] = [(["1"], "x"), (["2.0"], "y"), (["2"], "z"), (["3"], nil)]
    #expect(map([double(1)], rows) == #"text("x")"#)
    #expect(map([double(2)], rows) == "model")
    #expect(map([double(3)], rows) == "model")
    #expect(map([text("2.0")], rows) == #"text("y")"#)
    #expect(map([double(7)], rows) == #"text("d")"#)
    #expect(map([missing], rows) == #"text("m")"#)
    #expect(map([integer(1)], rows + [(["zz"], "q")]) == "type")
    let pairs: [([String?], String?)] = [
      (["a", "1"], "x"), (["a", "2"], "y"), (["b", nil], "w"),
    ]
    #expect(map([text("a"), integer(2)], pairs) == #"text("y")"#)
    #expect(map([text("b"), integer(7)], pairs) == #"text("d")"#)
  }

  @Test func termsAreCountedInTexts() {
    func count(_ text: String, _ term: String, words: String? = nil, distance: Int = 0) -> String {
      value(
        .textIndex(
          .init(
            text: .constant(.string(text)), term: .constant(.string(term)),
            weights: .termFrequency, isCaseSensitive: false, maxLevenshteinDistance: distance,
            countHits: .allHits, pattern: words ?? #"\s"#, patternIsOfWords: words != nil,
            normalizations: [])))
    }
    #expect(count("The sun and the Sun!", "sun") == "integer(2)")
    #expect(count("the sun, the moon", "the moon") == "integer(1)")
    #expect(count("sun-sun", "sun", words: #"(?u)\b\w\w+\b"#) == "integer(2)")
    #expect(count("sin sun son", "sun", distance: 1) == "integer(3)")
  }
}
