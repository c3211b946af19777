import TreeIR

/// How an output is computed that is nothing but the raw scores of all trees of an ensemble.
///
/// A workspace keeps the one that it used last: a call that finds all it needs in one place counts
/// few references, which otherwise take a fifth of the time of a single row.
final class DirectScoring: Sendable {
  private let owner: PlanOwner
  /// The position of the output.
  private let output: Int
  private let inputCount: Int
  private let outputCount: Int
  private let trees: Range<Int>
  private let engines: EnsembleEngines
  private let singleRowEngine: any EnsembleEngine

  init(
    _ model: TreeModel, ensemble: Int, _ engines: EnsembleEngines, output: Int, owner: PlanOwner
  ) {
    self.owner = owner
    self.output = output
    self.engines = engines
    inputCount = model.input.count
    outputCount = model.ensembles[ensemble].outputCount
    trees = 0..<model.ensembles[ensemble].treeCount
    singleRowEngine = engines.engine(rows: 1)
  }

  /// Whether this is how the predictor that made `owner` computes an output.
  func answers(_ owner: PlanOwner, _ output: PredictionOutput) -> Bool {
    self.owner === owner && self.output == output.position
  }

  /// Writes the scores of all rows, whose columns are neighbours and enough for the kernels.
  func score(
    _ rows: Span<Double>, _ layout: MatrixLayout, into result: inout MutableSpan<Double>,
    _ scratch: inout EngineScratch
  ) throws(PredictionError) {
    try layout.check(columns: inputCount, elementCount: rows.count)
    try layout.check(rowsOf: outputCount, fit: result.count)
    let matrix = RowMatrix(
      rows, stride: layout.rowStride, width: layout.columnCount, count: layout.rowCount)
    let places = ScorePlaces(first: 0, stride: outputCount)
    if layout.rowCount == 1 {
      singleRowEngine.score(matrix, trees: trees, into: &result, places, &scratch)
    } else {
      engines.score(matrix, trees: trees, into: &result, places, &scratch)
    }
  }
}
