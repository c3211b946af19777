import CLibXML2
import TreeIR

/// Reads an XML document forward with libxml2, an element at a time, within bounds. Documents with
/// a type declaration are refused before libxml2 sees them: there are no entities but the five of
/// XML itself, nothing is looked up, and no address is opened.
struct XMLSource: ~Copyable {
  enum Event {
    case start
    case end
    case text
  }

  /// What a document may have; what trees need is far below.
  struct Limits {
    var depth = 10_000
    var attributes = 256
    var textBytes = 64 << 20
  }

  /// The name of the element that starts or ends.
  private(set) var name = ""
  /// The line where it does.
  var line: Int { Int(xmlTextReaderGetParserLineNumber(reader)) }
  /// Whether the element that starts has nothing in it; then no end follows.
  private(set) var isEmpty = false
  /// The text that was found.
  private(set) var text = ""
  /// How many elements are open.
  private(set) var depth = 0

  private let reader: xmlTextReaderPtr
  private let limits: Limits
  /// Names of elements by libxml2's own copy of them, of which there is one each.
  private var names: [UnsafePointer<xmlChar>: String] = [:]

  /// - Parameter bytes: The document; must outlive the source.
  init(_ bytes: UnsafeRawBufferPointer, encoding: String?, limits: Limits) throws(Fault) {
    let options =
      XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
      | XML_PARSE_HUGE.rawValue | XML_PARSE_COMPACT.rawValue
    guard bytes.count <= Int(Int32.max), let base = bytes.baseAddress,
      let reader = xmlReaderForMemory(
        base.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, encoding,
        Int32(options))
    else {
      throw Fault(.malformed, at: nil, "the document is empty, or of more than 2 GB")
    }
    self.reader = reader
    self.limits = limits
  }

  deinit { xmlFreeTextReader(reader) }

  /// The namespace of the element that has just started; empty where it has none.
  var namespace: String {
    xmlTextReaderConstNamespaceUri(reader).map { String(cString: $0) } ?? ""
  }

  /// The next start or end of an element, or text in one; nil at the end of the document.
  mutating func next() throws(Fault) -> Event? {
    while true {
      let status = xmlTextReaderRead(reader)
      if status == 0 { return nil }
      guard status == 1 else { throw fault() }
      switch UInt32(xmlTextReaderNodeType(reader)) {
      case XML_READER_TYPE_ELEMENT.rawValue:
        name = elementName()
        isEmpty = xmlTextReaderIsEmptyElement(reader) == 1
        depth = Int(xmlTextReaderDepth(reader)) + 1
        guard depth <= limits.depth else {
          throw Fault(
            .limit, at: nil, key: "line \(line), \(name)",
            "elements lie more than \(limits.depth) deep", remedy: Remedy.raiseLimits)
        }
        return .start
      case XML_READER_TYPE_END_ELEMENT.rawValue:
        name = elementName()
        depth = Int(xmlTextReaderDepth(reader))
        return .end
      // Blanks between elements are text like any other: nobody looks there.
      case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue,
        XML_READER_TYPE_WHITESPACE.rawValue, XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
        guard let value = xmlTextReaderConstValue(reader) else { continue }
        text = String(cString: value)
        return .text
      case XML_READER_TYPE_DOCUMENT_TYPE.rawValue, XML_READER_TYPE_ENTITY_REFERENCE.rawValue,
        XML_READER_TYPE_ENTITY.rawValue:
        throw XMLProlog.typeDeclaration(line: line)
      default: continue
      }
    }
  }

  /// The attributes of the element that has just started; those of other namespaces, too.
  mutating func attributes() throws(Fault) -> [(name: String, value: String)] {
    let count = Int(xmlTextReaderAttributeCount(reader))
    guard count > 0 else { return [] }
    guard count <= limits.attributes else {
      throw Fault(
        .limit, at: nil, key: "line \(line), \(name)",
        "an element has \(count) attributes; at most \(limits.attributes) are read")
    }
    var result: [(name: String, value: String)] = []
    result.reserveCapacity(count)
    while xmlTextReaderMoveToNextAttribute(reader) == 1 {
      guard xmlTextReaderIsNamespaceDecl(reader) != 1,
        let name = xmlTextReaderConstLocalName(reader),
        let value = xmlTextReaderConstValue(reader)
      else { continue }
      result.append((self.name(name), String(cString: value)))
    }
    xmlTextReaderMoveToElement(reader)
    return result
  }

  private mutating func elementName() -> String {
    xmlTextReaderConstLocalName(reader).map { name($0) } ?? ""
  }

  private mutating func name(_ pointer: UnsafePointer<xmlChar>) -> String {
    if let known = names[pointer] { return known }
    let name = String(cString: pointer)
    names[pointer] = name
    return name
  }

  /// What libxml2 says is wrong.
  private func fault() -> Fault {
    guard let error = xmlGetLastError() else {
      return Fault(.malformed, at: nil, "the document is no well-formed XML")
    }
    let message = error.pointee.message.map { String(cString: $0) } ?? ""
    let trimmed = message.split(separator: "\n").first.map(String.init) ?? "no well-formed XML"
    return Fault(
      .malformed, at: nil, key: "line \(error.pointee.line)",
      "the document is no well-formed XML: \(trimmed)", remedy: Remedy.completeCopy)
  }
}
