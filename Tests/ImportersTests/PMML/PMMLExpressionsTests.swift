import Testing
import TreeIR

@testable import Importers

/// Elements of a PMML document become expressions, or are refused with their place.
@Suite struct PMMLExpressionsTests {
  /// The expression in a DerivedField, where slot 0 is the field `x`.
  private func expression(
    _ text: String, functions: String = ""
  ) throws(Fault) -> FieldExpression {
    let bytes = Array("<PMML>\n\(functions)\n<DerivedField>\(text)</DerivedField></PMML>".utf8)
    let root = try PMMLReader.read(bytes.span).root
    let expressions = try PMMLExpressions(functions: root.children("DefineFunction"))
    guard let field = root.child("DerivedField") else { throw root.fault("no field") }
    return try expressions.expression(
      in: field,
      scope: { (name) throws(Fault) in
        guard name == "x" else { throw root.fault("field '\(name)'") }
        return .slot(0, .double, .continuous)
      })
  }

  private func fault(_ text: String, functions: String = "") -> Fault? {
    do throws(Fault) {
      _ = try expression(text, functions: functions)
      return nil
    } catch {
      return error
    }
  }

  private let x = FieldExpression.slot(0, .double, .continuous)
  private let reference = #"<FieldRef field="x"/>"#

  @Test func fieldsComeFromTheScope() throws {
    #expect(try expression(reference) == x)
    #expect(
      try expression(#"<FieldRef field="x" mapMissingTo="5"/>"#) == .ifMissing(x, text: "5"))
    #expect(fault(#"<FieldRef field="y"/>"#)?.message == "field 'y'")
    #expect(fault("<FieldRef/>")?.message.contains("'field'") == true)
  }

  @Test(arguments: [
    ("1", FieldType.integer), ("-5", .integer), ("١", .integer), ("2147483648", .integer),
    ("1.0", .double), (".5", .double), (" 1.5 ", .double), ("1.5f", .double), ("INF", .double),
    ("nan", .double), ("1e5", nil), (" 2 ", nil), ("abc", nil), ("Infinity", nil), ("1.x", nil),
    ("-NaN", nil), ("", nil), ("true", nil),
  ])
  func constantsTellTheirType(_ text: String, _ type: FieldType?) throws {
    let constant = FieldExpression.constant(.string(text))
    #expect(
      try expression("<Constant>\(text)</Constant>")
        == type.map { .cast(constant, to: $0, .continuous) } ?? constant)
  }

  @Test func constantsMayHaveAType() throws {
    #expect(
      try expression(#"<Constant dataType="boolean">1</Constant>"#)
        == .cast(.constant(.string("1")), to: .boolean, .categorical))
    #expect(try expression(#"<Constant missing="true">1</Constant>"#) == .constant(.missing))
    #expect(fault(#"<Constant dataType="number">1</Constant>"#)?.code == .unsupported)
  }

  @Test func functionsOfPMMLComeBeforeThoseOfTheDocument() throws {
    let own = #"""
      <DefineFunction name="exp"><ParameterField name="p"/><FieldRef field="p"/></DefineFunction>
      """#
    let text = #"<Apply function="exp">\#(reference)</Apply>"#
    #expect(try expression(text, functions: own) == .apply(.init(.exp, [x])))
  }

  @Test func functionsOfTheDocumentHaveTypedArguments() throws {
    let own = #"""
      <DefineFunction name="F" dataType="integer" optype="continuous">
      <ParameterField name="p" dataType="float"/><FieldRef field="p"/></DefineFunction>
      """#
    let call = FieldExpression.Call(
      "F", body: .cast(.parameter(0), to: .integer, .continuous),
      arguments: [.cast(x, to: .float, .continuous)], mapMissingTo: "1", invalid: .asMissing)
    #expect(
      try expression(
        #"<Apply function="F" mapMissingTo="1" invalidValueTreatment="asMissing">\#(reference)</Apply>"#,
        functions: own) == .call(call))
    // Other fields are out of sight.
    let outer = own.replacing(#"<FieldRef field="p"/>"#, with: reference)
    #expect(
      fault(#"<Apply function="F">\#(reference)</Apply>"#, functions: outer)?.message.contains(
        "'x'")
        == true)
  }

  @Test func unknownThingsAreNamedWithTheirLine() throws {
    let unknown = try #require(fault(#"<Apply function="median">\#(reference)</Apply>"#))
    #expect(unknown.key == "line 3, Apply")
    #expect(unknown.message.contains("'median'"))
    #expect(unknown.code == .unsupported)
    #expect(fault("<Aggregate field='x'/>")?.key == "line 3, Aggregate")
    #expect(fault(#"<Apply function="atan2">\#(reference)\#(reference)</Apply>"#) != nil)
    #expect(fault(#"<Apply function="x-atan2">\#(reference)\#(reference)</Apply>"#) == nil)
  }

  @Test func argumentsAreCounted() {
    #expect(fault(#"<Apply function="+">\#(reference)</Apply>"#)?.message.contains("1") == true)
    #expect(fault(#"<Apply function="if">\#(reference)</Apply>"#) != nil)
    #expect(fault(#"<Apply function="sum"/>"#) == nil)
  }

  @Test func functionsThatNeedThemselvesAreRefused() {
    let own = #"""
      <DefineFunction name="F"><ParameterField name="p"/>
      <Apply function="G"><FieldRef field="p"/></Apply></DefineFunction>
      <DefineFunction name="G"><ParameterField name="p"/>
      <Apply function="F"><FieldRef field="p"/></Apply></DefineFunction>
      """#
    #expect(
      fault(#"<Apply function="F">\#(reference)</Apply>"#, functions: own)?.message
        .contains("itself") == true)
  }

  @Test func functionsThatDoubleAndDoubleAreRefused() {
    var own = """
      <DefineFunction name="F0"><ParameterField name="p"/><FieldRef field="p"/></DefineFunction>
      """
    for number in 1...40 {
      let call = #"<Apply function="F\#(number - 1)"><FieldRef field="p"/></Apply>"#
      own += """
        <DefineFunction name="F\(number)"><ParameterField name="p"/>
        <Apply function="+">\(call)\(call)</Apply></DefineFunction>
        """
    }
    #expect(
      fault(#"<Apply function="F40">\#(reference)</Apply>"#, functions: own)?.code == .limit)
  }

  @Test func tablesLoseTheirPrefixes() throws {
    let text = #"""
      <MapValues xmlns:d="t" outputColumn="d:out" dataType="integer" defaultValue="7">
      <FieldColumnPair field="x" column="d:in"/><InlineTable>
      <row><d:in>1</d:in><d:out> 2 </d:out></row><row><d:out>3</d:out></row></InlineTable></MapValues>
      """#
    #expect(
      try expression(text)
        == .mapValues(
          .init(
            keys: [x], rows: [.init(keys: ["1"], result: " 2 "), .init(keys: [nil], result: "3")],
            defaultValue: "7", mapMissingTo: nil, type: .integer)))
  }

  @Test func intervalsNeedAClosureAndABound() throws {
    func bin(_ interval: String) -> String {
      #"<Discretize field="x"><DiscretizeBin binValue="a">\#(interval)</DiscretizeBin></Discretize>"#
    }
    let open = try expression(bin(#"<Interval closure="openClosed" leftMargin="1"/>"#))
    #expect(
      open
        == .discretize(
          .init(
            x,
            bins: [
              .init(.init(lower: 1, upper: .infinity, includesLower: false), text: "a")
            ], defaultValue: nil, mapMissingTo: nil, type: .string)))
    #expect(fault(bin(#"<Interval leftMargin="1"/>"#)) != nil)
    #expect(fault(bin(#"<Interval closure="openOpen"/>"#)) != nil)
    #expect(fault(bin(#"<Interval closure="openOpen" leftMargin="abc"/>"#)) != nil)
    #expect(fault(bin("")) != nil)
  }

  @Test func linesNeedTwoPoints() {
    let point = #"<LinearNorm orig="0" norm="1"/>"#
    #expect(fault(#"<NormContinuous field="x">\#(point)</NormContinuous>"#) != nil)
    #expect(fault(#"<NormContinuous field="x">\#(point)\#(point)</NormContinuous>"#) == nil)
  }
}
