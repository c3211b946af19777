import Foundation
import TestSupport
import Testing
import TreeIR

/// A model written and read back is the same model, and the same model gives the same file.
@Suite struct TIRRoundTripTests {
  @Test func everyPartSurvives() throws {
    for (name, model) in try SampleModels.all() {
      let copy = try TreeModel(tirBytes: model.tirBytes().span)
      #expect(copy.provenance == model.provenance, "\(name)")
      #expect(copy.task == model.task, "\(name)")
      #expect(copy.input == model.input, "\(name)")
      #expect(copy.ensembles == model.ensembles, "\(name)")
      #expect(copy.statisticTables == model.statisticTables, "\(name)")
      #expect(copy.operations == model.operations, "\(name)")
      #expect(copy.slotCount == model.slotCount, "\(name)")
      #expect(copy.outputs == model.outputs, "\(name)")
      #expect(copy.classLabels == model.classLabels, "\(name)")
      #expect(copy.verification == model.verification, "\(name)")
      #expect(copy.texts == model.texts, "\(name)")
      #expect(copy.resultFields == model.resultFields, "\(name)")
      #expect(copy.statedResults == model.statedResults, "\(name)")
      #expect(copy.checksum == model.checksum, "\(name)")
      #expect(copy.tirBytes() == model.tirBytes(), "\(name)")
    }
  }

  @Test func filesAreMappedAndOutliveTheirName() throws {
    let model = try SampleModels.everything()
    let path = NSTemporaryDirectory() + "treec-\(UUID().uuidString).tir"
    try model.write(to: path)
    let read = try TreeModel(contentsOf: path)
    try FileManager.default.removeItem(atPath: path)
    #expect(read.ensembles == model.ensembles)
  }

  @Test func anEmptyNameOrMissingFileIsAnError() {
    for path in ["/nowhere/model.tir", ""] {
      let error = #expect(throws: ModelError.self) { try TreeModel(contentsOf: path) }
      #expect(error?.code == .io)
    }
  }

  @Test func writingFailsWithoutLeavingAPart() throws {
    let model = try SampleModels.regression()
    let error = #expect(throws: ModelError.self) { try model.write(to: "/nowhere/model.tir") }
    #expect(error?.code == .io)
  }

  @Test func hashMatchesTheSpecification() {
    // From the xxHash reference implementation, seed 0.
    let cases: [(String, UInt64)] = [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B),
      ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ]
    for (text, hash) in cases { #expect(xxh64(Array(text.utf8).span) == hash, "\(text)") }
  }
}
