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
  /// What is computed, where that may fail.
  var expression: FieldExpression?
  /// The values of an ordinal field in their order.
  var order: [Double] = []
  /// Whether the value is one that an earlier model gives, which may not have run: the slot of the
  /// truth value that it has; reading it otherwise refuses the row.
  var isSet: Int?
}

/// The names that a model knows.
final class PMMLScope {
  enum Entry {
    case field(PMMLField)
    /// A DerivedField that nobody has asked for yet.
    case derived(XMLElement, PMMLScope)
    /// One that is being computed: to ask for it is a circle.
    case pending
  }

  private var entries: [String: Entry] = [:]
  /// Where names are looked up that are not here: the TransformationDictionary.
  let outer: PMMLScope?

  init(outer: PMMLScope?) {
    self.outer = outer
  }

  func entry(_ name: String) -> Entry? { entries[name] ?? outer?.entry(name) }

  func ownEntry(_ name: String) -> Entry? { entries[name] }

  func define(_ name: String, _ entry: Entry) { entries[name] = entry }

  /// Where the entry of a name is.
  func owner(of name: String) -> PMMLScope? {
    entries[name] != nil ? self : outer?.owner(of: name)
  }
}
