#if PMML
  import CLibXML2
  import TreeIR

  /// What libxml2 has found in a piece of a document, until it is read: starts and ends of elements,
  /// and text. libxml2 calls for each; the reader asks for one after the other.
  struct XMLTape {
    enum Kind {
      case start
      case end
      case text
    }

    struct Item {
      var kind: Kind
      /// The line where it ends.
      var line: Int32
      /// Of an element: libxml2's own copy, of which there is one for each name.
      var name: UnsafePointer<xmlChar>?
      /// The place of the first attribute, or of the text's first byte.
      var first: Int32
      /// Attributes, or bytes of the text.
      var count: Int32
    }

    struct Attribute {
      var name: UnsafePointer<xmlChar>
      /// Where its value is in the bytes.
      var first: Int32
      var count: Int32
    }

    /// Declarations of namespaces that may be in force at one place: libxml2 looks through all of
    /// them at each element. Trees need one.
    static let namespaceLimit = 1024

    /// Elements that may be open at once; the reader's own limits are lower, but for what it skips.
    static let depthLimit = 10_000

    private(set) var items: [Item] = []
    private(set) var attributes: [Attribute] = []
    /// Values of attributes, and texts: in UTF-8.
    private(set) var bytes: [UInt8] = []
    /// The namespace of the root; empty where it has none.
    private(set) var namespace = ""
    /// Why the document cannot be read further than to the last item.
    private(set) var fault: Fault?

    /// To be set before anything is read.
    var parser: xmlParserCtxtPtr?
    private var hasRoot = false
    private var depth = 0
    /// Elements that declare namespaces: how deep they are, and how many.
    private var declarations: [(depth: Int, count: Int)] = []
    private var declarationCount = 0

    /// To be called when all has been read.
    mutating func removeAll() {
      items.removeAll(keepingCapacity: true)
      attributes.removeAll(keepingCapacity: true)
      bytes.removeAll(keepingCapacity: true)
    }

    private var line: Int32 { parser?.pointee.input?.pointee.line ?? 0 }

    // MARK: What libxml2 calls

    fileprivate mutating func start(
      _ name: UnsafePointer<xmlChar>, namespace: UnsafePointer<xmlChar>?, declarations count: Int,
      attributes values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, count attributeCount: Int
    ) {
      guard fault == nil else { return }
      if !hasRoot {
        hasRoot = true
        self.namespace = namespace.map { String(cString: $0) } ?? ""
      }
      if count > 0 {
        declarations.append((depth, count))
        declarationCount += count
        guard declarationCount <= Self.namespaceLimit else {
          return limit(
            at: name, "more than \(Self.namespaceLimit) namespaces are declared here and around",
            remedy: "PMML needs one: leave the others out")
        }
      }
      depth += 1
      guard depth <= Self.depthLimit else {
        return limit(
          at: name, "elements lie more than \(Self.depthLimit) deep",
          remedy: "No model needs that: correct the program that wrote the file")
      }
      let first = attributes.count
      if let values {
        for index in 0..<attributeCount {
          // Name, prefix, namespace, and the value's first byte and the one behind its last.
          let parts = values + 5 * index
          guard let name = parts[0], let start = parts[3], let end = parts[4] else { continue }
          let place = bytes.count
          let value = UnsafeBufferPointer(start: start, count: end - start)
          append(value)
          attributes.append(
            Attribute(name: name, first: Int32(place), count: Int32(bytes.count - place)))
        }
      }
      items.append(
        Item(
          kind: .start, line: line, name: name, first: Int32(first),
          count: Int32(attributes.count - first)))
    }

    /// Notes that nothing more can be read from an element on.
    private mutating func limit(
      at name: UnsafePointer<xmlChar>, _ message: String, remedy: String
    ) {
      fault = Fault(
        .limit, at: nil, key: "line \(line), \(String(cString: name).clipped)", message,
        remedy: remedy)
    }

    /// Adds the value of an attribute, in which libxml2 leaves `&#38;` where `&` is meant, for those
    /// who replace entities themselves; it has no other `&`.
    private mutating func append(_ value: UnsafeBufferPointer<xmlChar>) {
      let ampersand = UInt8(ascii: "&")
      guard value.contains(ampersand) else {
        bytes.append(contentsOf: value)
        return
      }
      var index = 0
      while index < value.count {
        bytes.append(value[index])
        index += value[index] == ampersand ? "&#38;".utf8.count : 1
      }
    }

    fileprivate mutating func end(_ name: UnsafePointer<xmlChar>) {
      guard fault == nil else { return }
      depth -= 1
      if let last = declarations.last, last.depth == depth {
        declarations.removeLast()
        declarationCount -= last.count
      }
      items.append(Item(kind: .end, line: line, name: name, first: 0, count: 0))
    }

    fileprivate mutating func text(_ text: UnsafeBufferPointer<xmlChar>) {
      guard fault == nil else { return }
      let first = bytes.count
      bytes.append(contentsOf: text)
      items.append(
        Item(kind: .text, line: line, name: nil, first: Int32(first), count: Int32(text.count)))
    }

    fileprivate mutating func refuse(_ message: String, line: Int) {
      guard fault == nil else { return }
      let text = message.split(separator: "\n").first.map(String.init) ?? "it cannot be read"
      fault = Fault(
        .malformed, at: nil, key: "line \(line)",
        "the document is no well-formed XML: \(text.clipped)", remedy: Remedy.completeCopy)
    }

    /// Notes that libxml2 did not say why it gave up.
    mutating func refuseRest() {
      refuse("libxml2 does not say why", line: Int(line))
    }

    /// Notes that there are more different names than `limit`.
    mutating func refuse(names limit: Int) {
      guard fault == nil else { return }
      fault = Fault(
        .limit, at: nil, key: "line \(line)",
        "more than \(limit) different names of elements and attributes",
        remedy: "PMML has a few hundred: correct the program that wrote the file")
    }

    // MARK: The way from C

    /// What libxml2 calls, with a tape as the first argument. All else is left out: with no place
    /// for entities there are but the five of XML, and nothing is looked up.
    static var handler: xmlSAXHandler {
      var handler = xmlSAXHandler()
      handler.initialized = UInt32(XML_SAX2_MAGIC)
      handler.startElementNs = { tape, name, _, namespace, declarations, _, count, _, attributes in
        guard let tape, let name else { return }
        tape.assumingMemoryBound(to: XMLTape.self).pointee.start(
          name, namespace: namespace, declarations: Int(declarations), attributes: attributes,
          count: Int(count))
      }
      handler.endElementNs = { tape, name, _, _ in
        guard let tape, let name else { return }
        tape.assumingMemoryBound(to: XMLTape.self).pointee.end(name)
      }
      handler.characters = addText
      // The same function, so that libxml2 does not ask which blanks matter.
      handler.ignorableWhitespace = addText
      handler.cdataBlock = addText
      handler.serror = { tape, error in
        guard let tape, let error, error.pointee.level == XML_ERR_FATAL else { return }
        tape.assumingMemoryBound(to: XMLTape.self).pointee.refuse(
          error.pointee.message.map { String(cString: $0) } ?? "", line: Int(error.pointee.line))
      }
      return handler
    }

    private static let addText: charactersSAXFunc = { tape, text, count in
      guard let tape, let text else { return }
      tape.assumingMemoryBound(to: XMLTape.self).pointee.text(
        UnsafeBufferPointer(start: text, count: Int(count)))
    }
  }
#endif
