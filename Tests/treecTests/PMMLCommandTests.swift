import Foundation
import TestSupport
import Testing

/// The program with PMML: its own results, rows that are refused, and ModelVerification.
@Suite struct PMMLCommandTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "treec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func file(_ name: String, _ content: String) throws -> String {
    let url = folder.appending(path: name)
    try Data(content.utf8).write(to: url)
    return url.path
  }

  /// A tree whose file states results for two rows.
  private func model(stated: String = "2") throws -> String {
    try file(
      "model.pmml",
      """
      <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/>
      <DataDictionary>
        <DataField name="x" optype="continuous" dataType="double">
          <Interval closure="closedClosed" leftMargin="0" rightMargin="10"/></DataField>
        <DataField name="color" optype="categorical" dataType="string">
          <Value value="red"/><Value value="green"/></DataField>
        <DataField name="y" optype="continuous" dataType="double"/>
      </DataDictionary>
      <TreeModel functionName="regression" missingValueStrategy="nullPrediction">
        <MiningSchema><MiningField name="y" usageType="target"/><MiningField name="x"/>
          <MiningField name="color"/></MiningSchema>
        <Output><OutputField name="price" optype="continuous" dataType="double"/>
          <OutputField name="rounded" optype="continuous" dataType="integer"
            feature="transformedValue"><Apply function="round"><FieldRef field="price"/></Apply>
          </OutputField></Output>
        <Node><True/>
          <Node score="2.5"><SimplePredicate field="x" operator="lessOrEqual" value="4"/></Node>
          <Node score="7"><SimplePredicate field="color" operator="equal" value="red"/></Node>
          <Node score="-1"><True/></Node>
        </Node>
        <ModelVerification recordCount="2">
          <VerificationFields><VerificationField field="x"/><VerificationField field="color"/>
            <VerificationField field="y" precision="0.25"/></VerificationFields>
          <InlineTable><row><x>1</x><color>red</color><y>\(stated)</y></row>
            <row><x>5</x><color>green</color><y>-1</y></row></InlineTable>
        </ModelVerification>
      </TreeModel></PMML>
      """)
  }

  private func predict(
    _ rows: String, _ arguments: String...
  ) throws -> Program.Outcome {
    try Program.run(["predict", try model(), "-"] + arguments, input: rows)
  }

  // MARK: convert

  @Test func `The results that the file states are checked`() throws {
    let output = folder.appending(path: "m.tir").path
    let outcome = try Program.run(["convert", try model(), "-o", output])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("passed: 2 rows, 2 results compared, 0 differing"))
    let again = try Program.run(["verify", output])
    #expect(again.status == 0 && again.output.contains("passed: 2 rows"))
  }

  @Test func `A result that is not as stated is an error, unless nobody asks`() throws {
    let output = folder.appending(path: "m.tir").path
    let outcome = try Program.run(["convert", try model(stated: "1.9"), "-o", output])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("row 1, y: stated 1.9, got 2.5"))
    #expect(outcome.errors.contains("--no-verify"))
    #expect(!FileManager.default.fileExists(atPath: output))
    let unverified = try Program.run(
      ["convert", try model(stated: "1.9"), "-o", output, "--no-verify"])
    #expect(unverified.status == 0)
    #expect(try Program.run(["verify", output]).status == 1)
  }

  // MARK: predict

  @Test func `Results have the model's names and types`() throws {
    let outcome = try predict("color,x\nred,4.0\ngreen,4.5\nred,1e1\n")
    #expect(outcome.output == "y,price,rounded\n2.5,2.5,3\n-1.0,-1.0,-1\n7.0,7.0,7\n")
  }

  @Test func `A refused row ends everything by default`() throws {
    let outcome = try predict("color,x\nred,4\nblue,4\n")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("line 3"))
    #expect(outcome.errors.contains("column 'color': 'blue' is not a valid value"))
  }

  @Test(arguments: [("null", ",,"), ("mark", "#ERROR,#ERROR,#ERROR")])
  func `Refused rows can be left empty or marked`(choice: String, cells: String) throws {
    let outcome = try predict("color,x\nblue,4\nred,11\nred,5\n", "--on-error", choice)
    #expect(outcome.status == 0)
    #expect(outcome.output == "y,price,rounded\n\(cells)\n\(cells)\n7.0,7.0,7\n")
    #expect(outcome.errors.contains("row 1") && outcome.errors.contains("row 2"))
    #expect(outcome.errors.contains("column 'x': '11'"))
  }

  @Test func `Texts can mean missing`() throws {
    let rows = "color,x\nred,N/A\nNA,1\n"
    #expect(try predict(rows).status == 1)
    let outcome = try predict(rows, "--missing", "N/A,NA", "--on-error", "mark")
    #expect(outcome.status == 0)
    // Without x there is no prediction, and nothing to be rounded.
    #expect(outcome.output == "y,price,rounded\n#ERROR,#ERROR,#ERROR\n2.5,2.5,3\n")
  }

  // MARK: inspect

  @Test func `Fields, results and what is evaluated row by row are shown`() throws {
    let outcome = try Program.run(["inspect", try model()])
    for part in [
      "row by row  rounded", "color   string", "red, green", "[0.0, 10.0]", "rounded  integer",
      "1 results for 2 rows",
    ] {
      #expect(outcome.output.contains(part), "\(part)")
    }
    let tree = try Program.run(["inspect", try model(), "--tree", "0"])
    #expect(tree.output.contains("color") && tree.output.contains("red"))
  }
}
