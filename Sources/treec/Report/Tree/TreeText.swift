import TreeIR

/// A tree drawn with lines of text.
struct TreeText {
  private let wording: TreeWording
  private let location: TreeLocation
  private let ensemble: Ensemble

  /// Levels that are indented. Below, lines begin with their level instead, so that a tree
  /// as deep as it has leaves does not take space by the square.
  private static let indentedLevels = 40

  init(_ model: TreeModel, _ location: TreeLocation) {
    wording = TreeWording(model: model)
    self.location = location
    ensemble = model.ensembles[location.ensemble]
  }

  var text: String {
    head + (ensemble.isOblivious ? levels : branches)
  }

  private var head: String {
    let leaves = ensemble.trees.leaves(of: location.tree).count
    return "\(wording.place(location)): \(leaves) \(leaves == 1 ? "leaf" : "leaves")"
      + "\(ensemble.isOblivious ? ", oblivious" : "")\n\n"
  }

  private var branches: String {
    var text = ""
    // What the lines of the level have on their left.
    var margins: [String] = []
    for step in TreeWalk(ensemble, tree: location.tree) {
      margins.removeSubrange(min(step.depth, margins.count)...)
      if let branch = step.branch {
        text += margins.last ?? ""
        if step.depth > Self.indentedLevels { text += "(level \(step.depth)) " }
        text += branch == .yes ? "├─ yes: " : "└─ no: "
      }
      text += describe(step.node) + "\n"
      if margins.count < Self.indentedLevels {
        let margin = margins.last ?? ""
        margins.append(
          step.branch.map { margin + ($0 == .yes ? "│  " : "   ") } ?? "")
      }
    }
    return text
  }

  /// An oblivious tree asks the same questions on all ways.
  private var levels: String {
    var text = ""
    let splits = ensemble.trees.splits(of: location.tree)
    for (level, row) in splits.enumerated() {
      text += "level \(level): \(describe(.split(row)))\n"
    }
    let leaves = ensemble.trees.leaves(of: location.tree)
    for (leaf, row) in leaves.enumerated() {
      let answers = splits.indices.map {
        leaf >> ($0 - splits.lowerBound) & 1 == 1 ? "yes" : "no"
      }
      text += (answers.isEmpty ? "" : answers.joined(separator: ", ") + ": ")
      text += describe(.leaf(row)) + "\n"
    }
    return text
  }

  private func describe(_ node: TreeWalk.Step.Node) -> String {
    switch node {
    case .split(let row):
      guard let split = ensemble.splits[row] else { return "" }
      let details =
        [wording.missing(split, in: ensemble)] + wording.figures(ofSplit: row, in: ensemble)
      return "\(wording.condition(split, in: ensemble))  (\(details.joined(separator: ", ")))"
    case .leaf(let row):
      let number = wording.leafNumber(row, in: ensemble, tree: location.tree)
      let details = wording.figures(ofLeaf: row, in: ensemble)
      return "leaf \(number) = \(wording.leafValue(row, in: ensemble))"
        + (details.isEmpty ? "" : "  (\(details.joined(separator: ", ")))")
    }
  }
}
