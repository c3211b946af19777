#if PMML
  import TreeIR

  /// Reads a PMML document into memory: nodes of trees, which are nearly all of it, as a flat list,
  /// and everything else as elements.
  struct PMMLReader: ~Copyable {
    private var source: XMLSource
    private var nodes: [PMMLNode] = []
    private var embedded: [XMLElement] = []
    private let limits: Limits
    private var elementCount = 0
    /// Those that came, in that order: most documents have one or two.
    private var comparisons: [(name: String, comparison: PMMLPredicate.Comparison)] = []

    /// What a document may have.
    struct Limits {
      /// Depth of elements other than nodes.
      var depth = 200
      /// Depth of nodes: trees that grow leaf by leaf may be deep.
      var nodeDepth = 4096
      /// Of an element.
      var textBytes = 16 << 20
      /// Elements other than nodes; each takes a few hundred bytes.
      var elements: Int
      var nodes: Int

      init(_ limits: TreeIR.Limits = .standard) {
        elements = limits.reads / 4
        // A split may be two nodes, and every tree has a root.
        nodes = 2 * min(limits.splits, 1 << 40) + limits.trees
      }
    }

    /// Reads a document.
    ///
    /// - Throws: ``Fault`` with the line and the element.
    static func read(
      _ bytes: Span<UInt8>, limits: TreeIR.Limits = .standard
    ) throws(Fault) -> PMMLDocument {
      var meter = ReadingMeter(byteCount: bytes.count, file: nil, progress: nil)
      return try read(bytes, limits: limits, meter: &meter)
    }

    static func read(
      _ bytes: Span<UInt8>, limits: TreeIR.Limits, meter: inout ReadingMeter
    ) throws(Fault) -> PMMLDocument {
      let prepared = try XMLBytes(bytes, limits: XMLScan.Limits())
      let limits = Limits(limits)
      if let converted = prepared.converted {
        // Its places are not those of the file.
        var meter = ReadingMeter(byteCount: converted.count, file: nil, progress: nil)
        return try read(converted.span, isUTF8: true, limits, &meter)
      }
      return try read(bytes, isUTF8: false, limits, &meter)
    }

    private static func read(
      _ bytes: Span<UInt8>, isUTF8: Bool, _ limits: Limits, _ meter: inout ReadingMeter
    ) throws(Fault) -> PMMLDocument {
      let result = bytes.withUnsafeBytes { bytes -> Result<PMMLDocument, Fault> in
        do throws(Fault) {
          var reader = PMMLReader(try XMLSource(bytes, isUTF8: isUTF8), limits)
          // A node takes 150 bytes of a document at least. Memory that is not used costs nothing.
          reader.nodes.reserveCapacity(min(bytes.count / 150, limits.nodes, 1 << 20))
          return .success(try reader.document(&meter))
        } catch {
          return .failure(error)
        }
      }
      return try result.get()
    }

    private init(_ source: consuming XMLSource, _ limits: Limits) {
      self.source = source
      self.limits = limits
    }

    private mutating func document(_ meter: inout ReadingMeter) throws(Fault) -> PMMLDocument {
      guard try source.next() == .start else {
        throw Fault(.malformed, at: nil, key: "line 1", "the document has no element")
      }
      guard source.name == "PMML" else {
        throw Fault(
          .unrecognized, at: nil, key: "line \(source.line)",
          "the document's root is '\(source.name.clipped)', not 'PMML'",
          remedy: "treec reads \(FormatSniffer.readableFormats)")
      }
      let root = try element(depth: 0, &meter)
      // What follows must be XML, too.
      while try source.next() != nil {}
      return PMMLDocument(
        root: root, nodes: nodes, embedded: embedded, namespace: source.namespace)
    }

    // MARK: Elements

    private mutating func started() throws(Fault) -> XMLElement {
      elementCount += 1
      guard elementCount <= limits.elements else {
        throw limit("the document has more than \(limits.elements) elements")
      }
      var element = XMLElement(name: source.name, line: source.line)
      let count = source.attributeCount
      if count > 0 {
        element.attributes.reserveCapacity(count)
        for index in 0..<count {
          element.attributes.append(
            XMLElement.Attribute(
              name: source.attributeName(index), value: source.commonValue(index)))
        }
      }
      return element
    }

    private func limit(_ message: String) -> Fault {
      Fault(
        .limit, at: nil, key: "line \(source.line), \(source.name.clipped)", message,
        remedy: Remedy.raiseLimits)
    }

    /// A limit that is there for the stack's and for time's sake, and that no option raises.
    private func fixedLimit(_ message: String) -> Fault {
      Fault(
        .limit, at: nil, key: "line \(source.line), \(source.name.clipped)", message,
        remedy: "No model needs that: correct the program that wrote the file")
    }

    /// The element that has just started, with all in it.
    private mutating func element(
      depth: Int, _ meter: inout ReadingMeter
    ) throws(Fault) -> XMLElement {
      guard depth < limits.depth else {
        throw fixedLimit("elements lie more than \(limits.depth) deep")
      }
      var element = try started()
      let mayHaveExtensions = element.name == "TreeModel"
      while let event = try source.next() {
        switch event {
        case .end: return element
        case .text:
          element.text += source.text
          guard element.text.utf8.count <= limits.textBytes else {
            throw Fault(
              .limit, at: nil, key: "line \(source.line), \(element.name.clipped)",
              "the text in an element is longer than \(limits.textBytes) bytes",
              remedy: "No model needs that: correct the program that wrote the file")
          }
        case .start:
          switch source.word {
          case .node:
            var node = XMLElement(name: "Node", line: source.line)
            node.payload = try tree(depth: depth, &meter)
            element.children.append(node)
          case .extension where !mayHaveExtensions: try skip()
          case .modelStats, .modelExplanation:
            // Nobody asks what is in them.
            element.children.append(try started())
            try skip()
          default: element.children.append(try self.element(depth: depth + 1, &meter))
          }
        }
        meter.reached(source.offset)
      }
      throw truncated()
    }

    /// Leaves out the element that has just started.
    private mutating func skip() throws(Fault) {
      var open = 1
      while let event = try source.next() {
        switch event {
        case .start: open += 1
        case .end: open -= 1
        case .text: break
        }
        if open == 0 { return }
      }
      throw truncated()
    }

    private func truncated() -> Fault {
      Fault(
        .truncated, at: nil, key: "line \(source.line)", "the document ends too early",
        remedy: Remedy.completeCopy)
    }

    // MARK: Nodes

    /// The node that has just started, with all below it; returns its position.
    private mutating func tree(depth: Int, _ meter: inout ReadingMeter) throws(Fault) -> Int {
      let first = nodes.count
      nodes.append(try startedNode())
      // The nodes that are open, and the last child of each.
      var open: [(node: Int, lastChild: Int)] = [(first, -1)]
      while let event = try source.next() {
        switch event {
        case .text: break
        case .end:
          open.removeLast()
          if open.isEmpty { return first }
          meter.reached(source.offset)
        case .start where source.word == .node:
          guard open.count < limits.nodeDepth else {
            throw fixedLimit("a tree is more than \(limits.nodeDepth) nodes deep")
          }
          let number = nodes.count
          nodes.append(try startedNode())
          let (parent, sibling) = open[open.count - 1]
          if sibling >= 0 {
            nodes[sibling].nextSibling = number
          } else {
            nodes[parent].firstChild = number
          }
          open[open.count - 1].lastChild = number
          open.append((number, -1))
        case .start: try readPart(of: open[open.count - 1].node, depth: depth, &meter)
        }
      }
      throw truncated()
    }

    private mutating func startedNode() throws(Fault) -> PMMLNode {
      guard nodes.count < limits.nodes else {
        throw limit("the document has more than \(limits.nodes) nodes")
      }
      var node = PMMLNode(line: source.line)
      for index in 0..<source.attributeCount {
        switch source.attributeWord(index) {
        case .id: node.id = source.attributeValue(index)
        case .score: node.score = source.attributeValue(index)
        case .recordCount: node.recordCount = source.attributeValue(index)
        case .defaultChild: node.defaultChild = source.attributeValue(index)
        default: break
        }
      }
      return node
    }

    /// An element in a node that is no node.
    private mutating func readPart(
      of node: Int, depth: Int, _ meter: inout ReadingMeter
    ) throws(Fault) {
      switch source.word {
      case .scoreDistribution: nodes[node].distribution.append(try share())
      case .extension, .partition: try skip()
      case .regression, .decisionTree:
        embedded.append(try element(depth: depth + 1, &meter))
        nodes[node].model = embedded.count - 1
      default:
        guard let predicate = try predicate(depth: depth, &meter) else {
          throw Fault(
            .unsupported, at: nil, key: "line \(source.line), \(source.name.clipped)",
            "a node has an element that treec does not know")
        }
        // Of several the last counts, as in JPMML.
        nodes[node].predicate = predicate
      }
    }

    private mutating func share() throws(Fault) -> PMMLNode.Score {
      let line = source.line
      var value: String?
      var share = PMMLNode.Score(value: "")
      for index in 0..<source.attributeCount {
        switch source.attributeWord(index) {
        case .value: value = source.commonValue(index)
        case .recordCount: share.recordCount = source.attributeValue(index)
        case .confidence: share.confidence = source.attributeValue(index)
        case .probability: share.probability = source.attributeValue(index)
        default: break
        }
      }
      guard let value else {
        throw Fault(
          .invalid, at: nil, key: "line \(line), ScoreDistribution",
          "the attribute 'value' is not there")
      }
      share.value = value
      try skip()
      return share
    }

    /// The predicate that has just started; nil if it is none.
    private mutating func predicate(
      depth: Int, _ meter: inout ReadingMeter
    ) throws(Fault) -> PMMLPredicate? {
      switch source.word {
      case .true:
        try skip()
        return .always
      case .false:
        try skip()
        return .never
      case .simplePredicate: return try simplePredicate()
      case .simpleSetPredicate, .compoundPredicate:
        return try PMMLPredicate(element(depth: depth + 1, &meter))
      default: return nil
      }
    }

    private mutating func comparison(_ name: String) -> PMMLPredicate.Comparison? {
      if let known = comparisons.first(where: { $0.name == name }) { return known.comparison }
      guard let comparison = PMMLPredicate.Comparison(rawValue: name) else { return nil }
      comparisons.append((name, comparison))
      return comparison
    }

    /// Most of a document: without an element in between.
    private mutating func simplePredicate() throws(Fault) -> PMMLPredicate {
      let line = source.line
      var (field, comparison, value): (String?, PMMLPredicate.Comparison?, String?)
      for index in 0..<source.attributeCount {
        switch source.attributeWord(index) {
        case .field: field = source.commonValue(index)
        case .operator: comparison = self.comparison(source.commonValue(index))
        case .value: value = source.attributeValue(index)
        default: break
        }
      }
      try skip()
      guard let field, let comparison else {
        throw Fault(
          .invalid, at: nil, key: "line \(line), SimplePredicate",
          "the predicate has no field, or no operator that treec knows")
      }
      return .simple(field: field, comparison, value: value)
    }
  }
#endif
