import Testing

@testable import TextCodec

@Suite("Writing JSON")
struct JSONWriterTests {
  private func written(
    _ options: JSONWriterOptions = JSONWriterOptions(),
    _ write: (inout JSONWriter) throws -> Void
  ) rethrows -> String {
    var writer = JSONWriter(options: options)
    try write(&writer)
    #expect(writer.isComplete)
    return text(writer.bytes)
  }

  private func document(_ writer: inout JSONWriter) throws {
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.write(1)
    try writer.write(0.1)
    try writer.write(Float(0.1))
    writer.write(UInt64.max)
    writer.write(Int64.min)
    writer.end()
    writer.key("b")
    writer.beginObject()
    writer.key("yes")
    writer.write(true)
    writer.key("no")
    writer.write(false)
    writer.key("none")
    writer.writeNull()
    writer.end()
    writer.key("empty")
    writer.beginArray()
    writer.beginArray()
    writer.end()
    writer.beginObject()
    writer.end()
    writer.end()
    writer.end()
  }

  @Test("Without indentation all is on one line, without blanks")
  func compact() throws {
    #expect(
      try written { try document(&$0) }
        == #"{"a":[1,0.1,0.1,18446744073709551615,-9223372036854775808],"#
        + #""b":{"yes":true,"no":false,"none":null},"empty":[[],{}]}"#)
  }

  @Test("With indentation every member has its line, and empty containers none")
  func pretty() throws {
    #expect(
      try written(JSONWriterOptions(indentation: 2)) { try document(&$0) } == """
        {
          "a": [
            1,
            0.1,
            0.1,
            18446744073709551615,
            -9223372036854775808
          ],
          "b": {
            "yes": true,
            "no": false,
            "none": null
          },
          "empty": [
            [],
            {}
          ]
        }
        """)
  }

  @Test("A single value is a text")
  func scalars() throws {
    #expect(try written { try $0.write(1e16) } == "1e+16")
    #expect(try written { try $0.write(-0.0) } == "-0.0")
    #expect(written { $0.write("x") } == "\"x\"")
    #expect(written { $0.writeNull() } == "null")
  }

  @Test("What must be escaped in strings is, and nothing else")
  func strings() {
    #expect(
      written { $0.write("\"\\/\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}é𝄞") }
        == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}é𝄞\"")
    #expect(written { $0.write("") } == "\"\"")
  }

  @Test("Every scalar below U+0800 and every key reads back")
  func stringRoundTrip() throws {
    let content = String(String.UnicodeScalarView((0..<0x800).compactMap { Unicode.Scalar($0) }))
    let source = bytes(
      written {
        $0.beginObject()
        $0.key(content)
        $0.write(content)
        $0.end()
      })
    var reader = JSONReader(source.span)
    try reader.enterObject()
    let key = try reader.nextKey()?.makeString()
    #expect(key == content)
    #expect(try reader.readString() == content)
  }

  @Test("Numbers that are not finite follow the policy")
  func nonFinite() throws {
    func array(_ policy: JSONWriterOptions.NonFinite) throws -> String {
      try written(JSONWriterOptions(nonFinite: policy)) {
        $0.beginArray()
        for value in [Double.nan, .infinity, -.infinity] { try $0.write(value) }
        try $0.write(Float.nan)
        $0.end()
      }
    }
    #expect(try array(.tokens) == "[NaN,Infinity,-Infinity,NaN]")
    #expect(try array(.null) == "[null,null,null,null]")
    var writer = JSONWriter()
    writer.beginArray()
    #expect(throws: JSONNonFiniteError(text: "-inf")) { try writer.write(-Double.infinity) }
    #expect(throws: JSONNonFiniteError(text: "nan")) { try writer.write(Float.nan) }
    #expect(text(writer.bytes) == "[")
  }

  @Test("A long text can be taken away in pieces")
  func pieces() {
    var writer = JSONWriter()
    var all: [UInt8] = []
    writer.beginArray()
    for value in 0..<100 {
      writer.write(value)
      all += writer.takeBytes()
    }
    writer.end()
    all += writer.takeBytes()
    #expect(text(all) == "[" + (0..<100).map(String.init).joined(separator: ",") + "]")
  }
}
