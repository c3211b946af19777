import TreeIR

/// Stub until the branch of expressions is merged.
struct PMMLExpressions {
  var functions: [String: XMLElement]

  func expression(
    _ element: XMLElement, field: (String) throws(Fault) -> FieldExpression
  ) throws(Fault) -> FieldExpression {
    if element.name == "FieldRef" { return try field(try element.required("field")) }
    throw element.fault("not yet", .unsupported)
  }
}
