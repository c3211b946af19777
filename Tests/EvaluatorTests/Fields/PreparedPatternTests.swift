import Testing

@testable import Evaluator

/// Regular expressions match as Java's do.
@Suite struct PreparedPatternTests {
  @Test(arguments: [
    ("b+", "abbba"), ("^a|b$", "ab"), ("^a|b$", "xb\n"), ("(?m)^b$", "a\nb"), ("(?s)a.b", "a\nb"),
    ("(a|b)*c", "ababc"), (#"(\w+) \1"#, "the the"), ("[^a-c&&[^x]]", "x"), ("a{2,3}?b", "aaab"),
    (#"\p{Lu}\p{Ll}"#, "Éé"), ("(?i)strasse", "STRASSE"), (#"\R"#, "\r\n"), ("[]a]", "]"),
    ("(?>a|ab)c", "ac"), ("(?<=x)y", "xy"), ("(?<!a)b", "cb"), (#"(?<n>a)\k<n>"#, "aa"),
    (#"\Qa.b\E"#, "a.b"), (#"[\d\-x]+$"#, "1-x"), (#"\u0041\x42"#, "AB"), ("(?iu)É", "é"),
    (#"(?u)\b\w\w+\b"#, "sun"), (#"\bé"#, "é"), ("(?x) a b # c", "ab"), ("", "x"),
  ])
  func matches(_ pattern: String, _ text: String) throws {
    #expect(try PreparedPattern(pattern).isIn(text))
  }

  @Test(arguments: [
    ("a.b", "a\nb"), ("x*+x", "xxx"), ("(?>a|ab)c", "abc"), ("(?<!a)b", "ab"), (#"\w"#, "é"),
    (#"\d"#, "١"), (#"\s"#, "\u{A0}"), ("(?i)É", "é"), (#"\p{Alpha}"#, "é"), (#"\bé"#, "xé"),
    ("[^a-c&&[^x]]", "b"), ("(?m)^b$", "ab"),
  ])
  func doesNotMatch(_ pattern: String, _ text: String) throws {
    #expect(try !PreparedPattern(pattern).isIn(text))
  }

  @Test(arguments: [
    "(", "a)", "*a", "[a-", "[z-a]", #"\q"#, #"\"#, "{", "a{2", "a{,3}", "(?<n>a)(?<n>b)", "(?z)a",
    #"\p{Unknown}"#, #"(a)\2"#,
  ])
  func malformed(_ pattern: String) {
    #expect(throws: FieldRefusal.self) { try PreparedPattern(pattern).isIn("a") }
  }

  @Test(arguments: [
    ("a*", "baac", "-", "-b--c-"), ("(a)(b)?", "xaabx", "[$1$2$0]", "x[aa][abab]x"),
    ("(?<n>a)", "xa", "${n}${n}", "xaa"), ("a", "xa", #"\$1\x"#, "x$1x"),
    ("(a)", "xa", "$12", "xa2"),
    (".", "a\u{1F600}", "x", "xx"), (#"\b"#, "ab é", "|", "|ab| |é|"),
  ])
  func replaces(_ pattern: String, _ text: String, _ replacement: String, _ result: String) throws {
    #expect(try PreparedPattern(pattern).replacing(in: text, with: replacement) == result)
  }

  @Test func groupsThatAreNotThereMatterWhereTheyAreNeeded() throws {
    let pattern = PreparedPattern("(a)")
    #expect(throws: FieldRefusal.self) { try pattern.replacing(in: "xa", with: "$2") }
    #expect(throws: FieldRefusal.self) { try pattern.replacing(in: "xa", with: "$") }
    #expect(throws: FieldRefusal.self) { try pattern.replacing(in: "xa", with: #"\"#) }
    #expect(try pattern.replacing(in: "x", with: "$2") == "x")
  }

  @Test func lookingComesToAnEnd() {
    let text = String(repeating: "a", count: 40)
    #expect(throws: FieldRefusal.self) { try PreparedPattern("(a+)+b").isIn(text) }
    let long = String(repeating: "ab", count: 100_000)
    #expect(throws: FieldRefusal.self) { try PreparedPattern("(ab)*c").isIn(long) }
  }
}
