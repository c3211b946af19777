import KernelViews

/// The class columns of a plan, laid out for the kernels.
final class ClassPlan: Sendable {
  let columns: AlignedBuffer<ClassColumn>
  private let values: AlignedBuffer<Double>
  private let rowOfClass: AlignedBuffer<UInt32>
  private let words: AlignedBuffer<UInt64>

  /// - Parameter firstPlane: The plane of the first bit of the first column; those of the others
  ///   follow, in whole words.
  init(_ plan: PredicatePlan, firstPlane: Int) {
    var columns: [ClassColumn] = []
    var values: [Double] = []
    var rowOfClass: [UInt32] = []
    var words: [UInt64] = []
    var plane = firstPlane
    for source in plan.classColumns {
      var column = source.column
      column.firstValue = Int32(values.count)
      column.firstClass = Int32(rowOfClass.count)
      column.firstWord = Int32(words.count)
      column.firstPlane = Int32(plane)
      columns.append(column)
      values += source.values
      rowOfClass += source.rowOfClass
      words += source.words
      plane += Int(column.wordCount) * 64
    }
    let filler = ClassColumn(
      kind: .value, roundsToFloat: false, tinyMagnitude: 0, input: 0, listedCount: 0,
      wordCount: 0)
    self.columns = AlignedBuffer(columns, filler: filler)
    wordCount = columns.reduce(0) { $0 + Int($1.wordCount) }
    self.values = AlignedBuffer(values, filler: 0)
    self.rowOfClass = AlignedBuffer(rowOfClass, filler: 0)
    self.words = AlignedBuffer(words, filler: 0)
  }

  /// What kernels see; valid as long as the plan lives.
  var view: ClassView {
    ClassView(
      columns: columns.base, count: columns.count, values: values.base,
      rowOfClass: rowOfClass.base, words: words.base)
  }

  /// Words that a row has in all columns together.
  let wordCount: Int

  var byteCount: Int {
    columns.byteCount + values.byteCount + rowOfClass.byteCount + words.byteCount
  }
}
