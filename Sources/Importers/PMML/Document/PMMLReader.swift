import TreeIR

/// Reads a PMML document into memory: nodes of trees, which are nearly all of it, as a flat list,
/// and everything else as elements.
struct PMMLReader: ~Copyable {
  private var source: XMLSource
  private var nodes: [PMMLNode] = []
  private var embedded: [XMLElement] = []
  private let limits: Limits

  struct Limits {
    /// Of elements other than nodes.
    var depth = 200
    /// Of nodes.
    var nodeDepth = 4096
    var elements = 20_000_000
  }

  private var elementCount = 0

  static func read(_ bytes: Span<UInt8>) throws(Fault) -> PMMLDocument {
    let prolog = try XMLProlog(bytes)
    if let converted = prolog.converted { return try read(converted.span, encoding: "UTF-8") }
    return try read(bytes, encoding: nil)
  }

  private static func read(
    _ bytes: Span<UInt8>, encoding: String?
  ) throws(Fault) -> PMMLDocument {
    let result = bytes.withUnsafeBytes { bytes -> Result<PMMLDocument, Fault> in
      do throws(Fault) {
        var reader = PMMLReader(
          try XMLSource(bytes, encoding: encoding, limits: XMLSource.Limits()), Limits())
        return .success(try reader.document())
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

  private mutating func document() throws(Fault) -> PMMLDocument {
    guard try source.next() == .start else {
      throw Fault(.malformed, at: nil, "the document has no element")
    }
    guard source.name == "PMML" else {
      throw Fault(
        .unrecognized, at: nil, key: "line \(source.line)",
        "the document's root is '\(source.name)', not 'PMML'",
        remedy: "treec reads XML that is PMML")
    }
    let namespace = source.namespace
    let root = try element(depth: 0)
    // What follows must be XML, too.
    while try source.next() != nil {}
    return PMMLDocument(root: root, nodes: nodes, embedded: embedded, namespace: namespace)
  }

  // MARK: Elements

  private mutating func started() throws(Fault) -> XMLElement {
    elementCount += 1
    guard elementCount <= limits.elements else {
      throw Fault(
        .limit, at: nil, key: "line \(source.line)",
        "the document has more than \(limits.elements) elements", remedy: Remedy.raiseLimits)
    }
    return XMLElement(
      name: source.name, line: source.line, attributes: try source.attributes())
  }

  /// The element that has just started, with all in it.
  private mutating func element(depth: Int) throws(Fault) -> XMLElement {
    guard depth < limits.depth else {
      throw Fault(
        .limit, at: nil, key: "line \(source.line), \(source.name)",
        "elements lie more than \(limits.depth) deep", remedy: Remedy.raiseLimits)
    }
    let isEmpty = source.isEmpty
    var element = try started()
    if isEmpty { return element }
    while let event = try source.next() {
      switch event {
      case .end: return element
      case .text: element.text += source.text
      case .start where source.name == "Node":
        var node = XMLElement(name: "Node", line: source.line)
        node.payload = try node_(depth: depth)
        element.children.append(node)
      case .start where source.name == "Extension" && element.name != "TreeModel":
        try skip()
      case .start:
        element.children.append(try self.element(depth: depth + 1))
      }
    }
    throw truncated()
  }

  /// Leaves the element that has just started out.
  private mutating func skip() throws(Fault) {
    if source.isEmpty { return }
    var open = 1
    while open > 0 {
      guard let event = try source.next() else { throw truncated() }
      if event == .end { open -= 1 }
      if event == .start, !source.isEmpty { open += 1 }
    }
  }

  private func truncated() -> Fault {
    Fault(
      .truncated, at: nil, key: "line \(source.line)", "the document ends too early",
      remedy: Remedy.completeCopy)
  }

  // MARK: Nodes

  /// The node that has just started, with all below it; returns its position.
  private mutating func node_(depth: Int) throws(Fault) -> Int {
    let first = nodes.count
    // The nodes that are open, and the last child of each.
    var open: [(node: Int, lastChild: Int?)] = []
    var event: XMLSource.Event? = .start
    while let current = event {
      switch current {
      case .start where source.name == "Node":
        guard open.count < limits.nodeDepth else {
          throw Fault(
            .limit, at: nil, key: "line \(source.line), Node",
            "a tree is more than \(limits.nodeDepth) nodes deep", remedy: Remedy.raiseLimits)
        }
        let isEmpty = source.isEmpty
        let number = nodes.count
        nodes.append(try startedNode())
        if let parent = open.last {
          if let sibling = parent.lastChild {
            nodes[sibling].nextSibling = number
          } else {
            nodes[parent.node].firstChild = number
          }
          open[open.count - 1].lastChild = number
        }
        if !isEmpty { open.append((number, nil)) }
        if open.isEmpty { return first }
      case .start:
        try readPart(of: open[open.count - 1].node, depth: depth)
      case .end:
        open.removeLast()
        if open.isEmpty { return first }
      case .text: break
      }
      event = try source.next()
    }
    throw truncated()
  }

  private mutating func startedNode() throws(Fault) -> PMMLNode {
    elementCount += 1
    var node = PMMLNode(line: source.line)
    for (name, value) in try source.attributes() {
      switch name {
      case "id": node.id = value
      case "score": node.score = value
      case "recordCount": node.recordCount = value
      case "defaultChild": node.defaultChild = value
      default: break
      }
    }
    return node
  }

  /// An element in a node that is no node.
  private mutating func readPart(of node: Int, depth: Int) throws(Fault) {
    switch source.name {
    case "ScoreDistribution":
      let isEmpty = source.isEmpty
      let element = try started()
      if !isEmpty { try skipRest() }
      guard let value = element["value"] else {
        throw missing("value", in: element)
      }
      nodes[node].distribution.append(
        PMMLNode.Score(
          value: value, recordCount: element["recordCount"], confidence: element["confidence"],
          probability: element["probability"]))
    case "Extension", "Partition": try skip()
    case "Regression", "DecisionTree":
      embedded.append(try element(depth: depth + 1))
      nodes[node].model = embedded.count - 1
    default:
      guard let predicate = try predicate(depth: 0) else {
        throw Fault(
          .unsupported, at: nil, key: "line \(source.line), \(source.name)",
          "a node has an element that treec does not know")
      }
      // Of several the last counts, as in JPMML.
      nodes[node].predicate = predicate
    }
  }

  private mutating func skipRest() throws(Fault) {
    var open = 1
    while open > 0 {
      guard let event = try source.next() else { throw truncated() }
      if event == .end { open -= 1 }
      if event == .start, !source.isEmpty { open += 1 }
    }
  }

  private func missing(_ attribute: String, in element: XMLElement) -> Fault {
    Fault(
      .invalid, at: nil, key: "line \(element.line), \(element.name)",
      "the attribute '\(attribute)' is not there")
  }

  /// The predicate that has just started; nil if it is none.
  private mutating func predicate(depth: Int) throws(Fault) -> PMMLPredicate? {
    switch source.name {
    case "True", "False":
      let predicate: PMMLPredicate = source.name == "True" ? .always : .never
      try skip()
      return predicate
    case "SimplePredicate":
      // Most of a document: without an element in between.
      let isEmpty = source.isEmpty
      let line = source.line
      var (field, comparison, value): (String?, String?, String?)
      for (name, text) in try source.attributes() {
        switch name {
        case "field": field = text
        case "operator": comparison = text
        case "value": value = text
        default: break
        }
      }
      if !isEmpty { try skipRest() }
      guard let field,
        let comparison = comparison.flatMap({ PMMLPredicate.Comparison(rawValue: $0) })
      else {
        throw Fault(
          .invalid, at: nil, key: "line \(line), SimplePredicate",
          "the predicate has no field, or no operator that treec knows")
      }
      return .simple(field: field, comparison, value: value)
    case "SimpleSetPredicate", "CompoundPredicate":
      return try PMMLPredicate(element(depth: depth + 1))
    default: return nil
    }
  }
}
