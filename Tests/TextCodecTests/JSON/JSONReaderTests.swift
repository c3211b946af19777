import Testing

@testable import TextCodec

@Suite("Reading JSON")
struct JSONReaderTests {
  /// The error of skipping the whole text, or nil.
  private func error(
    _ text: [UInt8], options: JSONReaderOptions = JSONReaderOptions()
  ) -> JSONError? {
    var reader = JSONReader(text.span, options: options)
    do throws(JSONError) {
      try reader.skipValue()
      try reader.expectEnd()
      return nil
    } catch {
      return error
    }
  }

  private func kind(_ text: String) -> JSONError.Kind? { error(bytes(text))?.kind }

  /// The error of a reading on a text.
  private func error(
    _ text: String, _ read: (inout JSONReader) throws(JSONError) -> Void
  ) -> JSONError? {
    let text = bytes(text)
    var reader = JSONReader(text.span)
    do throws(JSONError) {
      try read(&reader)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "Accepted texts",
    arguments: [
      "0", "-0", "1.5e-3", "\"\"", "\"a\"", "true", "false", "null", "[]", "{}", " [ ] ",
      "\t{\r\n}\n", "[1]", "[1,2]", "[ 1 , 2 ]", "[[],[]]", "[[[[1]]]]", "{\"a\":1}",
      "{ \"a\" : 1 , \"b\" : [ ] }", "{\"\":0}", "{\"a\":1,\"a\":2}",
      #"["\"\\\/\b\f\n\r\t\u0041\u00e9\uD834\uDD1E"]"#, "\"é€𝄞\u{7F}\"", "\"01234567\"",
      "\"0123456\\n89abcdef\"", "[1e400,-1e400,1e-400]", "{\"a\":{\"b\":{\"c\":[{\"d\":null}]}}}",
      "123456789012345678901234567890", #""\u0000""#,
    ])
  func accepted(_ text: String) {
    #expect(kind(text) == nil)
  }

  @Test(
    "Refused texts, with the kind of error and the place",
    arguments: [
      ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1),
      ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4),
      ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6), ("\"abc", .unexpectedEnd, 4),
      ("\"abc\\", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3), ("nul", .unexpectedEnd, 3),
      ("[1 2]", .unexpectedByte(0x32, expected: "',' or ']'"), 3),
      ("[1,]", .unexpectedByte(0x5D, expected: "a value"), 3),
      ("[,1]", .unexpectedByte(0x2C, expected: "a value"), 1),
      ("[1}", .unexpectedByte(0x7D, expected: "',' or ']'"), 2),
      ("{\"a\":1]", .unexpectedByte(0x5D, expected: "',' or '}'"), 6),
      ("{\"a\" 1}", .unexpectedByte(0x31, expected: "':'"), 5),
      ("{a:1}", .unexpectedByte(0x61, expected: "a key in quotes"), 1),
      ("{1:1}", .unexpectedByte(0x31, expected: "a key in quotes"), 1),
      ("{\"a\":1,}", .unexpectedByte(0x7D, expected: "a key in quotes"), 7),
      ("{,}", .unexpectedByte(0x2C, expected: "a key in quotes"), 1),
      ("]", .unexpectedByte(0x5D, expected: "a value"), 0),
      ("trux", .unexpectedByte(0x74, expected: "'true'"), 0),
      ("'a'", .unexpectedByte(0x27, expected: "a value"), 0),
      ("\u{FEFF}1", .unexpectedByte(0xEF, expected: "a value"), 0),
      ("+1", .unexpectedByte(0x2B, expected: "a value"), 0),
      (".5", .unexpectedByte(0x2E, expected: "a value"), 0),
      ("\u{0}", .unexpectedByte(0x00, expected: "a value"), 0),
      ("NaN", .unexpectedByte(0x4E, expected: "a value"), 0),
      ("Infinity", .unexpectedByte(0x49, expected: "a value"), 0),
      ("-Infinity", .invalidNumber, 0), ("01", .invalidNumber, 0), ("[-]", .invalidNumber, 1),
      ("1.", .invalidNumber, 0), ("1.e5", .invalidNumber, 0), ("1e", .invalidNumber, 0),
      ("1e+", .invalidNumber, 0), ("0x1", .trailingBytes, 1), ("1 2", .trailingBytes, 2),
      ("[]]", .trailingBytes, 2), ("{}x", .trailingBytes, 2), ("1//", .trailingBytes, 1),
      ("truex", .trailingBytes, 4), (#""\x""#, .invalidEscape, 1), (#""\u12""#, .invalidEscape, 1),
      (#""\u12G4""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1),
      (#""\uD800""#, .loneSurrogate, 1), (#""a\uDC00""#, .loneSurrogate, 2),
      (#""\uD800\n""#, .loneSurrogate, 1), (#""\uD800\uD800""#, .loneSurrogate, 1),
      ("\"\n\"", .controlCharacter(0x0A), 1), ("\"abcdefgh\u{1F}\"", .controlCharacter(0x1F), 9),
      ("{\"\t\":1}", .controlCharacter(0x09), 2),
    ] as [(String, JSONError.Kind, Int)])
  func refused(_ text: String, _ kind: JSONError.Kind, _ offset: Int) {
    #expect(error(bytes(text)) == JSONError(kind, at: offset))
  }

  @Test(
    "Strings must be UTF-8",
    arguments: [
      [0x80], [0xC3], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
      [0xFF], [0xE2, 0x82], [0x41, 0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func invalidUTF8(_ content: [UInt8]) {
    let offset = 1 + content.prefix { $0 < 0x80 }.count
    #expect(error([0x22] + content + [0x22]) == JSONError(.invalidUTF8, at: offset))
    #expect(error([0x22] + content) == JSONError(.invalidUTF8, at: offset))
  }

  @Test("Members are pulled in order, and what is not wanted is skipped")
  func pulling() throws {
    let source = bytes(
      #"{"name":"caf\u00e9","skip":{"a":[1,{"b":2}]},"v":[1,2.5,-3e2],"n":null,"ok":true,"#
        + #""i":-9223372036854775808,"u":18446744073709551615,"f":0.1,"raw": [1, 2] }"#)
    var reader = JSONReader(source.span)
    var seen: [String] = []
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "name": seen.append(try reader.readString())
      case "v":
        try reader.enterArray()
        while try reader.nextElement() { seen.append("\(try reader.readDouble())") }
      case "n": try reader.readNull()
      case "ok": seen.append("\(try reader.readBool())")
      case "i": seen.append("\(try reader.readInt64())")
      case "u": seen.append("\(try reader.readUInt64())")
      case "f": seen.append("\(try reader.readFloat())")
      case "raw":
        let raw = try reader.readRawValue()
        seen.append(raw.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
      default:
        seen.append("skipped \(key.makeString())")
        try reader.skipValue()
      }
    }
    try reader.expectEnd()
    #expect(
      seen == [
        "café", "skipped skip", "1.0", "2.5", "-300.0", "true", "-9223372036854775808",
        "18446744073709551615", "0.1", "[1, 2]",
      ])
  }

  @Test("A container can be left before its end")
  func leaving() throws {
    let source = bytes(#"[[1,[2,{"a":3}],4],{"b":[5],"c":6},7]"#)
    var reader = JSONReader(source.span)
    try reader.enterArray()
    #expect(try reader.nextElement() == true)
    try reader.enterArray()
    #expect(try reader.nextElement() == true)
    #expect(try reader.readInt64() == 1)
    #expect(try reader.nextElement() == true)
    #expect(reader.depth == 2)
    try reader.leaveContainer()
    #expect(reader.depth == 1)
    #expect(try reader.nextElement() == true)
    try reader.enterObject()
    try reader.leaveContainer()
    #expect(try reader.nextElement() == true)
    #expect(try reader.readInt64() == 7)
    #expect(try reader.nextElement() == false)
    try reader.expectEnd()
  }

  @Test("Peeking tells the kind and reads nothing")
  func peeking() throws {
    let source = bytes(#"[ {}, [], "s", -1, true, null]"#)
    var reader = JSONReader(source.span)
    var kinds: [JSONKind] = []
    try reader.enterArray()
    while try reader.nextElement() {
      kinds.append(try reader.peekKind())
      try reader.skipValue()
    }
    #expect(kinds == [.object, .array, .string, .number, .bool, .null])
  }

  @Test("Escapes are resolved, and strings without them are not copied")
  func strings() throws {
    let source = bytes(#"["\"\\\/\b\f\n\r\t\u0041\u00e9\uD834\uDD1E\u0000x","plain é","\u006bey"]"#)
    var reader = JSONReader(source.span)
    try reader.enterArray()
    #expect(try reader.nextElement() == true)
    #expect(try reader.readString() == "\"\\/\u{8}\u{C}\n\r\tAé𝄞\u{0}x")
    #expect(try reader.nextElement() == true)
    let plain = try reader.readText()
    #expect(plain.hasEscapes == false)
    let isPlain = plain.rawBytes.equals("plain é")
    #expect(isPlain)
    #expect(try reader.nextElement() == true)
    let escaped = try reader.readText()
    let isKey = escaped.hasEscapes && escaped.equals("key")
    #expect(isKey)
    let isOther = escaped.equals("ke") || escaped.equals("\\u006bey")
    #expect(!isOther)
  }

  @Test("Integers are exact or refused")
  func integers() {
    func readInt(_ text: String) -> JSONError.Kind? {
      error(text) { (reader) throws(JSONError) in _ = try reader.readInt64() }?.kind
    }
    #expect(readInt("9223372036854775807") == nil)
    #expect(readInt("9223372036854775808") == .integerOutOfRange)
    #expect(readInt("1.0") == .notAnInteger)
    #expect(readInt("1e2") == .notAnInteger)
    #expect(readInt("1E2") == .notAnInteger)
    #expect(readInt("01") == .invalidNumber)
    #expect(readInt("1.") == .invalidNumber)
    #expect(readInt("\"1\"") == .wrongKind(.string, expected: .number))
    #expect(readInt("") == .unexpectedEnd)
    let negative = error("-1") { (reader) throws(JSONError) in _ = try reader.readUInt64() }
    #expect(negative?.kind == .integerOutOfRange)
  }

  @Test("A value of another kind is refused with both kinds named")
  func wrongKinds() {
    let object = error("[1]") { (reader) throws(JSONError) in try reader.enterObject() }
    #expect(object?.kind == .wrongKind(.array, expected: .object))
    let array = error("null") { (reader) throws(JSONError) in try reader.enterArray() }
    #expect(array?.kind == .wrongKind(.null, expected: .array))
    let double = error(" \"1\"") { (reader) throws(JSONError) in _ = try reader.readDouble() }
    #expect(double == JSONError(.wrongKind(.string, expected: .number), at: 1))
    let bool = error("1") { (reader) throws(JSONError) in _ = try reader.readBool() }
    #expect(bool?.kind == .wrongKind(.number, expected: .bool))
    let null = error("{}") { (reader) throws(JSONError) in try reader.readNull() }
    #expect(null?.kind == .wrongKind(.object, expected: .null))
    let string = error("true") { (reader) throws(JSONError) in _ = try reader.readString() }
    #expect(string?.kind == .wrongKind(.bool, expected: .string))
  }

  @Test("Tokens that are not finite are numbers only where they are allowed")
  func nonFinite() throws {
    let source = bytes("[NaN,Infinity,-Infinity,-1]")
    #expect(error(source)?.kind == .unexpectedByte(0x4E, expected: "a value"))
    let lenient = JSONReaderOptions(allowsNonFinite: true)
    #expect(error(source, options: lenient) == nil)
    var reader = JSONReader(source.span, options: lenient)
    var values: [Float] = []
    try reader.enterArray()
    while try reader.nextElement() { values.append(try reader.readFloat()) }
    #expect(values[0].isNaN)
    #expect(values[1...] == [.infinity, -.infinity, -1])
    for text in ["nan", "Nan", "NaNN", "Inf", "-Inf", "+Infinity", "-NaN", "infinity"] {
      #expect(error(bytes(text), options: lenient) != nil)
    }
  }

  @Test("Depth is limited, and nesting takes no stack", arguments: [0, 1, 63, 64, 65, 200_000])
  func depth(_ limit: Int) {
    let options = JSONReaderOptions(maximumDepth: limit)
    func nested(_ depth: Int) -> [UInt8] {
      // Arrays and objects alternate, so that a wrong bit shows.
      var text: [UInt8] = []
      for level in 0..<depth { text += level % 3 == 0 ? bytes("{\"k\":") : bytes("[") }
      text += bytes("1")
      for level in (0..<depth).reversed() { text.append(level % 3 == 0 ? 0x7D : 0x5D) }
      return text
    }
    #expect(error(nested(limit), options: options) == nil)
    #expect(error(nested(limit + 1), options: options)?.kind == .tooDeep(limit: limit))
  }

  @Test("The length of strings is limited")
  func stringLength() {
    let options = JSONReaderOptions(maximumStringLength: 3)
    #expect(error(bytes("\"abc\""), options: options) == nil)
    let tooLong = JSONError(.stringTooLong(limit: 3), at: 2)
    #expect(error(bytes("{\"abcd\":1}"), options: options) == tooLong)
  }

  @Test("Calls out of order give an error")
  func outOfOrder() {
    func kind(_ read: (inout JSONReader) throws(JSONError) -> Void) -> JSONError.Kind? {
      error("[1,2]", read)?.kind
    }
    let kinds = [
      kind { (reader) throws(JSONError) in _ = try reader.nextElement() },
      kind { (reader) throws(JSONError) in _ = try reader.nextKey() },
      kind { (reader) throws(JSONError) in try reader.leaveContainer() },
      kind { (reader) throws(JSONError) in try reader.expectEnd() },
      kind { (reader) throws(JSONError) in
        try reader.enterArray()
        _ = try reader.readDouble()
      },
      kind { (reader) throws(JSONError) in
        try reader.enterArray()
        _ = try reader.nextKey()
      },
      kind { (reader) throws(JSONError) in
        try reader.enterArray()
        _ = try reader.nextElement()
        _ = try reader.nextElement()
      },
      kind { (reader) throws(JSONError) in
        try reader.skipValue()
        try reader.skipValue()
      },
    ]
    #expect(kinds.allSatisfy { $0 == .callOutOfOrder })
  }

  @Test("Errors tell what and where")
  func messages() {
    let source = bytes("{\n  \"a\": 01\n}")
    let error = error(source)
    #expect(error?.description == "not a JSON number at byte 9")
    #expect(error?.location(in: source.span) == TextLocation(line: 2, column: 8))
    #expect(kind("[1;2]") == .unexpectedByte(0x3B, expected: "',' or ']'"))
    let shown = JSONError(.unexpectedByte(0x0B, expected: "a value"), at: 0).message
    #expect(shown == "expected a value, found byte 0x0B")
  }
}
