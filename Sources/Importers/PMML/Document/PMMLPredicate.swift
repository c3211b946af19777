/// A predicate as it stands in the document.
enum PMMLPredicate: Hashable {
  enum Comparison: String {
    case equal
    case notEqual
    case lessThan
    case lessOrEqual
    case greaterThan
    case greaterOrEqual
    case isMissing
    case isNotMissing

    /// Whether it asks for the order of two values.
    var isOrdering: Bool {
      switch self {
      case .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual: true
      case .equal, .notEqual, .isMissing, .isNotMissing: false
      }
    }
  }

  enum Connective: String {
    case and
    case or
    case xor
    case surrogate
  }

  case always
  case never
  /// There is no value for `isMissing` and `isNotMissing`.
  case simple(field: String, Comparison, value: String?)
  case set(field: String, isIn: Bool, items: [PMMLArrayItem])
  case compound(Connective, [PMMLPredicate])
}

/// An item of an Array: its text, and whether the array's type says that it is text.
struct PMMLArrayItem: Hashable {
  var text: String
}

/// A node of a decision tree as it stands in the document. Its children are found through
/// ``firstChild`` and their ``nextSibling``.
struct PMMLNode {
  struct Score {
    var value: String
    var recordCount: String?
    var confidence: String?
    var probability: String?
  }

  var line: Int
  var id: String?
  var score: String?
  var recordCount: String?
  var defaultChild: String?
  /// nil where the document has none, which is an error for rows that come here.
  var predicate: PMMLPredicate?
  var distribution: [Score] = []
  /// A model in the node: a position in ``PMMLDocument/embedded``.
  var model: Int?
  var firstChild: Int?
  var nextSibling: Int?
}

/// A PMML document: all elements but the nodes of trees, and these.
struct PMMLDocument {
  /// Elements called `Node` in it have the position of their node as payload.
  var root: XMLElement
  /// A node comes before those below it.
  var nodes: [PMMLNode] = []
  /// Models that nodes have instead of a score.
  var embedded: [XMLElement] = []
  /// The namespace of the root.
  var namespace = ""

  /// Whether the document is of PMML 4.4 or later: the namespace decides, as in JPMML.
  var isNewest: Bool {
    namespace.hasSuffix("PMML-4_4")
      || namespace.isEmpty && root["version"]?.hasPrefix("4.4") == true
  }
}
