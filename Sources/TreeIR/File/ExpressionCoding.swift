// Expressions, each as the number of its kind and its parts.

extension RecordWriter {
  mutating func write(_ computation: FieldComputation) {
    write(computation.expression)
    write(computation.type.rawValue)
    write(computation.name)
    write(count: computation.output)
  }

  private mutating func write(optional text: String?) {
    write(UInt8(text == nil ? 0 : 1))
    if let text { write(text) }
  }

  private mutating func write(optional number: Double?) {
    write(UInt8(number == nil ? 0 : 1))
    if let number { write(number) }
  }

  private mutating func write(_ constant: FieldConstant) {
    switch constant {
    case .missing: write(UInt8(0))
    case .string(let text):
      write(UInt8(1))
      write(text)
    case .number(let number, let type):
      write(UInt8(2))
      write(number)
      write(type.rawValue)
    }
  }

  private mutating func write(_ expressions: [FieldExpression]) {
    write(count: expressions.count)
    for expression in expressions { write(expression) }
  }

  private mutating func write(_ expression: FieldExpression) {
    switch expression {
    case .constant(let constant):
      write(UInt8(0))
      write(constant)
    case .slot(let slot, let type, let operational):
      write(UInt8(1))
      write(count: slot)
      write(type.rawValue)
      write(operational.rawValue)
    case .defined(let value, let slot):
      write(UInt8(2))
      write(value)
      write(count: slot)
    case .parameter(let number):
      write(UInt8(3))
      write(count: number)
    case .cast(let value, let type, let operational):
      write(UInt8(4))
      write(value)
      write(type.rawValue)
      write(operational.rawValue)
    case .ifMissing(let value, let text):
      write(UInt8(5))
      write(value)
      write(text)
    case .apply(let application):
      write(UInt8(6))
      write(application.function.rawValue)
      write(application.arguments)
      write(optional: application.mapMissingTo)
      write(optional: application.defaultValue)
      write(application.invalid.rawValue)
    case .call(let call):
      write(UInt8(7))
      write(call.name)
      write(call.body)
      write(call.arguments)
      write(optional: call.mapMissingTo)
      write(optional: call.defaultValue)
      write(call.invalid.rawValue)
    case .rounded(let value, let function):
      write(UInt8(8))
      write(value)
      write(function.rawValue)
    case .normContinuous(let norm):
      write(UInt8(9))
      write(norm.value)
      write(count: norm.points.count)
      for point in norm.points {
        write(point.original)
        write(point.normal)
      }
      write(norm.outliers.rawValue)
      write(optional: norm.ifMissing)
    case .normDiscrete(let value, let constant, let ifMissing):
      write(UInt8(10))
      write(value)
      write(constant)
      write(optional: ifMissing)
    case .discretize(let discretize):
      write(UInt8(11))
      write(discretize.value)
      write(count: discretize.bins.count)
      for bin in discretize.bins {
        write(bin.interval)
        write(bin.text)
      }
      write(optional: discretize.defaultValue)
      write(optional: discretize.mapMissingTo)
      write(discretize.type.rawValue)
    case .mapValues(let map):
      write(UInt8(12))
      write(map.keys)
      write(count: map.rows.count)
      for row in map.rows {
        write(count: row.keys.count)
        for key in row.keys { write(optional: key) }
        write(optional: row.result)
      }
      write(optional: map.defaultValue)
      write(optional: map.mapMissingTo)
      write(map.type.rawValue)
    case .textIndex(let index):
      write(UInt8(13))
      write(index)
    case .ordered(let value, let order):
      write(UInt8(14))
      write(value)
      write(count: order.count)
      for constant in order { write(constant) }
    case .marked(let value, let slot):
      write(UInt8(15))
      write(value)
      write(count: slot)
    }
  }

  private mutating func write(_ index: FieldExpression.TextIndex) {
    write(index.text)
    write(index.term)
    write(index.weights.rawValue)
    write(UInt8(index.isCaseSensitive ? 1 : 0))
    write(count: index.maxLevenshteinDistance)
    write(index.countHits.rawValue)
    write(index.pattern)
    write(UInt8(index.patternIsOfWords ? 1 : 0))
    write(count: index.normalizations.count)
    for normalization in index.normalizations {
      write(UInt8(normalization.isRecursive ? 1 : 0))
      write(UInt8(normalization.isCaseSensitive ? 1 : 0))
      write(count: normalization.rows.count)
      for row in normalization.rows {
        write(row.text)
        write(row.stem)
        write(UInt8(row.isRegex ? 1 : 0))
      }
    }
  }
}

extension RecordReader {
  /// Expressions in one another at most.
  private static var expressionDepth: Int { 200 }

  mutating func readComputation() throws(ModelError) -> FieldComputation {
    FieldComputation(
      try readExpression(0), type: try readCase(FieldType.self), name: try readText(),
      output: try readCount())
  }

  private mutating func readOptionalText() throws(ModelError) -> String? {
    try read(UInt8.self) == 0 ? nil : try readText()
  }

  private mutating func readOptionalNumber() throws(ModelError) -> Double? {
    try read(UInt8.self) == 0 ? nil : try readDouble()
  }

  private mutating func readConstant() throws(ModelError) -> FieldConstant {
    switch try read(UInt8.self) {
    case 0: return .missing
    case 1: return .string(try readText())
    case 2: return .number(try readDouble(), try readCase(FieldType.self))
    case let code: throw corrupt("unknown constant \(code)")
    }
  }

  private mutating func readExpressions(_ depth: Int) throws(ModelError) -> [FieldExpression] {
    var expressions: [FieldExpression] = []
    for _ in 0..<(try readCount(ofElementsWidth: 2)) {
      expressions.append(try readExpression(depth))
    }
    return expressions
  }

  private mutating func readExpression(_ outer: Int) throws(ModelError) -> FieldExpression {
    guard outer < Self.expressionDepth else {
      throw corrupt("expressions lie more than \(Self.expressionDepth) deep")
    }
    let depth = outer + 1
    switch try read(UInt8.self) {
    case 0: return .constant(try readConstant())
    case 1:
      return .slot(
        try readCount(), try readCase(FieldType.self), try readCase(OperationalType.self))
    case 2: return .defined(try readExpression(depth), where: try readCount())
    case 3: return .parameter(try readCount())
    case 4:
      return .cast(
        try readExpression(depth), to: try readCase(FieldType.self),
        try readCase(OperationalType.self))
    case 5: return .ifMissing(try readExpression(depth), text: try readText())
    case 6:
      return .apply(
        FieldExpression.Application(
          try readCase(FieldFunction.self), try readExpressions(depth),
          mapMissingTo: try readOptionalText(), defaultValue: try readOptionalText(),
          invalid: try readCase(FieldExpression.Application.InvalidTreatment.self)))
    case 7:
      return .call(
        FieldExpression.Call(
          try readText(), body: try readExpression(depth), arguments: try readExpressions(depth),
          mapMissingTo: try readOptionalText(), defaultValue: try readOptionalText(),
          invalid: try readCase(FieldExpression.Application.InvalidTreatment.self)))
    case 8: return .rounded(try readExpression(depth), try readCase(FieldFunction.self))
    case 9: return .normContinuous(try readNormContinuous(depth))
    case 10:
      return .normDiscrete(
        try readExpression(depth), equals: try readConstant(),
        ifMissing: try readOptionalNumber())
    case 11: return .discretize(try readDiscretize(depth))
    case 12: return .mapValues(try readMapValues(depth))
    case 13: return .textIndex(try readTextIndex(depth))
    case 14:
      let value = try readExpression(depth)
      var order: [FieldConstant] = []
      for _ in 0..<(try readCount(ofElementsWidth: 1)) { order.append(try readConstant()) }
      return .ordered(value, order)
    case 15: return .marked(try readExpression(depth), validWhere: try readCount())
    case let code:
      throw ModelError(
        .unsupported, "section graph",
        "expression \(code) is unknown to this treec; use a newer one")
    }
  }

  private mutating func readNormContinuous(
    _ depth: Int
  ) throws(ModelError) -> FieldExpression.NormContinuous {
    let value = try readExpression(depth)
    var points: [FieldExpression.NormContinuous.Point] = []
    for _ in 0..<(try readCount(ofElementsWidth: 16)) {
      points.append(.init(original: try readDouble(), normal: try readDouble()))
    }
    return FieldExpression.NormContinuous(
      value, points: points, outliers: try readCase(FieldRules.OutlierTreatment.self),
      ifMissing: try readOptionalNumber())
  }

  private mutating func readDiscretize(
    _ depth: Int
  ) throws(ModelError) -> FieldExpression.Discretize {
    let value = try readExpression(depth)
    var bins: [FieldExpression.Discretize.Bin] = []
    for _ in 0..<(try readCount(ofElementsWidth: 21)) {
      bins.append(.init(try readInterval(), text: try readText()))
    }
    return FieldExpression.Discretize(
      value, bins: bins, defaultValue: try readOptionalText(),
      mapMissingTo: try readOptionalText(), type: try readCase(FieldType.self))
  }

  private mutating func readMapValues(
    _ depth: Int
  ) throws(ModelError) -> FieldExpression.MapValues {
    let keys = try readExpressions(depth)
    var rows: [FieldExpression.MapValues.Row] = []
    for _ in 0..<(try readCount(ofElementsWidth: 5)) {
      var cells: [String?] = []
      for _ in 0..<(try readCount(ofElementsWidth: 1)) { cells.append(try readOptionalText()) }
      rows.append(.init(keys: cells, result: try readOptionalText()))
    }
    return FieldExpression.MapValues(
      keys: keys, rows: rows, defaultValue: try readOptionalText(),
      mapMissingTo: try readOptionalText(), type: try readCase(FieldType.self))
  }

  private mutating func readTextIndex(
    _ depth: Int
  ) throws(ModelError) -> FieldExpression.TextIndex {
    var index = FieldExpression.TextIndex(
      text: try readExpression(depth), term: try readExpression(depth),
      weights: try readCase(FieldExpression.TextIndex.Weights.self),
      isCaseSensitive: try read(UInt8.self) != 0, maxLevenshteinDistance: try readCount(),
      countHits: try readCase(FieldExpression.TextIndex.CountHits.self), pattern: try readText(),
      patternIsOfWords: try read(UInt8.self) != 0, normalizations: [])
    for _ in 0..<(try readCount(ofElementsWidth: 6)) {
      var normalization = FieldExpression.TextIndex.Normalization(
        rows: [], isRecursive: try read(UInt8.self) != 0,
        isCaseSensitive: try read(UInt8.self) != 0)
      for _ in 0..<(try readCount(ofElementsWidth: 9)) {
        normalization.rows.append(
          .init(
            text: try readText(), stem: try readText(), isRegex: try read(UInt8.self) != 0))
      }
      index.normalizations.append(normalization)
    }
    return index
  }
}
