import Testing
import TextCodec

@Suite("Text from files cannot command a terminal")
struct ControlCharactersTests {
  @Test(arguments: [
    ("plain, größe 日本 🌳 e\u{301}", "plain, größe 日本 🌳 e\u{301}"), ("", ""),
    ("\u{1B}[31mred\u{7}", #"\u{1B}[31mred\u{7}"#), ("a\nb\r\tc\0", #"a\u{A}b\u{D}\u{9}c\u{0}"#),
    ("\u{85}\u{2028}\u{2029}\u{7F}", #"\u{85}\u{2028}\u{2029}\u{7F}"#),
  ])
  func escaping(_ text: String, _ shown: String) {
    #expect(text.escapingControlCharacters == shown)
  }
}
