/// The only way into a ``TreeModel``: checks everything that the evaluator relies on, so
/// that what comes after may trust the model.
struct Validator {
  let limits: Limits

  func validate(_ model: ModelBuilder) throws(ModelError) {
    try check(model.input)
    try require(
      model.ensembles.count <= limits.ensembles, .limit, "model",
      "more than \(limits.ensembles) ensembles")
    try require(
      model.statisticTables.count <= limits.statisticTables, .limit, "model",
      "more than \(limits.statisticTables) statistic tables")
    for (number, ensemble) in model.ensembles.enumerated() {
      try EnsembleValidator(ensemble: ensemble, place: "ensemble \(number)", limits: limits)
        .validate()
    }
    for (number, table) in model.statisticTables.enumerated() {
      try check(table, place: "statistic table \(number)")
    }
    try check(model.categoryTexts)
    var graph = GraphValidator(model: model, limits: limits)
    try graph.validate()
    try check(model.outputs, labels: model.classLabels)
    if let rows = model.verification { try check(rows, model: model) }
    if let stated = model.statedResults { try check(stated, model: model) }
  }

  private func check(_ input: InputSchema) throws(ModelError) {
    try require(
      input.count <= limits.columns, .limit, "input",
      "\(input.count) columns, more than \(limits.columns)")
    var names = Set<CategoryValue>(minimumCapacity: input.count)
    for (position, column) in input.columns.enumerated() {
      try require(
        !column.name.isEmpty, .invalid, "input column \(position)", "the name is empty")
      try require(
        names.insert(.string(column.name)).inserted, .invalid, "input column \(position)",
        "the name '\(column.name)' is used twice")
      guard case .dictionary(let values, _) = column.kind else { continue }
      try require(
        Set(values).count == values.count, .invalid, "input column '\(column.name)'",
        "a value stands twice in the category dictionary")
    }
  }

  private func check(_ table: StatisticTable, place: String) throws(ModelError) {
    let buckets = table.keys.count
    try require(
      buckets > 0 && buckets & (buckets - 1) == 0, .invalid, place,
      "\(buckets) buckets, not a power of two")
    try require(
      table.keys.contains(StatisticTable.emptyKey), .invalid, place,
      "there is no empty bucket, so a search for an unknown key would not end")
    try require(
      table.classCount >= 1 && table.classCount <= limits.outputs
        && table.counts.count == buckets * table.classCount,
      .invalid, place, "\(table.counts.count) counts for \(buckets) buckets")
    try require(
      table.sums.isEmpty || table.sums.count == buckets, .invalid, place,
      "\(table.sums.count) sums for \(buckets) buckets")
  }

  private func check(_ texts: CategoryTexts) throws(ModelError) {
    let (hashes, starts) = (texts.hashes, texts.starts)
    let isRising = zip(starts, starts.dropFirst()).allSatisfy(<=)
    try require(
      starts.count == (hashes.isEmpty ? 0 : hashes.count + 1) && isRising
        && Int(starts.last ?? 0) == texts.bytes.count && starts.first ?? 0 == 0
        && zip(hashes, hashes.dropFirst()).allSatisfy(<=),
      .invalid, "category texts", "hashes and texts do not fit each other")
  }

  private func check(
    _ outputs: [ModelOutput], labels: [CategoryValue]
  ) throws(ModelError) {
    try require(
      Set(outputs.map(\.role)).count == outputs.count, .invalid, "outputs",
      "two outputs have the same role")
    let choices = outputs.first { $0.role == .label }?.slots.count ?? 1
    for output in outputs {
      let place = "output \(output.role)"
      try require(!output.slots.isEmpty, .invalid, place, "it has no columns")
      if output.role == .label {
        try require(!labels.isEmpty, .invalid, place, "there are no class labels")
      }
      if output.role == .probability || output.role == .logProbability {
        try require(
          choices > 1 || labels.isEmpty || output.slots.count == labels.count, .invalid, place,
          "\(output.slots.count) probabilities for \(labels.count) class labels")
      }
    }
  }

  private func check(_ stated: StatedResults, model: ModelBuilder) throws(ModelError) {
    let place = "stated results"
    let columns = stated.inputs.map(\.column)
    let fields = stated.results.map(\.field)
    try require(
      Set(columns).count == columns.count && Set(fields).count == fields.count
        && columns.allSatisfy { model.input.columns.indices.contains($0) }
        && fields.allSatisfy { model.resultFields.indices.contains($0) },
      .invalid, place, "columns or fields do not fit the model")
    try require(
      stated.rowCount >= 0 && !stated.results.isEmpty
        && stated.inputs.allSatisfy { $0.cells.count == stated.rowCount }
        && stated.results.allSatisfy { $0.texts.count == stated.rowCount },
      .invalid, place, "there are not as many texts as rows")
  }

  private func check(_ rows: VerificationRows, model: ModelBuilder) throws(ModelError) {
    let place = "verification rows"
    let (count, overflow) = rows.rowCount.multipliedReportingOverflow(by: model.input.count)
    try require(
      rows.rowCount >= 1 && !overflow && rows.inputs.count == count, .invalid, place,
      "\(rows.inputs.count) numbers for \(rows.rowCount) rows of \(model.input.count) columns")
    try require(!rows.answers.isEmpty, .invalid, place, "there are no answers to the rows")
    for answers in rows.answers {
      let output = model.outputs.first { $0.role == answers.role }
      try require(
        answers.values.count == rows.rowCount
          && (output?.slots.indices.contains(answers.column) ?? false),
        .invalid, place, "answers for \(answers.role) \(answers.column) do not fit the model")
    }
  }
}

/// Throws unless `condition` holds.
func require(
  _ condition: Bool, _ code: ModelError.Code, _ location: @autoclosure () -> String,
  _ message: @autoclosure () -> String
) throws(ModelError) {
  if !condition { throw ModelError(code, location(), message()) }
}
