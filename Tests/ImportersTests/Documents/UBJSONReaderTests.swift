import Testing

@testable import Importers

@Suite("UBJSON")
struct UBJSONReaderTests {
  private func floats(_ bytes: [UInt8]) throws -> [Float] {
    var reader = UBJSONReader(bytes.span)
    var list: [Float] = []
    try reader.readFloats(into: &list)
    try reader.expectEnd()
    return list
  }

  private func integers<Integer: FixedWidthInteger>(
    _ bytes: [UInt8], as type: Integer.Type
  ) throws -> [Integer] {
    var reader = UBJSONReader(bytes.span)
    var list: [Integer] = []
    try reader.readIntegers(into: &list)
    try reader.expectEnd()
    return list
  }

  /// A part of a file: text, bytes or a big-endian number.
  private struct Part: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    var bytes: [UInt8]

    init(stringLiteral text: String) { bytes = Array(text.utf8) }
    init(arrayLiteral bytes: UInt8...) { self.bytes = bytes }
    init(_ number: some FixedWidthInteger) { bytes = UBJSONWriter.bigEndian(number) }
  }

  private func bytes(_ parts: Part...) -> [UInt8] { parts.flatMap(\.bytes) }

  private func big(_ number: some FixedWidthInteger) -> Part { Part(number) }

  @Test("lists of one type, counted")
  func typedLists() throws {
    let two = big(Int64(2))
    let numbers = try floats(
      bytes("[$d#L", two, big((1.5 as Float).bitPattern), big((-0.0 as Float).bitPattern)))
    #expect(numbers == [1.5, 0] && numbers[1].sign == .minus)
    let wide = bytes("[$D#L", two, big((0.1).bitPattern), big((1e300).bitPattern))
    #expect(try floats(wide) == [0.1, .infinity])
    #expect(try floats(bytes("[$l#L", two, big(Int32(-7)), big(Int32.max))) == [-7, 0x1p31])
    #expect(
      try integers(bytes("[$l#i", [2], big(Int32.min), big(Int32.max)), as: Int32.self) == [
        .min, .max,
      ])
    #expect(try integers(bytes("[$L#U", [1], big(Int64.min)), as: Int64.self) == [.min])
    #expect(try integers(bytes("[$U#I", big(Int16(2)), [0, 255]), as: UInt8.self) == [0, 255])
    #expect(try integers(bytes("[$i#l", big(Int32(1)), [0x80]), as: Int.self) == [-128])
    #expect(try integers(bytes("[$u#u", big(UInt16(1)), big(UInt16.max)), as: Int.self) == [65535])
    #expect(
      try integers(bytes("[$m#m", big(UInt32(1)), big(UInt32.max)), as: Int.self) == [4_294_967_295]
    )
    #expect(try integers(bytes("[$M#M", big(UInt64(1)), big(UInt64(5))), as: Int.self) == [5])
    #expect(try integers(bytes("[$l#L", big(Int64(0))), as: Int.self) == [])
  }

  @Test("lists of values with a type each, counted or not")
  func mixedLists() throws {
    let one = big((1.0 as Float).bitPattern)
    #expect(try floats(bytes("[d", one, "i", [2], "N]")) == [1, 2])
    #expect(try floats(bytes("[#i", [2], "d", one, "Nd", one)) == [1, 1])
    #expect(try integers(bytes("[i", [1], "I", big(Int16(300)), "]"), as: Int.self) == [1, 300])
    #expect(try integers(bytes("[]"), as: Int.self) == [])
  }

  @Test("flags are true, false, 1 and 0")
  func flags() throws {
    for bytes in [bytes("[TFT]"), bytes("[#i", [3], "TFi", [1]), bytes("[$U#i", [3, 1, 0, 1])] {
      var reader = UBJSONReader(bytes.span)
      var list: [Bool] = []
      try reader.readFlags(into: &list)
      #expect(list == [true, false, true])
    }
    let two = bytes("[$U#i", [1, 2])
    #expect(throws: Fault.self) {
      var reader = UBJSONReader(two.span)
      var list: [Bool] = []
      try reader.readFlags(into: &list)
    }
  }

  @Test(
    "values of every type are skipped",
    arguments: [
      "Z", "T", "F", "i\u{1}", "U\u{1}", "C\u{41}", "I\u{0}\u{1}", "u\u{0}\u{1}",
      "l\u{0}\u{0}\u{0}\u{1}", "m\u{0}\u{0}\u{0}\u{1}", "d\u{0}\u{0}\u{0}\u{1}",
      "L\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{1}", "Si\u{2}ab", "Hi\u{2}12", "[]", "{}",
      "{i\u{1}aTi\u{1}b[TF]}", "{#i\u{2}i\u{1}aTi\u{1}bZ", "{$U#i\u{2}i\u{1}a\u{1}i\u{1}b\u{2}",
      "[$U#i\u{2}\u{1}\u{2}", "[#i\u{2}[][T]", "[$[#i\u{2}T]]", "[$S#i\u{2}i\u{1}ai\u{1}b", "NNT",
      "[NTN]",
    ])
  func skipping(text: String) throws {
    let bytes = Array(text.utf8)
    var reader = UBJSONReader(bytes.span)
    try reader.skipValue()
    try reader.expectEnd()
  }

  @Test(
    "what is broken is refused",
    arguments: [
      "", "[", "{", "[$", "[$d", "[$d]", "[#", "[#i", "[#iz", "[$Z#i\u{5}",
      "[$T#L\u{7F}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
      "[$d#L\u{7F}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "[$d#i\u{2}\u{0}\u{0}\u{0}\u{0}",
      "Si\u{5}ab", "x", "[x]",
      "{i\u{1}", "{i\u{1}a", "{i\u{1}aT", "[TF", "l\u{0}\u{0}", "{d\u{0}\u{0}\u{0}\u{0}}",
    ])
  func broken(text: String) {
    let bytes = Array(text.utf8)
    #expect(throws: Fault.self) {
      var reader = UBJSONReader(bytes.span)
      try reader.skipValue()
    }
  }

  @Test("negative lengths, integers that do not fit, text that is not UTF-8")
  func values() {
    #expect(throws: Fault.self) { try floats(bytes("[$d#i", [0xFF])) }
    #expect(throws: Fault.self) { try floats(bytes("[#L", big(Int64.min))) }
    #expect(throws: Fault.self) {
      try integers(bytes("[$L#i", [1], big(Int64.max)), as: Int32.self)
    }
    #expect(throws: Fault.self) {
      try integers(bytes("[$M#i", [1], big(UInt64.max)), as: Int64.self)
    }
    #expect(throws: Fault.self) {
      try integers(bytes("[d", big((1.0 as Float).bitPattern), "]"), as: Int.self)
    }
    let text = bytes("Si", [1, 0xFF])
    #expect(throws: Fault.self) {
      var reader = UBJSONReader(text.span)
      _ = try reader.readString()
    }
  }

  @Test("nesting has an end")
  func depth() throws {
    let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
    #expect(throws: Fault.self) {
      var reader = UBJSONReader(deep.span)
      try reader.skipValue()
    }
  }
}
