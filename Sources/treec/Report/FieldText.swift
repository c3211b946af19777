import TreeIR

/// The rules of a field in words.
struct FieldText {
  private let rules: FieldRules

  init(_ rules: FieldRules) {
    self.rules = rules
  }

  /// For instance `double`, or `integer, categorical`.
  var type: String {
    rules.operationalType == rules.type.usualOperationalType
      ? rules.type.name : "\(rules.type.name), \(rules.operationalType.name)"
  }

  /// Which values are valid, and what becomes of others; `list` shortens lists.
  func values(_ list: ([String]) -> String) -> String {
    var parts: [String] = []
    let valid = rules.listed.filter { $0.property == .valid }.map(\.text.visible)
    if !valid.isEmpty {
      parts.append(list(valid))
    } else if !rules.intervals.isEmpty {
      parts.append(list(rules.intervals.map(\.text)))
    }
    let missing = rules.listed.filter { $0.property == .missing }.map(\.text.visible)
    if !missing.isEmpty { parts.append("missing: \(list(missing))") }
    switch rules.missing {
    case .keep: break
    case .refuse(let later):
      parts.append("missing values refuse the row")
      if let later { parts.append("values that become missing become \(later.visible)") }
    case .replace(let text): parts.append("missing becomes \(text.visible)")
    }
    switch rules.invalid {
    case .refuse: break
    case .asMissing: parts.append("invalid becomes missing")
    case .keep: parts.append("invalid is kept")
    case .replace(let text): parts.append("invalid becomes \(text.visible)")
    }
    switch rules.outliers {
    case .keep: break
    case .asMissing: parts.append("beyond \(rules.lowest) to \(rules.highest) becomes missing")
    case .asBound: parts.append("bounded to \(rules.lowest) to \(rules.highest)")
    }
    return parts.joined(separator: "; ")
  }
}

extension FieldRules.Interval {
  fileprivate var text: String {
    "\(includesLower ? "[" : "(")\(lower), \(upper)\(includesUpper ? "]" : ")")"
  }
}

extension TreeModel {
  /// The expressions that are evaluated row by row, by name.
  var computations: [String] {
    operations.compactMap {
      if case .computation(let computation) = $0.kind { computation.name } else { nil }
    }
  }

  /// How many votes are counted row by row.
  var voteCount: Int {
    operations.count { if case .vote = $0.kind { true } else { false } }
  }

  /// Which rows each ensemble is for, in words that follow others; nothing where it is for all.
  var rowsOfEnsembles: [String] {
    var words = [String](repeating: "", count: ensembles.count)
    for operation in operations {
      guard case .ensemble(let score) = operation.kind else { continue }
      if operation.guardSlot != nil { words[score.ensemble] = ", for some rows" }
      if let shortcut = score.shortcut {
        words[shortcut.ensemble] =
          ", instead of ensemble \(score.ensemble) where no value is missing"
      }
    }
    return words
  }
}
