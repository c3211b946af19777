import TreeIR

/// A model described for people.
struct InspectText {
  private let model: TreeModel
  private let summary: ModelSummary

  /// Categories of a column that are shown.
  private static let shownCategories = 8
  /// Scalars of an attribute's value that are shown.
  private static let shownScalars = 80

  init(_ model: TreeModel, _ summary: ModelSummary) {
    self.model = model
    self.summary = summary
  }

  var text: String {
    head + "\n" + columns + (model.resultFields.isEmpty ? "" : "\n" + results)
      + (summary.statistics.isEmpty ? "" : "\n" + statistics)
  }

  private var head: String {
    var table = TextTable([.left, .left])
    for fact in facts { table.add([fact.name, fact.text]) }
    return table.text
  }

  /// What is to be said of the model as a whole.
  var facts: [(name: String, text: String)] {
    let provenance = model.provenance
    var facts = [
      ("library", "\(provenance.library), \(provenance.format) \(provenance.version)"),
      (
        "source",
        "\(provenance.sourceSize) bytes, XXH64 \(hexadecimal(provenance.sourceHash))"
      ),
      ("objective", provenance.objective.isEmpty ? "(none)" : provenance.objective),
      ("task", model.task.description),
    ]
    if !model.classLabels.isEmpty {
      facts.append(("classes", list(model.classLabels.map(\.description))))
    }
    let outputs = model.outputs.map {
      $0.role == .label ? "\($0.role)" : "\($0.role) (\($0.slots.count))"
    }
    facts.append(("outputs", outputs.joined(separator: ", ")))
    let rows = model.rowsOfEnsembles
    for (number, ensemble) in summary.ensembles.enumerated() {
      facts.append(
        ("trees", describe(ensemble) + rows[number]))
      facts.append(("arithmetic", describe(ensemble.profile)))
      facts.append(("early stop", describe(ensemble.earlyStopping)))
    }
    if !model.linearSums.isEmpty {
      facts.append(("linear", describe(model.linearSums)))
    }
    if !model.computations.isEmpty {
      facts.append(("row by row", list(model.computations.map(\.visible))))
    }
    if model.voteCount > 0 {
      facts.append(("votes", "of single trees or models, counted row by row"))
    }
    if !model.input.hasNames { facts.append(("columns", "trained without names")) }
    for attribute in provenance.attributes {
      facts.append(("attribute", "\(attribute.name.visible) = \(abbreviated(attribute.value))"))
    }
    if model.categoryTexts.count > 0 {
      let texts = model.categoryTexts
      let shown = (0..<min(texts.count, Self.shownCategories)).map { texts[$0].visible }
      facts.append(
        (
          "categories",
          shown.joined(separator: ", ") + (texts.count > shown.count ? ", … (\(texts.count))" : "")
        ))
    }
    if let rows = model.verification {
      facts.append(("carries", "\(rows.rowCount) rows with \(rows.answers.count) answers each"))
    }
    if let stated = model.statedResults {
      facts.append(
        (
          "states",
          "\(stated.results.count) results for \(stated.rowCount) rows (ModelVerification)"
        ))
    }
    facts.append((".tir size", "\(summary.fileSize) bytes"))
    facts.append(("checksum", hexadecimal(summary.checksum)))
    return facts
  }

  private var columns: String {
    var table = TextTable([.left, .left, .right, .right, .left])
    let last = model.resultFields.isEmpty ? "seen in training" : "values"
    table.add(["column", "type", "splits", "gain", last])
    for figures in summary.columns {
      table.add([
        figures.column.name.visible, figures.column.kind.name, "\(figures.splits)",
        rounded(figures.gain), seen(figures),
      ])
    }
    return table.text
  }

  private var results: String {
    var table = TextTable([.left, .left])
    table.add(["result", "type"])
    for field in model.resultFields { table.add([field.name.visible, field.type.name]) }
    return table.text
  }

  private var statistics: String {
    let wording = TreeWording(model: model)
    var table = TextTable([.left, .left, .right, .right])
    table.add(["statistic (CTR)", "of", "splits", "records"])
    for figures in summary.statistics {
      table.add([
        wording.kind(of: figures.statistic), wording.features(of: figures.statistic),
        "\(figures.splits)", "\(figures.records)",
      ])
    }
    return table.text
  }

  private func describe(_ figures: ModelSummary.EnsembleFigures) -> String {
    var text =
      "\(figures.trees)\(figures.isOblivious ? " oblivious" : "") in \(figures.iterations) "
      + "iterations, \(figures.leaves) leaves, \(figures.splits) splits, depth \(figures.depth)"
    if figures.categorySets > 0 { text += ", \(figures.categorySets) category sets" }
    if figures.hasLinearLeaves { text += ", linear models in the leaves" }
    return text
  }

  private func describe(_ profile: NumericProfile) -> String {
    var text = "values \(profile.input), sums \(profile.accumulator) in file order"
    if profile.flushesTinyToZero { text += ", |x| <= 1e-35 taken as 0" }
    return text
  }

  private func describe(_ sums: [LinearSum]) -> String {
    "\(sums.count == 1 ? "a sum" : "\(sums.count) sums") of \(sums[0].terms.count) products and "
      + "a bias, in \(sums[0].precision), from left to right"
  }

  /// The beginning of what may be very long.
  private func abbreviated(_ value: String) -> String {
    let shown = String(String.UnicodeScalarView(value.unicodeScalars.prefix(Self.shownScalars)))
    return shown.visible + (shown.utf8.count < value.utf8.count ? "…" : "")
  }

  private func describe(_ stopping: Ensemble.EarlyStopping) -> String {
    switch stopping {
    case .never: "has no effect on this model"
    case .binaryMargin: "possible, by twice the score"
    case .bestTwoMargin: "possible, by the margin between the best two scores"
    }
  }

  private func seen(_ figures: ModelSummary.ColumnFigures) -> String {
    let column = figures.column
    if case .hashedText = column.kind {
      let wording = TreeWording(model: model)
      return list(figures.hashes.map { wording.category($0) })
    }
    if case .dictionary(let values, _) = column.kind { return list(values.map(\.description)) }
    if case .field(let rules) = column.kind { return FieldText(rules).values(list) }
    if !column.codes.isEmpty { return list(column.codes.map(String.init)) }
    return column.range.map { "\($0.lowerBound) to \($0.upperBound)" } ?? ""
  }

  private func list(_ items: [String]) -> String {
    let shown = items.prefix(Self.shownCategories).joined(separator: ", ")
    return items.count > Self.shownCategories ? "\(shown), … (\(items.count))" : shown
  }

  /// Six significant digits are plenty for a gain.
  private func rounded(_ gain: Double) -> String {
    guard gain != 0, gain.isFinite else { return gain == 0 ? "0" : "\(gain)" }
    var scale = 1.0
    while abs(gain) * scale < 1e5 && scale < 1e12 { scale *= 10 }
    let value = (gain * scale).rounded() / scale
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

extension TreeModel {
  /// The linear models of the graph.
  fileprivate var linearSums: [LinearSum] {
    operations.compactMap { if case .linear(let sum) = $0.kind { sum } else { nil } }
  }
}

/// 16 hexadecimal digits.
func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

extension InputColumn.Kind {
  /// The kind in one word.
  var name: String {
    switch self {
    case .numeric: "numeric"
    case .categoryCodes: "codes"
    case .dictionary: "categories"
    case .hashedText: "hashed text"
    case .ignored: "ignored"
    case .field(let rules): FieldText(rules).type
    }
  }
}
