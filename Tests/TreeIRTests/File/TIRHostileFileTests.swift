import TestSupport
import Testing
import TreeIR

/// Whatever the bytes are, reading them gives a valid model or a typed error.
@Suite struct TIRHostileFileTests {
  private func error(_ bytes: [UInt8]) -> ModelError? {
    do {
      _ = try TreeModel(tirBytes: bytes.span)
      return nil
    } catch {
      return error
    }
  }

  /// Replaces section table and header checksums, so that damage reaches the decoder.
  private func resealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func number(_ offset: Int, _ width: Int) -> Int {
      (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
    }
    func store(_ value: UInt64, _ offset: Int) {
      for byte in 0..<8 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (byte * 8)) }
    }
    let count = number(12, 4)
    for entry in 0..<count {
      let base = 64 + entry * 40
      let offset = number(base + 16, 8)
      let length = number(base + 24, 8)
      guard offset >= 0, length >= 0, offset <= bytes.count, length <= bytes.count - offset else {
        continue
      }
      store(xxh64(bytes.span.extracting(offset..<offset + length)), base + 32)
    }
    store(xxh64(bytes.span.extracting(64..<64 + count * 40)), 24)
    return bytes
  }

  @Test func notATIRFile() throws {
    #expect(error([])?.code == .notTIR)
    #expect(error(Array("tree\nversion=v4\n".utf8))?.code == .notTIR)
    #expect(error(Array(try SampleModels.regression().tirBytes().prefix(30)))?.code == .corrupt)
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try SampleModels.everything().tirBytes()
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(error(Array(bytes.prefix(length))) != nil, "\(length) bytes")
    }
    #expect(error(bytes + [0])?.code == .corrupt)
  }

  @Test func everyDamagedByteIsNoticed() throws {
    let bytes = try SampleModels.regression().tirBytes()
    for offset in bytes.indices {
      var damaged = bytes
      damaged[offset] ^= 0x10
      #expect(error(damaged) != nil, "byte \(offset)")
    }
  }

  @Test func anotherFormatVersionIsRefusedByNumber() throws {
    var bytes = try SampleModels.regression().tirBytes()
    bytes[10] = 9
    let error = error(bytes)
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("0.9") == true)
  }

  @Test func unknownRequiredSectionsAreRefusedAndOthersSkipped() throws {
    var bytes = try SampleModels.regression().tirBytes()
    // The first section is the provenance, which is not required; make it unknown.
    bytes[64 + 1] = 0x7F
    #expect(error(resealed(bytes)) == nil)
    bytes[64 + 10] = 1
    #expect(error(resealed(bytes))?.code == .unsupported)
  }

  @Test func sectionsLieOneAfterTheOther() throws {
    // Two sections over the same bytes would be hashed twice; twenty thousand would be a
    // small file that takes long.
    var bytes = try SampleModels.regression().tirBytes()
    for field in 16..<32 { bytes[64 + 40 + field] = bytes[64 + field] }
    #expect(error(resealed(bytes))?.code == .corrupt)
  }

  @Test func damageBehindValidChecksumsNeverTraps() throws {
    var random = SeededGenerator(seed: 1)
    for (name, model) in try SampleModels.all() {
      let bytes = model.tirBytes()
      var refused = 0
      for _ in 0..<4000 {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let offset = Int.random(in: 64..<bytes.count, using: &random)
          damaged[offset] = [0, 1, 0x7F, 0x80, 0xFF, damaged[offset] ^ 1].randomElement(
            using: &random)!
        }
        if error(resealed(damaged)) != nil { refused += 1 }
      }
      #expect(refused > 0, "\(name)")
    }
  }
}
