import TextCodec
import TreeIR

/// Turns expressions of a PMML document into those of TreeIR.
struct PMMLExpressions {
  /// What a field's name stands for where an expression is: the value of a slot, as a rule.
  typealias Scope = (_ field: String) throws(Fault) -> FieldExpression

  /// The functions that the document defines.
  private let functions: [String: XMLElement]

  /// Bounds on an expression, calls of functions of the document replaced by what they do.
  private static let mostElements = 20_000
  private static let mostDepth = 250

  /// - Parameter functions: Elements called `DefineFunction`.
  /// - Throws: ``Fault`` if two have the same name.
  init(functions: [XMLElement]) throws(Fault) {
    var table: [String: XMLElement] = [:]
    for function in functions {
      let name = try function.required("name")
      if table.updateValue(function, forKey: name) != nil {
        throw function.fault("the function '\(name)' is defined twice")
      }
    }
    self.functions = table
  }

  /// Whether `element` is an expression.
  static func isExpression(_ element: XMLElement) -> Bool {
    switch element.name {
    case "FieldRef", "Constant", "Apply", "NormContinuous", "NormDiscrete", "Discretize",
      "MapValues", "TextIndex", "Aggregate", "Lag":
      true
    default: false
    }
  }

  /// The expression that is in `element`, such as a DerivedField.
  func expression(
    in element: XMLElement, scope: Scope
  ) throws(Fault) -> FieldExpression {
    guard let child = element.children.first(where: { Self.isExpression($0) }) else {
      throw element.fault("there is no expression that treec knows", .unsupported)
    }
    return try expression(child, scope: scope)
  }

  /// The expression that an element is.
  ///
  /// - Throws: ``Fault`` if it is none that treec can evaluate.
  func expression(_ element: XMLElement, scope: Scope) throws(Fault) -> FieldExpression {
    var budget = Self.mostElements
    return try expression(element, scope, Place(), &budget)
  }

  /// Where in an expression an element is.
  private struct Place {
    var depth = 0
    /// Names of the functions whose bodies are open.
    var calls: [String] = []
  }

  private func expression(
    _ element: XMLElement, _ scope: Scope, _ place: Place, _ budget: inout Int
  ) throws(Fault) -> FieldExpression {
    budget -= 1
    guard budget >= 0, place.depth < Self.mostDepth else {
      throw element.fault("the expression is too large, its functions written out", .limit)
    }
    switch element.name {
    case "FieldRef":
      let value = try scope(element.required("field"))
      return element["mapMissingTo"].map { .ifMissing(value, text: $0) } ?? value
    case "Constant": return try constant(element)
    case "Apply": return try application(element, scope, place, &budget)
    case "NormContinuous": return try .normContinuous(element.normContinuous(scope))
    case "NormDiscrete": return try element.normDiscrete(scope)
    case "Discretize": return try .discretize(element.discretize(scope))
    case "MapValues": return try .mapValues(element.mapValues(scope))
    case "TextIndex":
      guard let term = element.children.first(where: { Self.isExpression($0) }) else {
        throw element.fault("there is no expression for the term")
      }
      var inner = place
      inner.depth += 1
      return try .textIndex(
        element.textIndex(scope, term: expression(term, scope, inner, &budget)))
    default:
      throw element.fault("this is no expression that treec knows", .unsupported)
    }
  }

  // MARK: Constants

  private func constant(_ element: XMLElement) throws(Fault) -> FieldExpression {
    if element["missing"] == "true" || element["missing"] == "1" { return .constant(.missing) }
    let text = FieldExpression.constant(.string(element.text))
    guard element["dataType"] != nil else {
      guard let type = Self.type(ofConstant: element.text) else { return text }
      return .cast(text, to: type, .continuous)
    }
    let type = try element.dataType("dataType")
    return .cast(text, to: type, type.usualOperationalType)
  }

  /// The type of a constant that does not tell; nil where it is a text.
  private static func type(ofConstant text: String) -> FieldType? {
    let scalars = text.unicodeScalars
    let digits =
      scalars.first == "-" || scalars.first == "+" ? scalars.dropFirst() : scalars[...]
    if !digits.isEmpty, digits.allSatisfy({ $0.properties.generalCategory == .decimalNumber }) {
      return .integer
    }
    switch text.lowercased() {
    case "nan", "inf", "-inf": return .double
    default: break
    }
    guard scalars.contains(".") else { return nil }
    let bytes = Array(text.utf8)
    return JavaNumber.parseDouble(bytes.span) == nil ? nil : .double
  }

  // MARK: Functions

  private func application(
    _ element: XMLElement, _ scope: Scope, _ place: Place, _ budget: inout Int
  ) throws(Fault) -> FieldExpression {
    let name = try element.required("function")
    var inner = place
    inner.depth += 1
    var arguments: [FieldExpression] = []
    for child in element.children where child.name != "Extension" {
      arguments.append(try expression(child, scope, inner, &budget))
    }
    let invalid: FieldExpression.Application.InvalidTreatment =
      switch element["invalidValueTreatment"] {
      case "asIs": .keep
      case "asMissing": .asMissing
      default: .refuse
      }
    if let function = FieldFunction(name: name) {
      guard function.argumentCounts.contains(arguments.count) else {
        throw element.fault("function '\(name)' does not take \(arguments.count) arguments")
      }
      return .apply(
        FieldExpression.Application(
          function, arguments, mapMissingTo: element["mapMissingTo"],
          defaultValue: element["defaultValue"], invalid: invalid))
    }
    guard let definition = functions[name] else {
      throw element.fault(
        name.contains(".")
          ? "the function '\(name)' is a class of Java, which treec does not run"
          : "the function '\(name)' is unknown", .unsupported,
        remedy: "Use functions of PMML 4.4, or define this one by them (DefineFunction)")
    }
    guard !place.calls.contains(name) else {
      throw element.fault("the function '\(name)' calls itself")
    }
    inner.calls.append(name)
    return .call(
      FieldExpression.Call(
        name, body: try body(of: definition, &arguments, at: element, inner, &budget),
        arguments: arguments, mapMissingTo: element["mapMissingTo"],
        defaultValue: element["defaultValue"], invalid: invalid))
  }

  /// What a function does; its arguments get the types of its parameters.
  private func body(
    of definition: XMLElement, _ arguments: inout [FieldExpression], at call: XMLElement,
    _ place: Place, _ budget: inout Int
  ) throws(Fault) -> FieldExpression {
    let parameters = definition.children("ParameterField")
    guard parameters.count == arguments.count else {
      throw call.fault(
        "function '\(try definition.required("name"))' takes \(parameters.count) arguments, not "
          + "\(arguments.count)")
    }
    var names: [String: Int] = [:]
    for (position, parameter) in parameters.enumerated() {
      names[try parameter.required("name")] = position
      if parameter["dataType"] != nil {
        let type = try parameter.dataType("dataType")
        arguments[position] = .cast(
          arguments[position], to: type, parameter.operationalType(of: type))
      }
    }
    guard let child = definition.children.first(where: { Self.isExpression($0) }) else {
      throw definition.fault("there is no expression that treec knows", .unsupported)
    }
    let result = try expression(
      child,
      { (name) throws(Fault) in
        guard let position = names[name] else {
          throw definition.fault("'\(name)' is no parameter of the function")
        }
        return .parameter(position)
      }, place, &budget)
    guard definition["dataType"] != nil else { return result }
    let type = try definition.dataType("dataType")
    return .cast(result, to: type, definition.operationalType(of: type))
  }
}

extension FieldFunction {
  /// How many arguments the function takes.
  var argumentCounts: ClosedRange<Int> {
    switch self {
    case .add, .subtract, .multiply, .divide, .modulo, .pow, .threshold, .equal, .notEqual,
      .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual, .matches, .formatNumber,
      .formatDatetime, .dateDaysSinceYear, .dateSecondsSinceYear, .hypot, .atan2:
      2...2
    case .min, .max, .sum, .average, .product: 0...Int.max
    case .and, .or, .isIn, .isNotIn, .concat: 2...Int.max
    case .if: 2...3
    case .substring, .replace, .normalCDF, .normalPDF, .normalIDF: 3...3
    default: 1...1
    }
  }
}
