import TreeIR

/// How the results of a model differ from those that its source states.
public struct StatedVerification: Sendable {
  /// A result that is not what the source states.
  public struct Difference: Sendable, Equatable {
    /// From 0.
    public let row: Int
    /// The name of the result.
    public let field: String
    public let expected: String
    /// The result, or why there is none.
    public let actual: String
  }

  public fileprivate(set) var rowCount = 0
  /// How many results were compared.
  public fileprivate(set) var compared = 0
  public fileprivate(set) var differences: [Difference] = []

  public var passed: Bool { differences.isEmpty }
}

extension Predictor {
  /// Scores the rows that the model's source states results for, and compares.
  ///
  /// Numbers may differ by what the source allows: by a share of the number that is stated
  /// (ModelVerification of PMML).
  ///
  /// - Returns: nil when the source states none.
  public func verifyStatedResults() throws(PredictionError) -> StatedVerification? {
    guard let stated = model.statedResults else { return nil }
    let encoder = makeRowEncoder()
    var batch = encoder.makeBatch()
    var cells: [[String?]?] = Array(repeating: nil, count: model.input.count)
    for input in stated.inputs { cells[input.column] = input.cells }
    for row in 0..<stated.rowCount {
      batch.appendRow { (column) throws(CellError) in
        let bytes = Array((cells[column]?[row] ?? "").utf8)
        return try encoder.encode(text: bytes.span, column: column)
      }
    }
    var workspace = makeWorkspace()
    let table = try predict(batch, output: .fields, workspace: &workspace)
    var report = StatedVerification()
    report.rowCount = stated.rowCount
    for result in stated.results {
      let field = model.resultFields[result.field]
      for (row, expected) in result.texts.enumerated() {
        guard let expected else { continue }
        report.compared += 1
        let column = table.columns[result.field]
        let actual: String
        if case .refused(let reason) = table.rowStatus[row] {
          actual = "the row is refused: \(reason)"
        } else if !column.isValid[row] {
          actual = "no result"
        } else if column.values.agrees(with: expected, row, field.type, result) {
          continue
        } else {
          actual = column.values.text(row)
        }
        report.differences.append(
          StatedVerification.Difference(
            row: row, field: field.name, expected: expected, actual: actual))
      }
    }
    return report
  }
}

extension ResultColumn.Values {
  fileprivate func agrees(
    with expected: String, _ row: Int, _ type: FieldType, _ stated: StatedResults.Result
  ) -> Bool {
    let actual: Double
    switch self {
    case .strings(let texts): return texts[row] == expected
    case .booleans(let truths): actual = truths[row] ? 1 : 0
    case .integers(let numbers): actual = Double(numbers[row])
    case .doubles(let numbers): actual = numbers[row]
    case .floats(let numbers): actual = Double(numbers[row])
    }
    guard let expected = type.number(expected) ?? FieldType.double.number(expected) else {
      return false
    }
    if actual == expected { return true }
    if abs(actual) <= stated.zeroThreshold, abs(expected) <= stated.zeroThreshold { return true }
    return abs(actual - expected) <= stated.precision * abs(expected)
  }

  fileprivate func text(_ row: Int) -> String {
    switch self {
    case .strings(let texts): texts[row]
    case .booleans(let truths): "\(truths[row])"
    case .integers(let numbers): "\(numbers[row])"
    case .doubles(let numbers): "\(numbers[row])"
    case .floats(let numbers): "\(numbers[row])"
    }
  }
}
