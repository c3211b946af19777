// Rules of fields, texts and results.

extension RecordWriter {
  mutating func write(_ rules: FieldRules) {
    write(rules.type.rawValue)
    write(rules.operationalType.rawValue)
    write(count: rules.listed.count)
    for value in rules.listed {
      write(value.text)
      write(value.property.rawValue)
    }
    write(count: rules.intervals.count)
    for interval in rules.intervals { write(interval) }
    switch rules.missing {
    case .keep: write(UInt8(0))
    case .refuse(nil): write(UInt8(1))
    case .replace(let text):
      write(UInt8(2))
      write(text)
    case .refuse(let later?):
      write(UInt8(3))
      write(later)
    }
    switch rules.invalid {
    case .refuse: write(UInt8(0))
    case .asMissing: write(UInt8(1))
    case .keep: write(UInt8(2))
    case .replace(let text):
      write(UInt8(3))
      write(text)
    }
    write(rules.outliers.rawValue)
    write(rules.lowest)
    write(rules.highest)
    write(UInt8(rules.keepsTexts ? 1 : 0))
  }

  mutating func write(_ interval: FieldRules.Interval) {
    write(interval.lower)
    write(interval.upper)
    write(UInt8((interval.includesLower ? 1 : 0) | (interval.includesUpper ? 2 : 0)))
  }

  mutating func write(_ texts: [String]) {
    write(count: texts.count)
    for text in texts { write(text) }
  }

  mutating func write(_ stated: StatedResults) {
    write(count: stated.rowCount)
    write(count: stated.inputs.count)
    for input in stated.inputs {
      write(count: input.column)
      write(input.cells)
    }
    write(count: stated.results.count)
    for result in stated.results {
      write(count: result.field)
      write(result.precision)
      write(result.zeroThreshold)
      write(result.texts)
    }
  }

  private mutating func write(_ texts: [String?]) {
    for text in texts {
      write(UInt8(text == nil ? 0 : 1))
      if let text { write(text) }
    }
  }

  mutating func write(_ fields: [ResultField]) {
    write(count: fields.count)
    for field in fields {
      write(field.name)
      write(field.type.rawValue)
      write(count: field.slot)
    }
  }
}

extension RecordReader {
  mutating func readFieldRules() throws(ModelError) -> FieldRules {
    var rules = FieldRules(try readCase(FieldType.self), try readCase(OperationalType.self))
    for _ in 0..<(try readCount(ofElementsWidth: 5)) {
      rules.listed.append(
        FieldRules.Listed(try readText(), try readCase(FieldRules.Listed.Property.self)))
    }
    for _ in 0..<(try readCount(ofElementsWidth: 17)) {
      rules.intervals.append(try readInterval())
    }
    switch try read(UInt8.self) {
    case 0: rules.missing = .keep
    case 1: rules.missing = .refuse()
    case 2: rules.missing = .replace(try readText())
    case 3: rules.missing = .refuse(later: try readText())
    case let code: throw corrupt("unknown treatment \(code) of missing values")
    }
    switch try read(UInt8.self) {
    case 0: rules.invalid = .refuse
    case 1: rules.invalid = .asMissing
    case 2: rules.invalid = .keep
    case 3: rules.invalid = .replace(try readText())
    case let code: throw corrupt("unknown treatment \(code) of invalid values")
    }
    rules.outliers = try readCase(FieldRules.OutlierTreatment.self)
    rules.lowest = try readDouble()
    rules.highest = try readDouble()
    rules.keepsTexts = try read(UInt8.self) != 0
    return rules
  }

  mutating func readInterval() throws(ModelError) -> FieldRules.Interval {
    let (lower, upper) = (try readDouble(), try readDouble())
    let bounds = try read(UInt8.self)
    return FieldRules.Interval(
      lower: lower, upper: upper, includesLower: bounds & 1 != 0, includesUpper: bounds & 2 != 0)
  }

  mutating func readTexts() throws(ModelError) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try readCount(ofElementsWidth: 4)) { texts.append(try readText()) }
    return texts
  }

  mutating func readStatedResults() throws(ModelError) -> StatedResults {
    let rowCount = try readCount()
    var stated = StatedResults(rowCount: rowCount, inputs: [], results: [])
    for _ in 0..<(try readCount(ofElementsWidth: 4)) {
      stated.inputs.append(
        StatedResults.Input(column: try readCount(), cells: try readTexts(count: rowCount)))
    }
    for _ in 0..<(try readCount(ofElementsWidth: 20)) {
      stated.results.append(
        StatedResults.Result(
          field: try readCount(), texts: [], precision: try readDouble(),
          zeroThreshold: try readDouble()))
      stated.results[stated.results.count - 1].texts = try readTexts(count: rowCount)
    }
    return stated
  }

  private mutating func readTexts(count: Int) throws(ModelError) -> [String?] {
    var texts: [String?] = []
    for _ in 0..<count { texts.append(try read(UInt8.self) == 0 ? nil : try readText()) }
    return texts
  }

  mutating func readResultFields() throws(ModelError) -> [ResultField] {
    var fields: [ResultField] = []
    for _ in 0..<(try readCount(ofElementsWidth: 9)) {
      fields.append(
        ResultField(try readText(), try readCase(FieldType.self), slot: try readCount()))
    }
    return fields
  }
}
