import Testing

@testable import Serve

/// Bodies are read in the encodings that Python's `json` reads.
@Suite struct TextEncodingTests {
  private let body = #"{"inputs": [[0.25, -0.5, 0.75]], "é𝄞": 1}"#

  private func encoded(_ unitSize: Int, bigEndian: Bool, mark: Bool) -> [UInt8] {
    var units = unitSize == 2 ? body.utf16.map(UInt32.init) : body.unicodeScalars.map(\.value)
    if mark { units.insert(0xFEFF, at: 0) }
    return units.flatMap { unit in
      let bytes = (0..<unitSize).map { UInt8(truncatingIfNeeded: unit >> (8 * $0)) }
      return bigEndian ? bytes.reversed() : bytes
    }
  }

  @Test func allOfThemGiveTheSameAnswer() async throws {
    let client = RouterClient(try #require(ServedModel.mlflow["nosig_binary"]))
    let expected = try await client.post(body)
    #expect(expected.status == 200)
    for unitSize in [2, 4] {
      for bigEndian in [false, true] {
        for mark in [false, true] {
          let bytes = encoded(unitSize, bigEndian: bigEndian, mark: mark)
          #expect(try await client.post(bytes: bytes) == expected)
          #expect(try await client.post(bytes: bytes.dropLast()).status == 400)
        }
      }
    }
    #expect(try await client.post(bytes: [0xEF, 0xBB, 0xBF] + Array(body.utf8)) == expected)
  }

  @Test(
    arguments: [
      [], [0x7B], [0], [0, 0], [0xFF], [0xFF, 0xFE], [0xFE, 0xFF, 0], [0, 0, 0xFE, 0xFF],
      [0xEF, 0xBB, 0xBF], [0, 0x7B, 0, 0x7D, 0xFF], [0, 0, 0x20, 0, 0, 0, 0, 0x7B],
    ] as [[UInt8]])
  func whatIsNoTextIsRefused(_ bytes: [UInt8]) async throws {
    let client = RouterClient(try #require(ServedModel.mlflow["nosig_binary"]))
    #expect(try await client.post(bytes: bytes).status == 400)
  }

  @Test func halvesOfPairsKeepTheirPlace() {
    let text: [UInt8] = [0xFE, 0xFF, 0xD8, 0x3D, 0xD8, 0x3D, 0xDE, 0x00, 0xD8, 0x00]
    #expect(
      TextEncoding(of: text.span).decode(text.span)
        == [0xED, 0xA0, 0xBD] + Array("😀".utf8) + [0xED, 0xA0, 0x80])
  }
}
