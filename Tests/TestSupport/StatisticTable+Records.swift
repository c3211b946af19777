import TreeIR

extension StatisticTable {
  /// A table of records written out.
  public init(
    records: [(key: UInt64, counts: [Int32], sum: Float?)], classCount: Int,
    counterDenominator: Int32 = 0
  ) throws(ModelError) {
    try self.init(
      keys: records.map(\.key), counts: records.flatMap(\.counts),
      sums: records.compactMap(\.sum), classCount: classCount,
      counterDenominator: counterDenominator)
  }
}
