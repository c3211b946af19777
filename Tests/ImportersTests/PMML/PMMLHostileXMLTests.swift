import Importers
import Testing

@Suite("Hostile XML is refused, soon and with a place", .timeLimit(.minutes(2)))
struct PMMLHostileXMLTests {
  @Test("the document that the others are made of is read")
  func good() {
    #expect(refusal(of: SmallPMML().text) == nil)
    #expect(refusal(of: "\u{FEFF}" + SmallPMML().text) == nil)
    #expect(refusal(of: Self.utf16(SmallPMML().text, mark: true)) == nil)
  }

  static let declarations = [
    "<!DOCTYPE PMML>",
    "<!DOCTYPE PMML SYSTEM \"http://127.0.0.1:9/pmml.dtd\">",
    "<!DOCTYPE PMML [<!ENTITY e \"x\">]>",
    "<!DOCTYPE PMML [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
    "<!DOCTYPE PMML [<!ENTITY e SYSTEM \"http://127.0.0.1:9/\">]>",
    "<!DOCTYPE PMML [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>",
    "<!DOCTYPE PMML [<!ENTITY % p \"<!ENTITY e 'x'>\"> %p;]>",
    "<!DOCTYPE PMML [<!ATTLIST Node score CDATA \"7\">]>",
    "<!-- a comment -->\n<!-- another --><!DOCTYPE PMML [<!ENTITY e \"x\">]>",
    "<?some instruction?>\n\t<!DOCTYPE PMML []>",
    "<!-- <PMML> --><!DOCTYPE PMML>",
    "<!doctype PMML>",
    "<!DOCTYPE\nPMML>",
  ]

  @Test("type declarations, wherever they stand", arguments: declarations)
  func declaration(declaration: String) {
    let entity = SmallPMML().nodes.replacing("score=\"1\"", with: "score=\"&e;\"")
    for nodes in [SmallPMML().nodes, entity] {
      var document = SmallPMML.with(\.nodes, nodes)
      for prolog in [document.prolog, "", "<?xml version='1.0'?>"] {
        document.prolog = prolog + declaration
        let text = document.text
        let variants = [
          Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
          Self.utf16(text, mark: true), Self.utf16(text, mark: true, isBigEndian: true),
          Self.utf16(text, mark: false), Self.utf16(text, mark: false, isBigEndian: true),
        ]
        for bytes in variants { hostileRefusal(bytes) }
      }
    }
  }

  @Test("a billion laughs")
  func laughs() {
    let entities = (1...9).map { level in
      let reference = "&l\(level - 1);"
      return "<!ENTITY l\(level) \"\(String(repeating: reference, count: 10))\">"
    }
    var document = SmallPMML.with(\.nodes, "<Node score=\"&l9;\"><True/></Node>")
    document.prolog += "<!DOCTYPE PMML [<!ENTITY l0 \"ha\">\(entities.joined())]>"
    hostileRefusal(document.text, within: .seconds(2))
  }

  @Test(
    "references to entities that are not there",
    arguments: ["&e;", "&nbsp;", "&#0;", "&#x1;", "&#xD800;", "&#x110000;", "&", "&#;", "&#x;"])
  func reference(reference: String) {
    hostileRefusal(
      SmallPMML.with(\.nodes, "<Node score=\"\(reference)\"><True/></Node>").text)
    hostileRefusal(
      SmallPMML.with(\.fields, SmallPMML().fields.replacing("red", with: reference)).text)
  }

  @Test("a declaration of a type within the document")
  func inside() {
    hostileRefusal(SmallPMML.with(\.nodes, "<!DOCTYPE PMML>").text)
    hostileRefusal(SmallPMML().text + "<!DOCTYPE PMML>")
  }

  @Test("a document that ends too early, at every byte")
  func truncated() {
    let bytes = Array(SmallPMML().text.utf8)
    for end in 0..<bytes.count where bytes[..<end].last != UInt8(ascii: "\n") || end < 100 {
      let cut = Array(bytes[..<end])
      guard let error = refusal(of: cut) else {
        Issue.record("read up to byte \(end)")
        continue
      }
      #expect(error.description.utf8.count < 1000)
    }
  }

  @Test("more than one root, or something behind it")
  func rest() {
    for rest in ["<PMML/>", "text", "</PMML>", "\u{0}", "<![CDATA[x]]>"] {
      hostileRefusal(SmallPMML().text + rest)
    }
    #expect(refusal(of: SmallPMML().text + "\n<!-- end --><?end?>\n") == nil)
  }

  @Test("bytes that are no UTF-8")
  func encoding() {
    let bad: [[UInt8]] = [
      [0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
    ]
    let text = SmallPMML().text
    for place in ["red", "Interval", "\"h\"", "Header"] {
      let position = Array(text.utf8).firstRange(of: Array(place.utf8))?.lowerBound ?? 0
      for sequence in bad {
        var bytes = Array(text.utf8)
        bytes.insert(contentsOf: sequence, at: position + 1)
        hostileRefusal(bytes)
      }
    }
    for name in ["UTF-32", "no-such-encoding", "EBCDIC-XX", "UTF-7"] {
      _ = refusal(of: text.replacing("UTF-8", with: name))
    }
  }

  @Test("a damaged UTF-16 document")
  func damagedUTF16() {
    let bytes = Self.utf16(SmallPMML().text, mark: true)
    for end in stride(from: 2, to: bytes.count - 2, by: 7) {
      #expect(refusal(of: Array(bytes[..<end])) != nil)
    }
    for odd in [[0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0x3C], [0xFE, 0xFF, 0, 0xD8]] {
      #expect(refusal(of: odd.map { UInt8($0) }) != nil)
    }
  }

  /// The text in UTF-16, with or without its mark.
  static func utf16(_ text: String, mark: Bool, isBigEndian: Bool = false) -> [UInt8] {
    let text = text.replacing("encoding=\"UTF-8\"", with: "encoding=\"UTF-16\"")
    let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
    return units.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBigEndian ? [high, low] : [low, high]
    }
  }
}
