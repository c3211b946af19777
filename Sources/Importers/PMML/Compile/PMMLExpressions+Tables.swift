import TextCodec
import TreeIR

/// Expressions of PMML that have a table: intervals, rows, or points of a line.
extension XMLElement {
  /// The type that an attribute names.
  func dataType(_ attribute: String) throws(Fault) -> FieldType {
    let name = try required(attribute)
    guard let type = FieldType(name: name) else { throw unknown(attribute, name) }
    return type
  }

  /// What the attribute `optype` says of values of a type.
  func operationalType(of type: FieldType) -> OperationalType {
    self["optype"].flatMap { OperationalType(name: $0) } ?? type.usualOperationalType
  }

  /// The number that an attribute is; nil where it is not there.
  func number(_ attribute: String) throws(Fault) -> Double? {
    guard let text = self[attribute] else { return nil }
    let bytes = Array(text.utf8)
    guard let number = JavaNumber.parseDouble(bytes.span) else {
      throw fault("\(attribute) '\(text)' is no number")
    }
    return number
  }

  private func requiredNumber(_ attribute: String) throws(Fault) -> Double {
    guard let number = try number(attribute) else {
      throw fault("the attribute '\(attribute)' is not there")
    }
    return number
  }

  private func truth(_ attribute: String) -> Bool? {
    switch self[attribute] {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }

  /// The range that an Interval is.
  func interval() throws(Fault) -> FieldRules.Interval {
    let closure = try required("closure")
    guard ["openOpen", "openClosed", "closedOpen", "closedClosed"].contains(closure) else {
      throw unknown("closure", closure)
    }
    let lower = try number("leftMargin")
    let upper = try number("rightMargin")
    guard lower != nil || upper != nil else { throw fault("the interval has no bound") }
    return FieldRules.Interval(
      lower: lower ?? -.infinity, upper: upper ?? .infinity,
      includesLower: lower == nil || closure.hasPrefix("closed"),
      includesUpper: upper == nil || closure.hasSuffix("Closed"))
  }

  // MARK: Expressions

  func normContinuous(
    _ scope: PMMLExpressions.Scope
  ) throws(Fault) -> FieldExpression.NormContinuous {
    var points: [FieldExpression.NormContinuous.Point] = []
    for point in children("LinearNorm") {
      points.append(
        FieldExpression.NormContinuous.Point(
          original: try point.requiredNumber("orig"), normal: try point.requiredNumber("norm")))
    }
    guard points.count >= 2 else {
      throw fault("an interpolation needs two elements LinearNorm at least")
    }
    let outliers: FieldRules.OutlierTreatment =
      switch self["outliers"] {
      case "asMissingValues": .asMissing
      case "asExtremeValues": .asBound
      default: .keep
      }
    return FieldExpression.NormContinuous(
      try scope(required("field")), points: points, outliers: outliers,
      ifMissing: try number("mapMissingTo"))
  }

  func normDiscrete(_ scope: PMMLExpressions.Scope) throws(Fault) -> FieldExpression {
    if let method = self["method"], method == "thermometer" {
      throw unknown("method", method)
    }
    return .normDiscrete(
      try scope(required("field")), equals: .string(try required("value")),
      ifMissing: try number("mapMissingTo"))
  }

  func discretize(_ scope: PMMLExpressions.Scope) throws(Fault) -> FieldExpression.Discretize {
    var bins: [FieldExpression.Discretize.Bin] = []
    for bin in children("DiscretizeBin") {
      guard let interval = bin.child("Interval") else { throw bin.fault("there is no Interval") }
      bins.append(
        FieldExpression.Discretize.Bin(
          try interval.interval(), text: try bin.required("binValue")))
    }
    return FieldExpression.Discretize(
      try scope(required("field")), bins: bins, defaultValue: self["defaultValue"],
      mapMissingTo: self["mapMissingTo"],
      type: self["dataType"] == nil ? .string : try dataType("dataType"))
  }

  func mapValues(_ scope: PMMLExpressions.Scope) throws(Fault) -> FieldExpression.MapValues {
    let output = Self.plainName(try required("outputColumn"))
    var keys: [FieldExpression] = []
    var columns: [String] = []
    for pair in children("FieldColumnPair") {
      let key = try scope(pair.required("field"))
      let column = Self.plainName(try pair.required("column"))
      // Of several fields for a column the last counts.
      if let position = columns.firstIndex(of: column) {
        keys[position] = key
      } else {
        keys.append(key)
        columns.append(column)
      }
    }
    guard let table = child("InlineTable") else {
      throw fault("there is no InlineTable; treec knows no other tables", .unsupported)
    }
    let rows = table.tableRows()
    return FieldExpression.MapValues(
      keys: keys,
      rows: rows.map { row in
        FieldExpression.MapValues.Row(keys: columns.map { row[$0] }, result: row[output])
      }, defaultValue: self["defaultValue"], mapMissingTo: self["mapMissingTo"],
      type: self["dataType"] == nil ? .string : try dataType("dataType"))
  }

  /// - Parameter term: What is counted.
  func textIndex(
    _ scope: PMMLExpressions.Scope, term: FieldExpression
  ) throws(Fault) -> FieldExpression.TextIndex {
    let weights: FieldExpression.TextIndex.Weights
    switch self["localTermWeights"] {
    case nil, "termFrequency": weights = .termFrequency
    case "binary": weights = .binary
    case "logarithmic": weights = .logarithmic
    case let name?: throw unknown("localTermWeights", name)
    }
    if truth("tokenize") == false { throw unknown("tokenize", "false") }
    let distance = self["maxLevenshteinDistance"] ?? "0"
    guard let distance = Int(distance), distance >= 0 else {
      throw fault("maxLevenshteinDistance '\(distance)' is no whole number")
    }
    let isCaseSensitive = truth("isCaseSensitive") ?? false
    var normalizations: [FieldExpression.TextIndex.Normalization] = []
    for element in children("TextIndexNormalization") {
      normalizations.append(try element.normalization(isCaseSensitive))
    }
    let words = self["x-wordRE"] ?? self["wordRE"]
    return FieldExpression.TextIndex(
      text: try scope(required("textField")), term: term, weights: weights,
      isCaseSensitive: isCaseSensitive, maxLevenshteinDistance: distance,
      countHits: self["countHits"] == "bestHits" ? .bestHits : .allHits,
      pattern: words ?? self["wordSeparatorCharacterRE"] ?? "\\s",
      patternIsOfWords: words != nil, normalizations: normalizations)
  }

  private func normalization(
    _ isCaseSensitive: Bool
  ) throws(Fault) -> FieldExpression.TextIndex.Normalization {
    guard let table = child("InlineTable") else {
      throw fault("there is no InlineTable; treec knows no other tables", .unsupported)
    }
    let text = Self.plainName(self["inField"] ?? "string")
    let stem = Self.plainName(self["outField"] ?? "stem")
    let regex = Self.plainName(self["regexField"] ?? "regex")
    var rows: [FieldExpression.TextIndex.Normalization.Row] = []
    for row in table.tableRows() {
      guard let from = row[text], let to = row[stem] else {
        throw table.fault("a row lacks '\(text)' or '\(stem)'")
      }
      rows.append(
        FieldExpression.TextIndex.Normalization.Row(
          text: from, stem: to, isRegex: row[regex] == "true"))
    }
    return FieldExpression.TextIndex.Normalization(
      rows: rows, isRecursive: truth("recursive") ?? false,
      isCaseSensitive: truth("isCaseSensitive") ?? isCaseSensitive)
  }

  /// The rows of an InlineTable: texts of cells by their names; the last where there are several.
  private func tableRows() -> [[String: String]] {
    children("row").map { row in
      Dictionary(row.children.map { ($0.name, $0.text) }, uniquingKeysWith: { $1 })
    }
  }

  /// A name without its prefix, as elements have theirs.
  private static func plainName(_ name: String) -> String {
    name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }
}
