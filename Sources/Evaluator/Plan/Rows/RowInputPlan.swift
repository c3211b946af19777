import KernelViews

/// What the engines for single rows read a row with.
final class RowInputPlan: Sendable {
  /// Valid as long as the plan lives.
  let view: RowInputView
  private let quantiser: QuantiserPlan
  private let classes: ClassPlan

  init(_ analysis: EnsembleAnalysis) {
    quantiser = analysis.quantiser
    classes = ClassPlan(analysis.predicates, firstPlane: 0)
    view = RowInputView(
      quantiser: quantiser.view, columnCount: quantiser.columnCount, classes: classes.view)
  }

  /// Without the quantiser, which other engines share.
  var byteCount: Int { classes.byteCount }
}

/// What leaves add, laid out for the kernels.
final class LeafValues: Sendable {
  /// Valid as long as the values live.
  let view: LeafValuesView
  private let doubles: AlignedBuffer<Double>
  private let floats: AlignedBuffer<Float>
  private let starts: AlignedBuffer<UInt32>
  private let outputs: AlignedBuffer<UInt16>

  init(_ trees: [RowTree], outputCount: Int, areFloat: Bool) {
    let tables = LeafTables<Double>(trees, outputCount: outputCount)
    doubles = AlignedBuffer(areFloat ? [] : tables.values, filler: 0)
    // Sums in Float are of values that are Floats, as the validator has seen.
    floats = AlignedBuffer(areFloat ? tables.values.map { Float($0) } : [], filler: 0)
    // Kernels load the starts of all trees of a group of tables.
    starts = AlignedBuffer(tables.starts, padding: 64, filler: 0)
    outputs = AlignedBuffer(tables.outputs, filler: 0)
    let outputBase = outputs.count > 0 ? outputs.base : nil
    view =
      areFloat
      ? .float(LeafSumView(values: floats.base, starts: starts.base, outputs: outputBase))
      : .double(LeafSumView(values: doubles.base, starts: starts.base, outputs: outputBase))
  }

  var byteCount: Int {
    doubles.byteCount + floats.byteCount + starts.byteCount + outputs.byteCount
  }
}

/// The cells of a row, laid out for the kernels.
final class RowCells: Sendable {
  /// Valid as long as the cells live.
  let view: RowCellsView
  private let columns: AlignedBuffer<UInt16>
  private let starts: AlignedBuffer<UInt32>
  private let values: AlignedBuffer<UInt8>

  init(_ tables: RowCellTables) {
    columns = AlignedBuffer(tables.columns, filler: 0)
    starts = AlignedBuffer(tables.starts, filler: 0)
    values = AlignedBuffer(tables.values, filler: 0)
    view = RowCellsView(
      columns: columns.base, starts: starts.base, values: values.base, count: columns.count)
  }

  var count: Int { columns.count }

  var byteCount: Int { columns.byteCount + starts.byteCount + values.byteCount }
}
