/// Checks that an expression is one that can be evaluated.
struct FieldExpressionValidator {
  let limits: Limits
  let place: String

  /// Expressions in one another at most, so that nobody runs out of stack.
  private static let depth = 200

  func validate(_ expression: FieldExpression) throws(ModelError) {
    var parts = 0
    try check(expression, depth: 0, parameters: 0, &parts)
  }

  private func check(
    _ expression: FieldExpression, depth: Int, parameters: Int, _ parts: inout Int
  ) throws(ModelError) {
    parts += 1
    try require(
      depth < Self.depth && parts <= limits.reads, .limit, place,
      "an expression of more than \(limits.reads) parts, or more than \(Self.depth) deep")
    switch expression {
    case .parameter(let number):
      try require(
        number >= 0 && number < parameters, .invalid, place,
        "parameter \(number) of \(parameters)")
    case .call(let call):
      for argument in call.arguments {
        try check(argument, depth: depth + 1, parameters: parameters, &parts)
      }
      try check(call.body, depth: depth + 1, parameters: call.arguments.count, &parts)
      return
    case .normContinuous(let norm):
      let rises = zip(norm.points, norm.points.dropFirst()).allSatisfy {
        $0.original < $1.original
      }
      try require(
        norm.points.count >= 2 && rises, .invalid, place,
        "an interpolation needs two points or more, in ascending order")
    case .mapValues(let map):
      try require(
        !map.keys.isEmpty && map.rows.allSatisfy { $0.keys.count == map.keys.count }, .invalid,
        place, "a table whose rows have not as many keys as are looked up")
    case .rounded(_, let function):
      try require(
        function == .round || function == .floor || function == .ceil, .invalid, place,
        "rounding by \(function.name)")
    default: break
    }
    for part in expression.parts {
      try check(part, depth: depth + 1, parameters: parameters, &parts)
    }
  }
}
