extension RecordWriter {
  mutating func write(_ input: InputSchema) {
    write(count: input.count)
    for column in input.columns {
      write(column.name)
      switch column.kind {
      case .numeric: write(UInt8(0))
      case .categoryCodes: write(UInt8(1))
      case .dictionary(let values, let unknown):
        write(UInt8(2))
        write(unknown.rawValue)
        write(values)
      case .hashedText(let hash):
        write(UInt8(3))
        write(hash.rawValue)
      case .ignored: write(UInt8(4))
      case .field(let rules):
        write(UInt8(5))
        write(rules)
      }
      write(UInt8(column.range == nil ? 0 : 1))
      if let range = column.range {
        write(range.lowerBound)
        write(range.upperBound)
      }
      write(count: column.codes.count)
      for code in column.codes { write(Int64(code)) }
    }
  }
}

extension RecordReader {
  mutating func readInput() throws(ModelError) -> InputSchema {
    var columns: [InputColumn] = []
    let count = try readCount(ofElementsWidth: 10)
    columns.reserveCapacity(count)
    for _ in 0..<count {
      let name = try readText()
      let kind = try readKind()
      let range = try readRangeOfValues()
      var codes: [Int] = []
      for _ in 0..<(try readCount(ofElementsWidth: 8)) { codes.append(Int(try read(Int64.self))) }
      columns.append(InputColumn(name: name, kind: kind, range: range, codes: codes))
    }
    return InputSchema(columns: columns)
  }

  private mutating func readKind() throws(ModelError) -> InputColumn.Kind {
    switch try read(UInt8.self) {
    case 0: return .numeric
    case 1: return .categoryCodes
    case 2:
      let unknown = try readCase(InputColumn.UnknownCategory.self)
      return .dictionary(try readCategoryValues(), unknown: unknown)
    case 3: return .hashedText(try readCase(InputColumn.CategoryHash.self))
    case 4: return .ignored
    case 5: return .field(try readFieldRules())
    case let code: throw corrupt("unknown kind \(code) of input column")
    }
  }

  private mutating func readRangeOfValues() throws(ModelError) -> ClosedRange<Double>? {
    guard try read(UInt8.self) != 0 else { return nil }
    let lower = try readDouble()
    let upper = try readDouble()
    guard lower <= upper else { throw corrupt("the range of an input column is empty") }
    return lower...upper
  }
}
