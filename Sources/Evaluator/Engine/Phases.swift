extension Predictor {
  /// Part of the work of an engine.
  package struct Phase: Sendable {
    package var name: String
    /// Rows that were scored at a time.
    package var rows: Int
    /// For one row, the least that was seen.
    package var nanoseconds: Double
  }

  /// What the steps of the block engine take for rows of a matrix; empty where the model has no
  /// such engine.
  ///
  /// - Parameter clock: Seconds.
  package func phases(
    _ rows: Span<Double>, layout: MatrixLayout, clock: () -> Double
  ) -> [Phase] {
    guard layout.columnStride == 1, layout.columnCount >= QuantiserPlan.lanes else { return [] }
    var phases: [Phase] = []
    var scratch = EngineScratch()
    let count = min(layout.rowCount, 8192)
    let matrix = RowMatrix(
      rows, stride: layout.rowStride, width: layout.columnCount, count: count)
    for ensemble in enginePlan.ensembles {
      guard let engine = ensemble.engines.lazy.compactMap({ $0 as? BitSlicedEngine }).first,
        engine.rowWidth <= matrix.width
      else { continue }
      phases += engine.phases(matrix, &scratch, clock)
    }
    return phases
  }
}

extension BitSlicedEngine {
  fileprivate func phases(
    _ rows: borrowing RowMatrix, _ scratch: inout EngineScratch, _ clock: () -> Double
  ) -> [Predictor.Phase] {
    guard rows.count >= 512 else { return [] }
    var least = PhaseTimes()
    for round in 0..<20 {
      let times = time(rows, &scratch, clock)
      least = round == 0 ? times : least.least(times)
    }
    let count = Double(rows.count / 512 * 512)
    func phase(_ name: String, _ seconds: Double) -> Predictor.Phase {
      Predictor.Phase(name: name, rows: 512, nanoseconds: seconds * 1e9 / count)
    }
    return [
      phase("quantise", least.quantise), phase("planes", least.planes),
      phase("programs and codes", least.codes),
      phase("programs, codes and sums", least.sums),
    ]
  }
}

/// Seconds.
struct PhaseTimes {
  var quantise = 0.0
  var planes = 0.0
  var codes = 0.0
  var sums = 0.0

  func least(_ other: PhaseTimes) -> PhaseTimes {
    PhaseTimes(
      quantise: min(quantise, other.quantise), planes: min(planes, other.planes),
      codes: min(codes, other.codes), sums: min(sums, other.sums))
  }
}
