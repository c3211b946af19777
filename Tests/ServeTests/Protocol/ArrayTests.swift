import TestSupport
import Testing
import TreeIR

@testable import Serve

/// Arrays of numbers mean in both modes what NumPy makes of them.
@Suite struct ArrayTests {
  private func frame(_ body: String, _ model: ServedModel, isStrict: Bool) throws -> Frame {
    var options = ScoringOptions()
    options.isStrict = isStrict
    let service = ScoringService(model, options: options)
    var scratch = service.makeScratch()
    let bytes = Array(body.utf8)
    try service.readJSON(bytes.span, &scratch)
    return scratch.frame
  }

  private func codes() throws -> ServedModel {
    let columns = [
      InputColumn(name: "code", kind: .categoryCodes, codes: [0, 3]),
      InputColumn(name: "x", kind: .numeric),
    ]
    return ServedModel(try ModelBuilder(input: InputSchema(columns: columns)).build())
  }

  @Test(arguments: [false, true])
  func aNullAmongCodesMakesAllNumbersFloats(_ isStrict: Bool) throws {
    let body = #"{"instances": [[null, 1.0000000180025097e-35]]}"#
    let frame = try frame(body, codes(), isStrict: isStrict)
    #expect(frame.values[0].isNaN)
    #expect(frame.values[1] == Double(Float(1.0000000180025097e-35)))
  }

  @Test(
    arguments: [
      #"{"dataframe_split": {"data": [[null, 1]]}}"#,
      #"{"dataframe_split": {"data": [[true, 1], [null, 2]]}}"#,
      #"{"dataframe_records": [{"code": null, "x": 1}]}"#,
    ])
  func aColumnOfCodesIsOneOfNumbersInFrames(_ body: String) throws {
    let strict = #expect(throws: (any Error).self) {
      try frame(body, codes(), isStrict: true)
    }
    let lax = #expect(throws: (any Error).self) { try frame(body, codes(), isStrict: false) }
    #expect(strict != nil && lax != nil)
  }

  @Test(arguments: [false, true])
  func integersBeyondTheRangeOfDoubleAreRefused(_ isStrict: Bool) async throws {
    let binary = try #require(ServedModel.mlflow["nosig_binary"])
    let client = RouterClient(binary, isStrict: isStrict)
    let nines = String(repeating: "9", count: 400)
    for row in ["1, 2, \(nines)", "1.5, 2, -\(nines)", "\"1\", null, \(nines)"] {
      for body in ["{\"inputs\": [[\(row)]]}", "{\"dataframe_split\": {\"data\": [[\(row)]]}}"] {
        let answer = try await client.post(body)
        #expect(answer.status == 400)
      }
    }
    // Integers that fit, infinities and large numbers with a point are numbers.
    for row in ["1, 2, \(nines.prefix(300))", "1, 2, Infinity", "1, 2, \(nines).0", "1, 1e400, 3"] {
      #expect(try await client.post("{\"inputs\": [[\(row)]]}").status == 200)
    }
    #expect(
      try await client.post("{\"inputs\": [[\(nines.prefix(300)), 2, -Infinity]]}").status == 200)
  }
}
