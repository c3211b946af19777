import TreeIR

@testable import Evaluator

/// What a call of a predictor gives: numbers as bits, so that the sign of 0 counts, and refusals.
/// All NaNs are alike: which of two NaNs a sum takes its sign from is the compiler's choice.
struct Scored: Equatable, CustomStringConvertible {
  var bits: [UInt64] = []
  var refusals: [Workspace.Refusal] = []

  init() {}

  var description: String {
    let numbers = bits.prefix(4).map { "\(Double(bitPattern: $0))" }.joined(separator: ", ")
    return "\(bits.count) numbers from \(numbers) on, \(refusals.count) refusals"
  }

  /// Scores `rows`, one after the other, of as many columns as the model has.
  init(
    _ predictor: Predictor, _ rows: ArraySlice<Double>, count: Int, _ output: PredictionOutput,
    options: PredictionOptions = PredictionOptions(), _ workspace: inout Workspace
  ) throws {
    try self.init(
      predictor, rows.span,
      .rowMajor(rows: count, columns: predictor.model.input.count), output, options: options,
      &workspace)
  }

  /// Scores rows that lie in `rows` as `layout` says.
  init(
    _ predictor: Predictor, _ rows: Span<Double>, _ layout: MatrixLayout,
    _ output: PredictionOutput, options: PredictionOptions = PredictionOptions(),
    _ workspace: inout Workspace
  ) throws {
    let width = try predictor.columnCount(of: output, options: options)
    var result = [Double](repeating: -1, count: layout.rowCount * width)
    var span = result.mutableSpan
    try predictor.predict(
      rows, layout: layout, output: output, options: options, into: &span, workspace: &workspace)
    bits = Self.bits(of: result)
    refusals = workspace.refusals
  }

  /// The bits of `numbers`, as this compares them.
  static func bits(of numbers: [Double]) -> [UInt64] {
    numbers.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
  }

  /// What `count` rows from `first` on have of this.
  func rows(_ first: Int, _ count: Int, of rowCount: Int) -> Scored {
    let width = rowCount == 0 ? 0 : bits.count / rowCount
    var part = Scored()
    part.bits = Array(bits[first * width..<(first + count) * width])
    part.refusals = refusals.filter { (first..<first + count).contains($0.row) }.map {
      Workspace.Refusal(row: $0.row - first, reason: $0.reason)
    }
    return part
  }
}
