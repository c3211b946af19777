import Evaluator
import TextCodec
import TreeIR

/// A model described for programs.
struct InspectJSON {
  let text: String

  init(
    _ model: TreeModel, _ summary: ModelSummary, _ engines: [EngineReport]
  ) throws {
    // A range or a gain may be infinite; null says that JSON has no such number.
    var json = JSONWriter(options: JSONWriterOptions(indentation: 2, nonFinite: .null))
    json.beginObject()
    json.key("provenance")
    json.write(model.provenance)
    json.key("task")
    json.write(model.task.description)
    json.key("class_labels")
    try json.write(model.classLabels)
    json.key("outputs")
    json.beginObject()
    for output in model.outputs {
      json.key("\(output.role)")
      json.write(output.slots.count)
    }
    json.end()
    json.key("results")
    json.beginArray()
    for field in model.resultFields {
      json.beginObject()
      json.key("name")
      json.write(field.name)
      json.key("type")
      json.write(field.type.name)
      json.end()
    }
    json.end()
    json.key("computations")
    json.beginArray()
    for name in model.computations { json.write(name) }
    json.end()
    json.key("ensembles")
    json.beginArray()
    for ensemble in summary.ensembles { json.write(ensemble) }
    json.end()
    json.key("has_names")
    json.write(model.input.hasNames)
    json.key("columns")
    json.beginArray()
    for column in summary.columns { try json.write(column) }
    json.end()
    json.key("statistics")
    json.beginArray()
    for figures in summary.statistics { try json.write(figures, model) }
    json.end()
    json.key("category_texts")
    json.beginArray()
    for position in 0..<model.categoryTexts.count { json.write(model.categoryTexts, position) }
    json.end()
    json.key("instructions")
    json.write(InstructionSet.current.rawValue)
    json.key("engines")
    json.beginArray()
    for report in engines { try json.write(report) }
    json.end()
    json.key("verification_rows")
    json.write(model.verification?.rowCount ?? 0)
    json.key("stated_results")
    json.write(model.statedResults?.rowCount ?? 0)
    json.key("tir_size")
    json.write(summary.fileSize)
    json.key("checksum")
    json.write(hexadecimal(summary.checksum))
    json.end()
    text = String(decoding: json.bytes, as: UTF8.self)
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ report: EngineReport) throws {
    beginObject()
    key("ensemble")
    write(report.ensemble)
    key("table_bytes")
    write(report.tableBytes)
    key("choices")
    beginArray()
    for choice in report.choices { try write(choice) }
    end()
    key("refusals")
    beginArray()
    for refusal in report.refusals {
      beginObject()
      key("engine")
      write(refusal.engine.rawValue)
      key("reason")
      write(refusal.reason)
      end()
    }
    end()
    end()
  }

  private mutating func write(_ choice: EngineReport.Choice) throws {
    beginObject()
    key("engine")
    write(choice.engine.rawValue)
    key("method")
    write(choice.method)
    key("first_rows")
    write(choice.firstRows)
    key("last_rows")
    if let last = choice.lastRows { write(last) } else { writeNull() }
    key("estimated_ns_per_row")
    try write(choice.estimatedNanoseconds.rounded())
    key("runner_up")
    if let runnerUp = choice.runnerUp { write(runnerUp.rawValue) } else { writeNull() }
    end()
  }

  fileprivate mutating func write(_ provenance: Provenance) {
    beginObject()
    key("library")
    write(provenance.library)
    key("version")
    write(provenance.version)
    key("format")
    write(provenance.format)
    key("objective")
    write(provenance.objective)
    key("source_size")
    write(provenance.sourceSize)
    key("source_xxh64")
    write(hexadecimal(provenance.sourceHash))
    key("attributes")
    beginObject()
    for attribute in provenance.attributes {
      key(attribute.name)
      write(attribute.value)
    }
    end()
    end()
  }

  fileprivate mutating func write(_ values: [CategoryValue]) throws {
    beginArray()
    for value in values { try write(value) }
    end()
  }

  /// Writes a category or label as the training data had it.
  mutating func write(_ value: CategoryValue) throws {
    switch value {
    case .string(let text): write(text)
    case .integer(let number): write(number)
    case .double(let number): try write(number)
    case .boolean(let truth): write(truth)
    }
  }

  fileprivate mutating func write(_ figures: ModelSummary.EnsembleFigures) {
    beginObject()
    key("trees")
    write(figures.trees)
    key("iterations")
    write(figures.iterations)
    key("outputs")
    write(figures.outputs)
    key("splits")
    write(figures.splits)
    key("leaves")
    write(figures.leaves)
    key("depth")
    write(figures.depth)
    key("category_sets")
    write(figures.categorySets)
    key("oblivious")
    write(figures.isOblivious)
    key("linear_leaves")
    write(figures.hasLinearLeaves)
    key("early_stopping")
    write("\(figures.earlyStopping)")
    key("numeric_profile")
    beginObject()
    key("input")
    write("\(figures.profile.input)")
    key("accumulator")
    write("\(figures.profile.accumulator)")
    key("flushes_tiny_to_zero")
    write(figures.profile.flushesTinyToZero)
    key("categories")
    write("\(figures.profile.categories)")
    end()
    end()
  }

  fileprivate mutating func write(
    _ figures: ModelSummary.StatisticFigures, _ model: TreeModel
  ) throws {
    let wording = TreeWording(model: model)
    let statistic = figures.statistic
    beginObject()
    key("kind")
    write("\(statistic.kind)")
    key("features")
    write(wording.features(of: statistic))
    key("target_border")
    write(statistic.targetBorder)
    key("prior")
    beginArray()
    try write(Double(statistic.priorNumerator))
    try write(Double(statistic.priorDenominator))
    end()
    key("splits")
    write(figures.splits)
    key("records")
    write(figures.records)
    end()
  }

  fileprivate mutating func write(_ texts: CategoryTexts, _ position: Int) {
    beginObject()
    key("hash")
    write(Int(texts.hashes[position]))
    key("text")
    write(texts[position])
    end()
  }

  fileprivate mutating func write(_ figures: ModelSummary.ColumnFigures) throws {
    let column = figures.column
    beginObject()
    key("name")
    write(column.name)
    key("type")
    write(column.kind.name)
    key("splits")
    write(figures.splits)
    key("gain")
    try write(figures.gain)
    if let range = column.range {
      key("range")
      beginArray()
      try write(range.lowerBound)
      try write(range.upperBound)
      end()
    }
    if case .dictionary(let values, _) = column.kind {
      key("categories")
      try write(values)
    } else if !column.codes.isEmpty {
      key("codes")
      beginArray()
      for code in column.codes { write(code) }
      end()
    } else if !figures.hashes.isEmpty {
      key("hashes")
      beginArray()
      for hash in figures.hashes { write(Int(hash)) }
      end()
    }
    end()
  }
}
