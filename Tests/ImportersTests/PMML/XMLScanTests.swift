import Testing
import TreeIR

@testable import Importers

/// The look over the bytes of a document refuses what is too long, with its place, and nothing else.
@Suite struct XMLScanTests {
  private static let limits: XMLScan.Limits = {
    var limits = XMLScan.Limits()
    (limits.tagBytes, limits.attributes, limits.markupBytes) = (200, 8, 150)
    return limits
  }()

  private func fault(_ text: String, forbidsSections: Bool = false) -> Fault? {
    let bytes = Array(text.utf8)
    do throws(Fault) {
      try XMLScan(bytes.span, limits: Self.limits, forbidsSections: forbidsSections).check()
      return nil
    } catch {
      return error
    }
  }

  private let short = String(repeating: "x", count: 80)
  private let long = String(repeating: "x", count: 250)

  @Test("what is well-formed and short passes")
  func passes() {
    let attributes = (0..<8).map { " a\($0)='>=\"= = =>'" }.joined()
    for text in [
      "<a/>", "<a b='1'>\(long)\(long)</a>", "<a\(attributes)>\(long)===\(long)</a>",
      "<a b='\(short)' c=\"it's > \(short)\">\"</a>", "<!-- <a \(short) ' > -->\(long)<a/>",
      "<?pi \(short) > ' < ?>\(long)<a/>", "<a><![CDATA[\(short) <!DOCTYPE> ]] > ]>]]>\(long)</a>",
      "<!----><a/>", "<![CDATA[]]><a/>", "<??><a/>",
    ] {
      #expect(fault(text) == nil, "\(text)")
    }
  }

  @Test(
    "what is too long is refused at its beginning",
    arguments: [
      ("<a b='LONG'/>", "line 3, a"), ("<LONG/>", "line 3, \(String(repeating: "x", count: 40))"),
      ("<a b='>LONG'/>", "line 3, a"), ("<a b='LONG", "line 3, a"), ("<a b=\"'>'LONG", "line 3, a"),
      ("<!-- LONG -->", "line 3"), ("<?p LONG ?>", "line 3"), ("<![CDATA[LONG]]>", "line 3"),
      ("<!-->LONG", "line 3"), ("<!-- --LONG", "line 3"), ("<?>LONG", "line 3"),
      ("<a q='' w='' e='' r='' t='' y='' u='' i='' o=''/>", "line 3, a"),
    ])
  func refuses(piece: String, key: String) {
    let text = "<r>\n<!-- a -->\n" + piece.replacing("LONG", with: long)
    let fault = fault(text + "\n</r>")
    #expect(fault?.code == .limit, "\(text)")
    #expect(fault?.key == key)
  }

  @Test(
    "what does not end is told from what is too long", arguments: ["<!-- a", "<?a", "<![CDATA[a"])
  func truncated(text: String) {
    let fault = fault("<r>\n" + text)
    #expect(fault?.code == .truncated)
    #expect(fault?.key == "line 2")
  }

  @Test("type declarations are refused wherever they stand")
  func declarations() {
    for text in [
      "<!DOCTYPE a>", "<!--a--><!DOCTYPE a>", "<a>\n<!ENTITY b 'c'></a>", "<a/><!x", "<!",
    ] {
      #expect(fault(text)?.code == .unsupported, "\(text)")
    }
    #expect(fault("<a><![CDATA[b]]></a>", forbidsSections: true)?.code == .unsupported)
  }

  @Test(
    "encodings of which the bytes below 128 are not all ASCII are refused",
    arguments: ["UTF-7", "UTF-32", "ISO-2022-JP", "HZ-GB-2312", "IBM037", "EBCDIC-US", "UCS-4", ""])
  func encodings(name: String) {
    for quote in ["'", "\""] {
      let text = "<?xml version='1.0'\n encoding = \(quote)\(name)\(quote)?><PMML/>"
      #expect(throws: Fault.self) {
        try PMMLReader.read(Array(text.utf8).span)
      }
    }
  }

  @Test(
    "others are read",
    arguments: [
      "UTF-8", "utf-8", "US-ASCII", "ISO-8859-1", "iso-8859-15", "windows-1252", "KOI8-R", "GBK",
      "Shift_JIS", "EUC-JP", "Big5",
    ])
  func known(name: String) throws {
    let text = "<?xml version='1.0' encoding='\(name)'?>\n<PMML a='b'/>"
    let document = try PMMLReader.read(Array(text.utf8).span)
    #expect(document.root["a"] == "b")
    #expect(document.root.line == 2)
  }

  @Test("letters of a byte each are converted")
  func latin() throws {
    var bytes = Array("<?xml version='1.0' encoding='ISO-8859-1'?><PMML a='".utf8)
    bytes += [0xE9, 0x3E]
    bytes += Array("'/>".utf8)
    #expect(try PMMLReader.read(bytes.span).root["a"] == "é>")
  }

  @Test("texts and attributes that span pieces are whole")
  func pieces() throws {
    let words = (0..<60_000).map { "w\($0)" }.joined(separator: " ")
    let value = String(repeating: "ä>'&lt;", count: 20_000)
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4">
      <Array a="\(value)">\(words)<![CDATA[ <&]]><!-- c -->&amp;&#65;</Array>
      <b/></PMML>
      """
    let document = try PMMLReader.read(Array(text.utf8).span)
    let array = try #require(document.root.child("Array"))
    #expect(array.text == words + " <&&A")
    #expect(array["a"] == value.replacing("&lt;", with: "<"))
    #expect(array.line == 2)
    #expect(document.root.child("b")?.line == 3)
    #expect(document.namespace == "http://www.dmg.org/PMML-4_4")
  }
}
