import Foundation
import Testing

@testable import treec

@Suite struct GunzipTests {
  /// `x,y` and two rows, as Python's `gzip.compress` packs them.
  private static let packed = Array(
    Data(base64Encoded: "H4sIAAAAAAACA6vQqeQy1DHmMtEx5QIAyp65zwwAAAA=") ?? Data())

  /// Unpacks with so many bytes of input and of room at a time.
  private func unpack(
    _ data: [UInt8], step: Int = 1 << 16, room: Int = 1 << 16
  ) throws(Gunzip.Refusal) -> String {
    var gunzip = try Gunzip()
    var text: [UInt8] = []
    var target = [UInt8](repeating: 0, count: room)
    var offset = 0
    while offset < data.count {
      let end = min(data.count, offset + step)
      let done = try gunzip.unpack(data, offset..<end, into: &target, 0..<room)
      text += target[..<done.written]
      offset += done.read
    }
    try gunzip.finish()
    return String(decoding: text, as: UTF8.self)
  }

  private func refusal(_ data: [UInt8]) -> Gunzip.Refusal? {
    do throws(Gunzip.Refusal) {
      _ = try unpack(data)
      return nil
    } catch {
      return error
    }
  }

  @Test func `Members follow one another, in pieces of any size`() throws {
    let data =
      Self.packed + GzipMember.stored(Array("one\n".utf8)) + GzipMember.stored([]) + Self.packed
    for step in 1...data.count {
      for room in [1, 3, 100] {
        #expect(
          try unpack(data, step: step, room: room) == "x,y\n1,3\n4,5\none\nx,y\n1,3\n4,5\n",
          "step \(step), room \(room)")
      }
    }
  }

  @Test func `Zeros may follow`() throws {
    #expect(try unpack(Self.packed + [0, 0, 0]) == "x,y\n1,3\n4,5\n")
    #expect(refusal(Self.packed + [0, 0, 0x1F, 0x8B]) == .trailingBytes)
  }

  @Test func `Data that end too early are refused wherever they end`() {
    for count in 1..<Self.packed.count {
      #expect(refusal(Array(Self.packed[..<count])) == .truncated, "\(count) bytes")
    }
  }

  @Test func `Data with another checksum or length are refused`() {
    let content = Array("one\n".utf8)
    guard case .corrupt(let reason) = refusal(GzipMember.stored(content, checksum: 1)) else {
      Issue.record("a wrong checksum passes")
      return
    }
    #expect(reason.contains("data check"))
    // Nothing depends on the time, the packer and its system, and the bits after the end of the last
    // block.
    for place in Self.packed.indices where !(4..<10).contains(place) && place != 23 {
      var damaged = Self.packed
      damaged[place] ^= 0x40
      #expect(refusal(damaged) != nil, "byte \(place)")
    }
  }

  @Test func `What follows must be gzip data`() {
    for tail in [[1], [0x1F], [0x1F, 0x1F], Array("text".utf8)] as [[UInt8]] {
      #expect(refusal(Self.packed + tail) == .trailingBytes)
    }
  }
}
