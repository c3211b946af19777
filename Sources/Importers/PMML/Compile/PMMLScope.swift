import TreeIR

/// A field that expressions and predicates can name.
struct PMMLField {
  var type: FieldType
  var operationalType: OperationalType
  /// The slot of the value.
  var slot: Int
  /// The slot that is 1 where the field has no value, because the row must be refused; nil where
  /// that cannot be.
  var failure: Int?
  /// The values of an ordinal field in their order.
  var order: [Double] = []
  /// Whether the value is one that an earlier model gives, which may not have run: the slot of the
  /// truth value that it has; reading it otherwise refuses the row.
  var isSet: Int?
  /// What tells valid values from others, where these are let pass.
  var domain: PMMLDataField?
}

/// The names that a model knows.
final class PMMLScope {
  enum Entry {
    case field(PMMLField)
    /// A DerivedField that nobody has asked for yet.
    case derived(XMLElement, PMMLScope)
    /// One that is computed after those that it reads: if one of them asks for it, that is a circle.
    case pending(XMLElement, PMMLScope)
    /// A name that another scope has.
    case inScope(PMMLScope)

    /// Whether the value is at hand.
    var isComputed: Bool {
      switch self {
      case .field, .inScope: true
      case .derived, .pending: false
      }
    }
  }

  private var entries: [String: Entry] = [:]
  /// Where names are looked up that are not here: the TransformationDictionary.
  let outer: PMMLScope?

  init(outer: PMMLScope?, capacity: Int = 0) {
    self.outer = outer
    entries.reserveCapacity(capacity)
  }

  func entry(_ name: String) -> Entry? {
    switch entries[name] {
    case nil: outer?.entry(name)
    case .inScope(let scope): scope.entry(name)
    case let entry?: entry
    }
  }

  func ownEntry(_ name: String) -> Entry? { entries[name] }

  func define(_ name: String, _ entry: Entry) { entries[name] = entry }

  func has(_ name: String) -> Bool { entry(name) != nil }

  /// The scope that a name's entry is in, never ``Entry/inScope(_:)``.
  func owner(of name: String) -> PMMLScope? {
    switch entries[name] {
    case nil: outer?.owner(of: name)
    case .inScope(let scope): scope.owner(of: name)
    default: self
    }
  }
}

extension XMLElement {
  /// The fields that the expressions in the element name, each as often as it is named.
  var fieldsRead: [String] {
    var found: [String] = []
    var open = children
    while let element = open.popLast() {
      for attribute in element.attributes
      where attribute.name == "field" || attribute.name == "textField" {
        found.append(attribute.value)
      }
      open += element.children
    }
    return found
  }
}
