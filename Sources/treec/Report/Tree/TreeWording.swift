import TreeIR

/// Words and numbers for what stands in the trees of a model.
struct TreeWording {
  let model: TreeModel

  /// Categories, values or terms that are shown of a long list.
  static let shownItems = 8

  // MARK: Where

  /// `tree 3 of 12, iteration 3`, and more where there is more to say.
  func place(_ location: TreeLocation) -> String {
    var text = "tree \(location.number) of \(model.treeCount)"
    if model.ensembles.count > 1 {
      text += ", tree \(location.tree) of ensemble \(location.ensemble)"
    }
    text += ", iteration \(location.iteration)"
    if let output = output(location) { text += ", \(output)" }
    let weight = weight(location)
    if weight != 1 {
      text +=
        ", leaves times \(number(weight, model.ensembles[location.ensemble].profile.accumulator))"
    }
    return text
  }

  /// The class or output that a tree adds to; nil where there is only one.
  private func output(_ location: TreeLocation) -> String? {
    let ensemble = model.ensembles[location.ensemble]
    guard ensemble.outputCount > 1 else { return nil }
    guard ensemble.leaves.width == 1 else { return "\(ensemble.outputCount) outputs" }
    let output = Int(ensemble.trees.outputs[location.tree])
    return model.classLabel(ofOutput: output, ensemble: location.ensemble)
      .map { "class \($0.description.quotedInList)" } ?? "output \(output)"
  }

  /// The factor on the tree's leaves.
  func weight(_ location: TreeLocation) -> Double {
    let weights = model.ensembles[location.ensemble].trees.weights
    return weights.isEmpty ? 1 : weights[location.tree]
  }

  // MARK: Splits

  /// What a value slot holds, fit to be shown.
  func name(ofSlot slot: Int) -> String { sourceName(ofSlot: slot).visible }

  /// What a value slot holds: the column's name as the model has it, or how it is derived.
  func sourceName(ofSlot slot: Int) -> String {
    if slot < model.input.count { return model.input.columns[slot].name }
    let source = model.operations.first { $0.results.contains(slot) }
    if case .categoryStatistic(let statistic) = source?.kind {
      return "CTR(\(kind(of: statistic)): \(features(of: statistic)))"
    }
    return DerivedSlotText(model).text(of: slot)
  }

  /// `borders 0, prior 0.5/1`: what a statistic counts.
  func kind(of statistic: CategoryStatistic) -> String {
    let prior = "prior \(statistic.priorNumerator)/\(statistic.priorDenominator)"
    switch statistic.kind {
    case .borders, .buckets: return "\(statistic.kind) \(statistic.targetBorder), \(prior)"
    case .targetMean: return "target mean, \(prior)"
    case .counter: return "counter, \(prior)"
    }
  }

  /// `sex and age > 30.5 and town = Oslo`: the combination that a statistic is about.
  func features(of statistic: CategoryStatistic) -> String {
    let splits = statistic.floatSplits.map { "\(sourceName(ofSlot: $0.slot)) > \($0.border)" }
    let tests = statistic.categoryTests.map {
      "\(sourceName(ofSlot: $0.slot)) = \(category($0.value))"
    }
    return abbreviated(
      statistic.categories.map { sourceName(ofSlot: $0) } + splits + tests, separator: " and "
    ).visible
  }

  /// A hashed category by its text, where the model has that, or else by its hash.
  func category(_ hash: Int32) -> String {
    let texts = model.categoryTexts.texts(of: hash)
    return texts.isEmpty
      ? "hash \(hash)" : texts.map { $0.quotedInList.visible }.joined(separator: " or ")
  }

  /// `age <= 30.5`, `sex in {F, M}`.
  func condition(_ split: Split, in ensemble: Ensemble) -> String {
    let name = name(ofSlot: split.slot)
    switch split.operand {
    case .threshold(let threshold):
      return "\(name) \(split.condition.symbol) "
        + (category(of: split) ?? number(threshold, split.thresholdPrecision(in: ensemble)))
    case .categorySet(let set):
      let categories = categories(inSet: set, of: ensemble, slot: split.slot)
      return "\(name) \(split.condition.symbol) {\(abbreviated(categories))}"
    }
  }

  /// The category that `split` compares text with; nil where it compares something else.
  func category(of split: Split) -> String? {
    guard split.slot < model.input.count, case .threshold(let threshold) = split.operand
    else { return nil }
    switch model.input.columns[split.slot].kind {
    case .hashedText: return Int32(exactly: threshold).map { category($0) }
    case .field(let rules) where rules.type == .string:
      return Int(exactly: threshold).flatMap { model.text($0)?.quotedInList.visible }
    default: return nil
    }
  }

  /// The categories of a set, by their text where the model has it.
  private func categories(inSet set: Int, of ensemble: Ensemble, slot: Int) -> [String] {
    let codes = ensemble.categorySets.categories(inSet: set)
    guard slot < model.input.count else {
      // Only strings are in sets where results of operations are: those of PMML.
      return codes.map { model.text($0)?.quotedInList.visible ?? "#\($0)" }
    }
    if case .field(let rules) = model.input.columns[slot].kind, rules.type == .string {
      return codes.map { model.text($0)?.quotedInList.visible ?? "#\($0)" }
    }
    guard case .dictionary(let values, _) = model.input.columns[slot].kind
    else { return codes.map(String.init) }
    return codes.map {
      values.indices.contains($0) ? values[$0].description.quotedInList : "#\($0)"
    }
  }

  /// `missing: yes`, the branch that a missing value takes.
  func missing(_ split: Split, in ensemble: Ensemble) -> String {
    let missing = MissingBranch(split, ensemble.categorySets)
    return "missing\(missing.takesZeros ? " and zero" : ""): \(missing.branch.word)"
  }

  /// `gain 12.5, cover 2025`, as far as the model knows them.
  func figures(ofSplit row: Int, in ensemble: Ensemble) -> [String] {
    let gains = ensemble.splits.gains
    let covers = ensemble.children?.covers ?? []
    return (gains.isEmpty ? [] : ["gain \(gains[row])"])
      + (covers.isEmpty ? [] : ["cover \(cover(covers[row], in: ensemble))"])
  }

  // MARK: Leaves

  /// `leaf 3`, the number as in the source file.
  func leafNumber(_ row: Int, in ensemble: Ensemble, tree: Int) -> Int {
    let numbers = ensemble.leaves.nativeIDs
    guard !numbers.isEmpty, numbers[row] != ChildTable.ownPosition else {
      return row - ensemble.trees.leaves(of: tree).lowerBound
    }
    return Int(numbers[row])
  }

  /// A number, a list of them, or a linear model in words.
  func leafValue(_ row: Int, in ensemble: Ensemble) -> String {
    let leaves = ensemble.leaves
    let precision = ensemble.profile.accumulator
    guard leaves.width == 1 else {
      let values = leaves.values[row * leaves.width..<(row + 1) * leaves.width]
      return "[\(abbreviated(values.map { number($0, precision) }))]"
    }
    let value = number(leaves.values[row], precision)
    guard let linear = leaves.linear else { return value }
    let terms = linear.terms(of: row)
    guard !terms.isEmpty else { return "\(linear.constants[row])" }
    let products = terms.map {
      "\(linear.termCoefficients[$0]) * \(name(ofSlot: Int(linear.termSlots[$0])))"
    }
    return abbreviated(["\(linear.constants[row])"] + products, separator: " + ")
      + ", or \(value) where one of these is missing"
  }

  func figures(ofLeaf row: Int, in ensemble: Ensemble) -> [String] {
    let covers = ensemble.leaves.covers
    return covers.isEmpty ? [] : ["cover \(cover(covers[row], in: ensemble))"]
  }

  // MARK: Numbers and lists

  /// The shortest text that reads back as `value` in `precision`.
  func number(_ value: Double, _ precision: NumericProfile.Precision) -> String {
    precision == .float32 && Double(Float(value)) == value ? "\(Float(value))" : "\(value)"
  }

  /// Rows, without a decimal point, or their weight.
  private func cover(_ value: Double, in ensemble: Ensemble) -> String {
    Int(exactly: value).map(String.init) ?? number(value, ensemble.profile.accumulator)
  }

  private func abbreviated(_ items: [String], separator: String = ", ") -> String {
    guard items.count > Self.shownItems else { return items.joined(separator: separator) }
    let shown = items.prefix(Self.shownItems).joined(separator: separator)
    return "\(shown)\(separator)… \(items.count - Self.shownItems) more"
  }
}

extension Split {
  /// The precision in which the threshold is compared.
  func thresholdPrecision(in ensemble: Ensemble) -> NumericProfile.Precision {
    condition.roundsValue ? ensemble.profile.input : .float64
  }
}

extension SplitCondition {
  var symbol: String {
    switch self {
    case .lessOrEqual: "<="
    case .less: "<"
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .equal: "="
    case .notEqual: "!="
    case .inCategorySet: "in"
    case .notInCategorySet: "not in"
    }
  }
}

extension TreeWalk.Branch {
  var word: String {
    switch self {
    case .yes: "yes"
    case .no: "no"
    }
  }
}

extension TreeModel {
  /// Where tree `number` stands.
  ///
  /// - Throws: ``Failure`` that says which trees there are.
  func requireTree(_ number: Int) throws(Failure) -> TreeLocation {
    if let location = location(ofTree: number) { return location }
    throw Failure("there is no tree \(number): \(treeRange)")
  }

  /// The numbers of the trees, in a sentence.
  var treeRange: String {
    treeCount == 0
      ? "the model has no trees" : "the model's trees are numbered 0 to \(treeCount - 1)"
  }
}
