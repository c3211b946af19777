import TreeIR

/// Results as typed columns, with a status per row.
public struct ResultTable: Sendable {
  public var columns: [ResultColumn]
  /// One a row.
  public var rowStatus: [RowStatus]

  public var rowCount: Int { rowStatus.count }
}

/// One column of a ``ResultTable``.
public struct ResultColumn: Sendable {
  /// The values, one a row; where ``isValid`` is false the value means nothing.
  public enum Values: Sendable, Equatable {
    case doubles([Double])
    case floats([Float])
    case integers([Int64])
    case strings([String])
    case booleans([Bool])
  }

  public var name: String
  public var values: Values
  /// Whether the row has a value in this column: a failed row has none, nor has a row for
  /// which the model makes no prediction.
  public var isValid: [Bool]
}

/// Whether a row could be scored.
public enum RowStatus: Sendable, Equatable {
  case scored
  /// The row was refused; the message names the column and what is wrong in it.
  case refused(String)
}

extension Predictor {
  /// Names of an output's columns: `prediction_0`, `raw_0`, `leaf_0` …, and `label`
  /// where there is one label a row.
  ///
  /// - Throws: ``PredictionError`` when the model has no such output.
  public func columnNames(
    of output: PredictionOutput, options: PredictionOptions = PredictionOptions()
  ) throws(PredictionError) -> [String] {
    let count = try columnCount(of: output, options: options)
    if output == .fields { return model.resultFields.map(\.name) }
    return output == .label && count == 1
      ? ["label"] : (0..<count).map { "\(output.rawValue)_\($0)" }
  }

  /// Scores encoded rows.
  ///
  /// - Throws: ``PredictionError`` when the call itself is impossible; a row that could not
  ///   be encoded is marked in the table.
  public func predict(
    _ batch: RowBatch, output: PredictionOutput = .prediction,
    options: PredictionOptions = PredictionOptions(), workspace: inout Workspace
  ) throws(PredictionError) -> ResultTable {
    let names = try columnNames(of: output, options: options)
    var numbers = [Double](repeating: 0, count: batch.rowCount * names.count)
    var span = numbers.mutableSpan
    let texts = batch.texts ?? RowTexts(self.texts)
    try predict(
      batch.values.span, rowCount: batch.rowCount, output: output, options: options,
      texts: texts, into: &span, workspace: &workspace)

    var status = [RowStatus](repeating: .scored, count: batch.rowCount)
    for refusal in workspace.refusals { status[refusal.row] = .refused(refusal.reason) }
    for failure in batch.failures { status[failure.row] = .refused(failure.message) }
    let mayBeMissing = mayBeMissing
    let columns = names.indices.map { column in
      let values = (0..<batch.rowCount).map { numbers[$0 * names.count + column] }
      let isValid = values.indices.map { row in
        guard status[row] == .scored else { return false }
        if output == .fields { return !values[row].isNaN }
        return output == .label
          ? model.classLabel(values[row]) != nil : !(values[row].isNaN && mayBeMissing)
      }
      return ResultColumn(
        name: names[column],
        values: output == .fields
          ? typed(values, isValid, model.resultFields[column].type, texts)
          : typed(values, isValid, output), isValid: isValid)
    }
    return ResultTable(columns: columns, rowStatus: status)
  }

  /// Scores encoded rows that lie row by row; see
  /// ``predict(_:layout:output:options:into:workspace:)``.
  ///
  /// - Parameter texts: By which texts of the rows have numbers, and texts of the results too; nil
  ///   where there are none.
  package func predict(
    _ rows: Span<Double>, rowCount: Int, output: PredictionOutput,
    options: PredictionOptions = PredictionOptions(), texts: RowTexts?,
    into result: inout MutableSpan<Double>, workspace: inout Workspace
  ) throws(PredictionError) {
    workspace.texts = texts
    defer { workspace.texts = nil }
    try predict(
      rows, layout: .rowMajor(rows: rowCount, columns: model.input.count), output: output,
      options: options, into: &result, workspace: &workspace)
  }

  /// Whether NaN can mean that the model makes no prediction: some operation is skipped
  /// when its predicate does not hold.
  private var mayBeMissing: Bool {
    model.operations.contains { operation in
      if case .aggregate(let aggregate) = operation.kind {
        return aggregate.segments.contains { $0.predicate != nil }
      }
      return operation.guardSlot != nil
    }
  }

  private func typed(
    _ values: [Double], _ isValid: [Bool], _ type: FieldType, _ texts: RowTexts
  ) -> ResultColumn.Values {
    switch type {
    case .integer: return .integers(values.map { Int64(exactly: $0) ?? 0 })
    case .double: return .doubles(values)
    case .float: return .floats(values.map { Float($0) })
    case .boolean: return .booleans(values.map { $0 == 1 })
    case .string:
      return .strings(zip(values, isValid).map { $1 ? texts.text($0) ?? "" : "" })
    default:
      return .strings(zip(values, isValid).map { $1 ? MomentText.text(of: $0, type) : "" })
    }
  }

  private func typed(
    _ values: [Double], _ isValid: [Bool], _ output: PredictionOutput
  ) -> ResultColumn.Values {
    switch output {
    case .prediction, .raw, .probability, .logProbability, .exponent, .fields:
      return .doubles(values)
    case .leaf:
      return .integers(values.map { Int64(exactly: $0) ?? 0 })
    case .label:
      let labels = zip(values, isValid).map { $1 ? model.classLabel($0) : nil }
      return ResultColumn.Values(labels, all: model.classLabels)
    }
  }
}

extension TreeModel {
  /// The class at position `number`, or nil where there is none.
  fileprivate func classLabel(_ number: Double) -> CategoryValue? {
    guard let position = Int(exactly: number), classLabels.indices.contains(position) else {
      return nil
    }
    return classLabels[position]
  }
}

extension ResultColumn.Values {
  /// The column of `labels`, in the type that all class labels share, or as text.
  fileprivate init(_ labels: [CategoryValue?], all: [CategoryValue]) {
    switch all.first {
    case .integer where all.allSatisfy(\.isInteger):
      self = .integers(
        labels.map { if case .integer(let number) = $0 { number } else { 0 } })
    case .double where all.allSatisfy(\.isDouble):
      self = .doubles(
        labels.map { if case .double(let number) = $0 { number } else { .nan } })
    case .boolean where all.allSatisfy(\.isBoolean):
      self = .booleans(
        labels.map { if case .boolean(let truth) = $0 { truth } else { false } })
    default:
      self = .strings(labels.map { $0?.description ?? "" })
    }
  }
}

extension CategoryValue {
  fileprivate var isInteger: Bool { if case .integer = self { true } else { false } }
  fileprivate var isDouble: Bool { if case .double = self { true } else { false } }
  fileprivate var isBoolean: Bool { if case .boolean = self { true } else { false } }
}
