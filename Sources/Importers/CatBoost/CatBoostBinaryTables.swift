import TextCodec

/// Reads the part `static_provider_v1`: tables of statistics, each a FlatBuffers buffer behind
/// its size.
enum CatBoostBinaryTables {
  private typealias Schema = CatBoostSchema.Table

  /// Reads the part at `position`, and moves that behind it.
  static func read(
    _ bytes: Span<UInt8>, at position: inout Int, _ meter: inout ReadingMeter
  ) throws(Fault) -> [CatBoostTableKey: CatBoostTable] {
    var tables: [CatBoostTableKey: CatBoostTable] = [:]
    let count = try readSize(bytes, at: &position)
    for number in 0..<count {
      let size = try readSize(bytes, at: &position)
      guard size <= bytes.count - position else {
        throw Fault(
          .truncated, at: position,
          "table \(number) of the cbm should have \(size) bytes, of which \(bytes.count - position) are there",
          remedy: Remedy.completeCopy)
      }
      var buffer = FlatBuffer(bytes, in: position..<position + size, format: "cbm")
      let (key, table) = try readTable(&buffer, number)
      guard tables.updateValue(table, forKey: key) == nil else {
        throw table.place.fault(
          .invalid, "there is another table of the same features and type")
      }
      position += size
      meter.reached(position)
    }
    return tables
  }

  private static func readSize(
    _ bytes: Span<UInt8>, at position: inout Int
  ) throws(Fault) -> Int {
    guard bytes.count - position >= 4 else {
      throw Fault(
        .truncated, at: position, "the cbm ends before its tables of statistics (CTR data) do",
        remedy: Remedy.completeCopy)
    }
    let size = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    position += 4
    return size
  }

  @_lifetime(buffer: copy buffer)
  private static func readTable(
    _ buffer: inout FlatBuffer, _ number: Int
  ) throws(Fault) -> (CatBoostTableKey, CatBoostTable) {
    let root = try buffer.root("table")
    var table = CatBoostTable()
    table.place = buffer.place(root)
    guard let base = try buffer.table(root, Schema.base) else {
      throw table.place.fault(.invalid, "there is no ModelCtrBase")
    }
    let key = try CatBoostBinaryFeatures.key(&buffer, base)
    table.counterDenominator = try buffer.integer(
      root, Schema.counterDenominator, missing: Int32(0))
    if !key.type.isMean && !key.type.isCounter {
      table.classCount = try buffer.number(root, Schema.classCount, missing: 0)
      guard table.classCount >= 1 else {
        throw table.place.fault(
          .invalid, "the table counts \(table.classCount) classes (TargetClassesCount)")
      }
    }
    try readRecords(&buffer, root, key.type, &table)
    return (key, table)
  }

  /// The records that the index, whose entries have 12 bytes, finds in the values.
  @_lifetime(buffer: copy buffer)
  private static func readRecords(
    _ buffer: inout FlatBuffer, _ root: FlatBuffer.Table, _ type: CatBoostStatisticType,
    _ table: inout CatBoostTable
  ) throws(Fault) {
    let indexWidth = 12
    guard let index = try buffer.vector(root, Schema.index, width: 1),
      let values = try buffer.vector(root, Schema.values, width: 1)
    else {
      throw table.place.fault(.invalid, "the table has no IndexHashRaw or no CTRBlob")
    }
    let width = type.isMean ? 8 : 4 * table.classCount
    guard index.count.isMultiple(of: indexWidth), values.count.isMultiple(of: width) else {
      throw table.place.fault(
        .invalid,
        "an index of \(index.count) bytes and values of \(values.count) bytes are no records of "
          + "\(width) bytes")
    }
    let recordCount = values.count / width
    for place in stride(from: index.start, to: index.start + index.count, by: indexWidth) {
      let hash = buffer.integer(UInt64.self, at: place)
      guard hash != CatBoostTable.emptyKey else { continue }
      let number = Int(buffer.integer(UInt32.self, at: place + 8))
      guard number < recordCount, table.keys.count < recordCount else {
        throw table.place.fault(
          .invalid, "the index leads to record \(number), or more of them, of \(recordCount)")
      }
      table.keys.append(hash)
      var start = values.start + number * width
      if type.isMean {
        table.sums.append(Float(bitPattern: buffer.integer(UInt32.self, at: start)))
        start += 4
      }
      for count in 0..<table.classCount {
        table.counts.append(buffer.integer(Int32.self, at: start + 4 * count))
      }
    }
  }
}
