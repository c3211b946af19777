/// An element of an XML document, with all below it: for the parts of a document that are small.
/// Namespaces and prefixes play no part.
struct XMLElement {
  struct Attribute {
    var name: String
    var value: String
  }

  var name: String
  /// The line of its tag, from 1.
  var line: Int
  var attributes: [Attribute] = []
  var children: [XMLElement] = []
  /// The text between the tags, without that of children.
  var text = ""
  /// What a reader of its own made of the element instead of children.
  var payload: Int?

  subscript(attribute: String) -> String? {
    attributes.first { $0.name == attribute }?.value
  }

  /// The first child called `name`.
  func child(_ name: String) -> XMLElement? {
    children.first { $0.name == name }
  }

  func children(_ name: String) -> [XMLElement] {
    children.filter { $0.name == name }
  }
}

extension String {
  /// The text, or its beginning where it is too long to be told.
  var clipped: String { clipped(to: 200) }

  func clipped(to limit: Int) -> String { utf8.count <= limit ? self : "\(prefix(limit / 2))…" }
}
