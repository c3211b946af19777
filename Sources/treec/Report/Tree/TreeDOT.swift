import TreeIR

/// A tree in the language of Graphviz: `treec inspect m.tir --tree 0 --dot | dot -Tsvg`.
struct TreeDOT {
  private let wording: TreeWording
  private let location: TreeLocation
  private let ensemble: Ensemble

  init(_ model: TreeModel, _ location: TreeLocation) {
    wording = TreeWording(model: model)
    self.location = location
    ensemble = model.ensembles[location.ensemble]
  }

  var text: String {
    var text = """
      digraph tree_\(location.number) {
        graph [label=\(quoted([wording.place(location)])), labelloc=t, fontname="sans-serif"];
        node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];
        edge [fontname="sans-serif", fontsize=10];

      """
    // The missing branch of the splits on the way, by their number in the walk.
    var missing: [Int: MissingBranch] = [:]
    for step in TreeWalk(ensemble, tree: location.tree) {
      text += "  n\(step.position) [\(attributes(step.node))];\n"
      if case .split(let row) = step.node, let split = ensemble.splits[row] {
        missing[step.position] = MissingBranch(split, ensemble.categorySets)
      }
      if let parent = step.parent, let branch = step.branch {
        let label = words(branch, missing[parent])
        text += "  n\(parent) -> n\(step.position) [label=\(quoted([label]))];\n"
        // The no branch comes last.
        if branch == .no { missing[parent] = nil }
      }
    }
    return text + "}\n"
  }

  private func words(_ branch: TreeWalk.Branch, _ missing: MissingBranch?) -> String {
    guard let missing, missing.branch == branch else { return branch.word }
    return "\(branch.word), missing\(missing.takesZeros ? ", zero" : "")"
  }

  private func attributes(_ node: TreeWalk.Step.Node) -> String {
    switch node {
    case .split(let row):
      guard let split = ensemble.splits[row] else { return "" }
      let condition = wording.condition(split, in: ensemble)
      return "label=" + quoted([condition] + wording.figures(ofSplit: row, in: ensemble))
    case .leaf(let row):
      let number = wording.leafNumber(row, in: ensemble, tree: location.tree)
      let lines = ["leaf \(number)", wording.leafValue(row, in: ensemble)]
      return "label=" + quoted(lines + wording.figures(ofLeaf: row, in: ensemble))
        + ", style=\"rounded,filled\", fillcolor=\"#eef2f7\""
    }
  }

  /// A quoted string of one or more lines that Graphviz shows as they are: it would take
  /// backslashes for escapes and ampersands for entities.
  private func quoted(_ lines: [String]) -> String {
    let escaped = lines.map {
      $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("&", with: "&amp;")
    }
    return "\"\(escaped.joined(separator: "\\n"))\""
  }
}
