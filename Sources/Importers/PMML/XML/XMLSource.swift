#if PMML
  import CLibXML2
  import TreeIR

  /// Reads an XML document forward with libxml2, an element at a time, within bounds. Only documents
  /// that ``XMLScan`` has looked over may come here: there are no entities but the five of XML
  /// itself, nothing is looked up, and no address is opened.
  struct XMLSource: ~Copyable {
    enum Event {
      case start
      case end
      case text
    }

    /// The name of the element that starts or ends.
    var name: String { names[nameNumber].text }
    /// The same, where it is one that the reader looks for.
    var word: PMMLWord? { names[nameNumber].word }
    /// The line where it does: where its tag ends.
    private(set) var line = 1
    /// How many attributes the element has that starts; those of other namespaces, too.
    private(set) var attributeCount = 0
    /// Bytes that libxml2 has been given.
    private(set) var offset = 0

    private let bytes: UnsafeRawBufferPointer
    private let parser: xmlParserCtxtPtr
    private let tape: UnsafeMutablePointer<XMLTape>
    /// The next item on the tape.
    private var place = 0
    private var isComplete = false
    private var nameNumber = 0
    /// The first attribute of the element that starts, or the first byte of the text.
    private var first = 0
    private var textCount = 0
    private var names: [(text: String, word: PMMLWord?)] = [("", nil)]
    private var numbers = PointerTable()
    private var texts = TextTable()

    /// Different names of elements and attributes: libxml2's table of them does not grow with them.
    private static let nameLimit = 1 << 16
    /// How much libxml2 is given at once.
    private static let pieceBytes = 16 << 10

    /// - Parameters:
    ///   - bytes: The document; must outlive the source.
    ///   - isUTF8: Whether the bytes are in UTF-8 whatever the document says.
    init(_ bytes: UnsafeRawBufferPointer, isUTF8: Bool) throws(Fault) {
      self.bytes = bytes
      tape = .allocate(capacity: 1)
      tape.initialize(to: XMLTape())
      var handler = XMLTape.handler
      guard let parser = xmlCreatePushParserCtxt(&handler, tape, nil, 0, nil) else {
        tape.deinitialize(count: 1)
        tape.deallocate()
        throw Fault(.io, at: nil, "libxml2 has no memory", remedy: "")
      }
      self.parser = parser
      tape.pointee.parser = parser
      var options =
        XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        | XML_PARSE_HUGE.rawValue
      if isUTF8 { options |= XML_PARSE_IGNORE_ENC.rawValue }
      xmlCtxtUseOptions(parser, Int32(options))
    }

    deinit {
      xmlFreeParserCtxt(parser)
      tape.deinitialize(count: 1)
      tape.deallocate()
    }

    /// The namespace of the root; empty where it has none.
    var namespace: String { tape.pointee.namespace }

    /// The next start or end of an element, or text in one; nil at the end of the document. A text
    /// may come in parts.
    mutating func next() throws(Fault) -> Event? {
      while place >= tape.pointee.items.count {
        if let fault = tape.pointee.fault { throw fault }
        guard !isComplete else { return nil }
        read()
      }
      let item = tape.pointee.items[place]
      place += 1
      line = Int(item.line)
      first = Int(item.first)
      switch item.kind {
      case .start:
        attributeCount = Int(item.count)
        nameNumber = number(item.name)
        return .start
      case .end:
        nameNumber = number(item.name)
        return .end
      case .text:
        textCount = Int(item.count)
        return .text
      }
    }

    /// Gives libxml2 another piece.
    private mutating func read() {
      // In a variable, because the compiler fails on changes through a stored pointer under the
      // thread sanitizer.
      let tape = tape
      tape.pointee.removeAll()
      place = 0
      let end = min(offset + Self.pieceBytes, bytes.count)
      let piece = bytes[offset..<end]
      offset = end
      isComplete = end == bytes.count
      let start = UnsafeRawBufferPointer(rebasing: piece).baseAddress
      xmlParseChunk(
        parser, start?.assumingMemoryBound(to: CChar.self), Int32(piece.count), isComplete ? 1 : 0)
      if parser.pointee.wellFormed == 0 { tape.pointee.refuseRest() }
      if xmlDictSize(parser.pointee.dict) > Self.nameLimit {
        tape.pointee.refuse(names: Self.nameLimit)
      }
    }

    // MARK: Names

    /// The name of an attribute of the element that has just started.
    mutating func attributeName(_ index: Int) -> String {
      names[number(attribute(index).name)].text
    }

    /// The same, where it is one that the reader looks for.
    mutating func attributeWord(_ index: Int) -> PMMLWord? {
      names[number(attribute(index).name)].word
    }

    private func attribute(_ index: Int) -> XMLTape.Attribute {
      tape.pointee.attributes[first + index]
    }

    private mutating func number(_ pointer: UnsafePointer<xmlChar>?) -> Int {
      guard let pointer else { return 0 }
      if let number = numbers[pointer] { return number }
      let text = String(cString: pointer)
      numbers.insert(pointer, names.count)
      names.append((text, PMMLWord(rawValue: text)))
      return names.count - 1
    }

    // MARK: Values

    /// The value of an attribute of the element that has just started.
    func attributeValue(_ index: Int) -> String {
      let attribute = attribute(index)
      return string(Int(attribute.first), Int(attribute.count))
    }

    /// The same, for values of which a document has few: each is kept once.
    mutating func commonValue(_ index: Int) -> String {
      let attribute = attribute(index)
      let (first, count) = (Int(attribute.first), Int(attribute.count))
      return tape.pointee.bytes.withUnsafeBufferPointer { bytes in
        texts.text(UnsafeBufferPointer(rebasing: bytes[first..<first + count]))
      }
    }

    /// The text that was found.
    var text: String { string(first, textCount) }

    private func string(_ first: Int, _ count: Int) -> String {
      tape.pointee.bytes.withUnsafeBufferPointer { bytes in
        String(decoding: UnsafeBufferPointer(rebasing: bytes[first..<first + count]), as: UTF8.self)
      }
    }
  }
#endif
