// How a model becomes sections, and sections a model: each part's writer stands beside its
// reader, so that they stay the same.

extension SectionList {
  /// Adds all sections of `model`.
  mutating func add(_ model: TreeModel) {
    add(.provenance) { $0.write(model.provenance) }
    if !model.provenance.attributes.isEmpty {
      add(.attributes) { $0.write(model.provenance.attributes) }
    }
    add(.input) { $0.write(model.input) }
    // Where the section is missing, the names are those of training.
    if !model.input.hasNames { add(.inputNames) { $0.write(UInt8(0)) } }
    add(.graph) { writer in
      writer.write(count: model.ensembles.count)
      writer.write(count: model.statisticTables.count)
      writer.write(count: model.operations.count)
      for operation in model.operations { writer.write(operation) }
    }
    if !model.texts.isEmpty { add(.texts) { $0.write(model.texts) } }
    if !model.resultFields.isEmpty { add(.resultFields) { $0.write(model.resultFields) } }
    if let stated = model.statedResults { add(.statedResults) { $0.write(stated) } }
    add(.outputs) { $0.write(model.task, model.outputs, model.classLabels) }
    for (number, ensemble) in model.ensembles.enumerated() { add(ensemble, number) }
    for (number, table) in model.statisticTables.enumerated() { add(table, number) }
    add(.categoryTextHashes, 0, model.categoryTexts.hashes)
    add(.categoryTextStarts, 0, model.categoryTexts.starts)
    add(.categoryTextBytes, 0, model.categoryTexts.bytes)
    if let rows = model.verification { add(rows) }
  }

  private mutating func add(_ rows: VerificationRows) {
    add(.verification) { writer in
      writer.write(UInt64(rows.rowCount))
      writer.write(count: rows.answers.count)
      for answers in rows.answers {
        writer.write(answers.role.rawValue)
        writer.write(count: answers.column)
      }
    }
    add(.verificationInputs, 0, rows.inputs)
    for (number, answers) in rows.answers.enumerated() {
      add(.verificationAnswers, number, answers.values)
    }
  }
}

extension TIRReader {
  /// The validated model.
  func model(limits: Limits) throws(ModelError) -> TreeModel {
    var input = try records(.input) { (reader) throws(ModelError) in try reader.readInput() }
    if has(.inputNames) {
      input.hasNames = try records(.inputNames) { (reader) throws(ModelError) in
        try reader.read(UInt8.self) != 0
      }
    }
    var ensembleCount = 0
    var tableCount = 0
    let operations = try records(.graph) { (reader) throws(ModelError) in
      ensembleCount = try reader.readCount()
      tableCount = try reader.readCount()
      let count = try reader.readCount(ofElementsWidth: 10)
      var operations: [Operation] = []
      operations.reserveCapacity(count)
      for _ in 0..<count { operations.append(try reader.readOperation()) }
      return operations
    }
    var ensembles: [Ensemble] = []
    for number in 0..<ensembleCount { ensembles.append(try ensemble(number)) }
    var tables: [StatisticTable] = []
    for number in 0..<tableCount { tables.append(try statisticTable(number)) }

    var builder = ModelBuilder(
      input: input, ensembles: ensembles, statisticTables: tables, operations: operations)
    if has(.provenance) {
      builder.provenance = try records(.provenance) { (reader) throws(ModelError) in
        try reader.readProvenance()
      }
    }
    if has(.attributes) {
      builder.provenance.attributes = try records(.attributes) { (reader) throws(ModelError) in
        try reader.readAttributes()
      }
    }
    (builder.task, builder.outputs, builder.classLabels) = try records(.outputs) {
      (reader) throws(ModelError) in try reader.readOutputs()
    }
    builder.categoryTexts = CategoryTexts(
      hashes: try column(.categoryTextHashes, of: Int32.self),
      starts: try column(.categoryTextStarts, of: UInt32.self),
      bytes: try column(.categoryTextBytes, of: UInt8.self))
    if has(.texts) {
      builder.texts = try records(.texts) { (reader) throws(ModelError) in
        try reader.readTexts()
      }
    }
    if has(.resultFields) {
      builder.resultFields = try records(.resultFields) { (reader) throws(ModelError) in
        try reader.readResultFields()
      }
    }
    if has(.statedResults) {
      builder.statedResults = try records(.statedResults) { (reader) throws(ModelError) in
        try reader.readStatedResults()
      }
    }
    builder.verification = try verificationRows()
    return try builder.build(limits: limits)
  }

  private func verificationRows() throws(ModelError) -> VerificationRows? {
    guard has(.verification) else { return nil }
    let inputs = try column(.verificationInputs, of: Double.self)
    return try records(.verification) { (reader) throws(ModelError) in
      guard let rowCount = Int(exactly: try reader.read(UInt64.self)), rowCount <= 1 << 40 else {
        throw reader.corrupt("impossible number of rows")
      }
      var answers: [VerificationRows.Answers] = []
      for number in 0..<(try reader.readCount(ofElementsWidth: 5)) {
        answers.append(
          VerificationRows.Answers(
            role: try reader.readCase(ModelOutput.Role.self), column: try reader.readCount(),
            values: try column(.verificationAnswers, number, of: Double.self)))
      }
      return VerificationRows(rowCount: rowCount, inputs: inputs, answers: answers)
    }
  }
}

extension RecordWriter {
  fileprivate mutating func write(_ provenance: Provenance) {
    write(provenance.library)
    write(provenance.version)
    write(provenance.format)
    write(provenance.objective)
    write(provenance.sourceHash)
    write(provenance.sourceSize)
  }

  fileprivate mutating func write(_ attributes: [Provenance.Attribute]) {
    write(count: attributes.count)
    for attribute in attributes {
      write(attribute.name)
      write(attribute.value)
    }
  }

  fileprivate mutating func write(
    _ task: ModelTask, _ outputs: [ModelOutput], _ labels: [CategoryValue]
  ) {
    write(task.rawValue)
    write(count: outputs.count)
    for output in outputs {
      write(output.role.rawValue)
      write(count: output.slots.count)
      for slot in output.slots { write(count: slot) }
    }
    write(labels)
  }

  mutating func write(_ values: [CategoryValue]) {
    write(count: values.count)
    for value in values {
      switch value {
      case .string(let text):
        write(UInt8(0))
        write(text)
      case .integer(let number):
        write(UInt8(1))
        write(number)
      case .double(let number):
        write(UInt8(2))
        write(number)
      case .boolean(let truth):
        write(UInt8(3))
        write(UInt8(truth ? 1 : 0))
      }
    }
  }
}

extension RecordReader {
  fileprivate mutating func readProvenance() throws(ModelError) -> Provenance {
    Provenance(
      library: try readText(), version: try readText(), format: try readText(),
      objective: try readText(), sourceHash: try read(UInt64.self),
      sourceSize: try read(UInt64.self))
  }

  fileprivate mutating func readAttributes() throws(ModelError) -> [Provenance.Attribute] {
    var attributes: [Provenance.Attribute] = []
    for _ in 0..<(try readCount(ofElementsWidth: 8)) {
      attributes.append(Provenance.Attribute(name: try readText(), value: try readText()))
    }
    return attributes
  }

  fileprivate mutating func readOutputs() throws(ModelError) -> (
    ModelTask, [ModelOutput], [CategoryValue]
  ) {
    let task = try readCase(ModelTask.self)
    var outputs: [ModelOutput] = []
    for _ in 0..<(try readCount(ofElementsWidth: 5)) {
      let role = try readCase(ModelOutput.Role.self)
      outputs.append(ModelOutput(role, slots: try readSlots()))
    }
    return (task, outputs, try readCategoryValues())
  }

  mutating func readSlots() throws(ModelError) -> [Int] {
    var slots: [Int] = []
    for _ in 0..<(try readCount(ofElementsWidth: 4)) { slots.append(try readCount()) }
    return slots
  }

  mutating func readCategoryValues() throws(ModelError) -> [CategoryValue] {
    var values: [CategoryValue] = []
    for _ in 0..<(try readCount(ofElementsWidth: 2)) {
      switch try read(UInt8.self) {
      case 0: values.append(.string(try readText()))
      case 1: values.append(.integer(try read(Int64.self)))
      case 2: values.append(.double(try readDouble()))
      case 3: values.append(.boolean(try read(UInt8.self) != 0))
      case let code: throw corrupt("unknown type \(code) of a category value")
      }
    }
    return values
  }
}
