import TreeIR

/// Turns a PMML document into a scoring graph.
final class PMMLCompiler {
  let document: PMMLDocument
  let limits: Limits
  var builder: ModelBuilder
  let dataFields: [String: PMMLDataField]
  private let expressions: PMMLExpressions
  /// The TransformationDictionary, and below it the fields of the outermost model.
  let global: PMMLScope
  private(set) var texts: [String] = []
  private var codeOfText: [CategoryValue: Int] = [:]
  /// A slot that is always this number.
  private var constants: [UInt64: Int] = [:]
  /// By the slot of a value, the truth value of whether it is valid.
  var validities: [Int: Int] = [:]
  /// By the number of a class that is no text, how the document writes it.
  var labelTexts: [UInt64: Set<String>] = [:]
  /// By slots and failures, the truth value of whether all are there.
  var presences: [[[Int]]: Int] = [:]
  /// String fields whose texts somebody may need.
  var readsTexts: Set<Int> = []

  init(
    _ document: PMMLDocument, limits: Limits, input: InputSchema,
    dataFields: [String: PMMLDataField]
  ) throws(Fault) {
    self.document = document
    self.limits = limits
    self.dataFields = dataFields
    builder = ModelBuilder(input: input)
    global = PMMLScope(outer: nil)
    let dictionary = document.root.child("TransformationDictionary")
    expressions = try PMMLExpressions(functions: dictionary?.children("DefineFunction") ?? [])
    for field in dictionary?.children("DerivedField") ?? [] {
      if let name = field["name"] { global.define(name, .derived(field, global)) }
    }
  }

  // MARK: Values

  /// The number that stands for a text.
  func code(of text: String) -> Double {
    let key = CategoryValue.string(text)
    if let code = codeOfText[key] { return Double(code) }
    codeOfText[key] = texts.count
    texts.append(text)
    return Double(texts.count - 1)
  }

  /// The number that stands for a value of a type; nil where the text is none.
  func number(_ text: String, _ type: FieldType) -> Double? {
    type == .string ? code(of: text) : PMMLText.number(text, type)
  }

  /// A slot that always holds `number`.
  func slot(of number: Double) -> Int {
    if let slot = constants[number.bitPattern] { return slot }
    let slot = withoutGuard {
      builder.select(alwaysTrue, then: .constant(number), otherwise: .constant(number))
    }
    constants[number.bitPattern] = slot
    return slot
  }

  /// A truth value that is 1.
  lazy var alwaysTrue: Int = withoutGuard {
    builder.compare(.constant(0), .equal, .constant(0))
  }

  /// Adds operations that run for every row.
  func withoutGuard<Value>(_ body: () -> Value) -> Value {
    let guardSlot = builder.guardSlot
    builder.guardSlot = nil
    defer { builder.guardSlot = guardSlot }
    return body()
  }

  /// Adds operations that run where `condition` is 1, beside what is required already.
  func guarded<Value, Failure: Error>(
    by condition: Int?, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard let condition else { return try body() }
    let outer = builder.guardSlot
    let both = outer.map { outer in withoutGuard { builder.logic(.and, [outer, condition]) } }
    builder.guardSlot = both ?? condition
    defer { builder.guardSlot = outer }
    return try body()
  }

  /// Whether a slot is not missing.
  func isPresent(_ slot: Int) -> Int {
    withoutGuard { builder.logic(.not, [builder.logic(.isMissing, [slot])]) }
  }

  /// Refuses rows, where the guard holds, for which `failure` is 1.
  func refuse(where failure: Int, _ reason: String) {
    let isFine = withoutGuard { builder.compare(.slot(failure), .notEqual, .constant(1)) }
    // A failure that is missing is none: nobody has asked.
    let condition = withoutGuard {
      builder.logic(.or, [isFine, builder.logic(.isMissing, [failure])])
    }
    builder.require(condition, reason: reason)
  }

  // MARK: Fields

  /// The field called `name`, computed if need be.
  func field(
    _ name: String, in scope: PMMLScope, from element: XMLElement
  ) throws(Fault) -> PMMLField {
    if case .field(let field) = scope.ownEntry(name) { return field }
    try computeDerived(name, in: scope)
    guard case .field(let field) = scope.owner(of: name)?.ownEntry(name) else {
      throw element.fault(
        "the field '\(name)' is not known here: neither the MiningSchema nor a DerivedField has it",
        feature: name)
    }
    // Found at once from now on.
    if case .inScope = scope.ownEntry(name) { scope.define(name, .field(field)) }
    return field
  }

  /// Computes a field if it is a derived one, those that it reads first: chains of them may be
  /// long, so that they wait in a list and not on the stack.
  private func computeDerived(_ name: String, in scope: PMMLScope) throws(Fault) {
    var waiting = [(name: name, scope: scope, isOpen: false)]
    while let next = waiting.last {
      guard let owner = next.scope.owner(of: next.name), let entry = owner.ownEntry(next.name)
      else {
        waiting.removeLast()
        continue
      }
      switch entry {
      case .field, .inScope: waiting.removeLast()
      case .derived(let element, let home):
        owner.define(next.name, .pending(element, home))
        waiting[waiting.count - 1].isOpen = true
        for read in element.fieldsRead where home.entry(read)?.isComputed == false {
          waiting.append((read, home, false))
        }
      case .pending(let element, let home):
        guard next.isOpen else {
          throw element.fault(
            "the derived field '\(next.name)' is made of itself", feature: next.name)
        }
        owner.define(next.name, .field(try compute(element, in: home)))
        waiting.removeLast()
      }
    }
  }

  /// A DerivedField.
  private func compute(
    _ element: XMLElement, in scope: PMMLScope
  ) throws(Fault) -> PMMLField {
    let name = try element.required("name")
    let type = try FieldType(element)
    let operational =
      try OperationalType.of(element) ?? (type.isNumeric ? .continuous : .categorical)
    guard let expression = element.children.first(where: { PMMLExpressions.isExpression($0) })
    else {
      throw element.fault("the derived field has no expression", feature: name)
    }
    let value = try self.expression(expression, in: scope)
    if expression.name == "FieldRef", expression["mapMissingTo"] == nil,
      let read = try? field(expression.required("field"), in: scope, from: element),
      read.type == type, let domain = read.domain
    {
      // A copy is as invalid as what it is a copy of.
      var copy = computed(.cast(value, to: type, operational), type, operational, name: name)
      copy.domain = domain
      return copy
    }
    return computed(.cast(value, to: type, operational), type, operational, name: name)
  }

  /// An element that is an expression.
  func expression(
    _ element: XMLElement, in scope: PMMLScope
  ) throws(Fault) -> FieldExpression {
    try expressions.expression(element) { (name) throws(Fault) in
      let field = try self.field(name, in: scope, from: element)
      if field.type == .string { self.readsTexts.insert(field.slot) }
      return self.reference(field)
    }
  }

  /// The value of a field in an expression; to ask for one that could not be computed refuses the
  /// row.
  func reference(_ field: PMMLField) -> FieldExpression {
    var value = FieldExpression.slot(field.slot, field.type, field.operationalType)
    if let domain = field.domain {
      value = .marked(value, validWhere: validity(of: field, in: domain))
    }
    if let failure = field.failure {
      let isFine = withoutGuard { builder.compare(.slot(failure), .notEqual, .constant(1)) }
      value = .defined(value, where: isFine)
    }
    if field.operationalType == .ordinal, !field.order.isEmpty {
      value = .ordered(
        value,
        field.order.map {
          field.type == .string
            ? .string(texts.indices.contains(Int($0)) ? texts[Int($0)] : "")
            : .number($0, field.type)
        })
    }
    return field.isSet.map { .defined(value, where: $0) } ?? value
  }

  /// The value of an expression as a field.
  func computed(
    _ expression: FieldExpression, _ type: FieldType, _ operational: OperationalType,
    name: String
  ) -> PMMLField {
    if let slot = withoutGuard({ lowered(expression) }) {
      return PMMLField(type: type, operationalType: operational, slot: slot)
    }
    let (value, failure) = withoutGuard {
      builder.compute(expression, type: type, name: name)
    }
    return PMMLField(
      type: type, operationalType: operational, slot: value, failure: failure)
  }
}
