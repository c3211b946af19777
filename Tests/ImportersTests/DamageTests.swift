import Importers
import TestSupport
import Testing
import TreeIR

@Suite("Random damage never traps", .timeLimit(.minutes(1)))
struct DamageTests {
  static let sources = [
    "hostile/lightgbm/valid.txt", "hostile/lightgbm/valid-linear.txt",
    "hostile/lightgbm/valid.json",
    "lightgbm/lgb_single_leaf/model.txt", "lightgbm/lgb_pandas_typed/model.txt",
    "xgboost/xgb_cat_chile/model.json", "xgboost/xgb_cat_chile/model.ubj",
    "catboost/cat_ctr_mixed/model.json", "catboost/cat_ctr_mixed/model.cbm",
    "catboost/cat_ctr_lossguide_classes/model.json", "catboost/cat_ctr_lossguide_classes/model.cbm",
    "xgboost/xgb_vector/model.ubj", "xgboost/xgb_dart/model.ubj", "xgboost/xgb_gblinear/model.ubj",
  ]

  /// Bytes that mean something to the readers.
  static let alphabet =
    Array("0123456789-+.eE =:,[]{}\"\\\n\rTreenaif|#$LdlUISZN\u{0}".utf8) + [0xFF, 0xC3]

  @Test("bytes changed, removed, doubled or cut", arguments: sources)
  func mutations(source: String) throws {
    let original = try Fixture.bytes(source)
    var refused = 0
    let rounds = original.count < 4096 ? 6000 : 1500
    for seed in 0..<UInt64(rounds) {
      var generator = SeededGenerator(seed: seed)
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        Self.damage(&bytes, &generator)
      }
      if let error = refusal(of: bytes) {
        refused += 1
        #expect(!error.description.isEmpty && error.file == "model", "seed \(seed)")
      }
    }
    // Most damage is noticed; what is not makes a model that passed the validator.
    #expect(refused > rounds / 4 && refused <= rounds)
  }

  private static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let position = Int.random(in: 0..<bytes.count, using: &generator)
    let length = Int.random(in: 1...min(12, bytes.count - position), using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes[position] = alphabet.randomElement(using: &generator)!
    case 2: bytes.removeSubrange(position..<position + length)
    case 3: bytes.insert(contentsOf: bytes[position..<position + length], at: position)
    case 4:
      let number = ["-1", "99999999999", "1e999", "nan", "0.5", "2147483647", "4294967296"]
      bytes.insert(contentsOf: Array(number.randomElement(using: &generator)!.utf8), at: position)
    default: bytes.removeSubrange(position...)
    }
  }
}
