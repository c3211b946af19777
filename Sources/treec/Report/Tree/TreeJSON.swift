import TextCodec
import TreeIR

/// A tree for programs. Splits and leaves are lists and refer to each other by position, so
/// that a deep tree does not nest deeply. The root is the first split, or the first leaf
/// where there is no split.
struct TreeJSON {
  let text: String

  init(_ model: TreeModel, _ location: TreeLocation) throws {
    let wording = TreeWording(model: model)
    let ensemble = model.ensembles[location.ensemble]
    let output = Int(ensemble.trees.outputs[location.tree])
    var json = JSONWriter(options: JSONWriterOptions(indentation: 2))
    json.beginObject()
    json.key("tree")
    json.write(location.number)
    json.key("ensemble")
    json.write(location.ensemble)
    json.key("tree_in_ensemble")
    json.write(location.tree)
    json.key("iteration")
    json.write(location.iteration)
    if ensemble.leaves.width == 1 {
      json.key("output")
      json.write(output)
      if let label = model.classLabel(ofOutput: output, ensemble: location.ensemble) {
        json.key("class")
        try json.write(label)
      }
    }
    json.key("weight")
    try json.writeExactly(wording.weight(location))
    json.key("oblivious")
    json.write(ensemble.isOblivious)
    json.key("splits")
    json.beginArray()
    for row in ensemble.trees.splits(of: location.tree) {
      try json.writeSplit(row, in: ensemble, tree: location.tree, wording)
    }
    json.end()
    json.key("leaves")
    json.beginArray()
    for row in ensemble.trees.leaves(of: location.tree) {
      try json.writeLeaf(row, in: ensemble, tree: location.tree, wording)
    }
    json.end()
    json.end()
    text = String(decoding: json.bytes, as: UTF8.self)
  }
}

extension JSONWriter {
  /// Writes the shortest number that reads back as `value` in `precision`, or the texts
  /// `inf`, `-inf` and `nan`: JSON has no numbers for them, and a threshold may be infinite.
  mutating func writeExactly(
    _ value: Double, _ precision: NumericProfile.Precision = .float64
  ) throws {
    if !value.isFinite {
      write("\(value)")
    } else if precision == .float32 && Double(Float(value)) == value {
      try write(Float(value))
    } else {
      try write(value)
    }
  }

  fileprivate mutating func writeSplit(
    _ row: Int, in ensemble: Ensemble, tree: Int, _ wording: TreeWording
  ) throws {
    guard let split = ensemble.splits[row] else { return }
    let missing = MissingBranch(split, ensemble.categorySets)
    beginObject()
    if let numbers = ensemble.children?.nativeIDs {
      let position = row - ensemble.trees.splits(of: tree).lowerBound
      key("number")
      write(
        numbers.isEmpty || numbers[row] == ChildTable.ownPosition ? position : Int(numbers[row]))
    }
    key("column")
    write(wording.sourceName(ofSlot: split.slot))
    key("condition")
    write(split.condition.symbol)
    switch split.operand {
    case .threshold(let threshold):
      key("threshold")
      try writeExactly(threshold)
      if let category = wording.category(of: split) {
        key("category")
        write(category)
      }
    case .categorySet(let set):
      try writeCategories(
        ensemble.categorySets.categories(inSet: set), slot: split.slot, wording.model.input)
    }
    key("missing")
    write(missing.branch.word)
    key("zero_is_missing")
    write(missing.takesZeros)
    if !ensemble.splits.gains.isEmpty {
      key("gain")
      try writeExactly(Double(split.gain), .float32)
    }
    if let children = ensemble.children {
      if !children.covers.isEmpty {
        key("cover")
        try writeExactly(children.covers[row])
      }
      for (word, link) in [("yes", children.left[row]), ("no", children.right[row])] {
        key(word)
        beginObject()
        key(link < 0 ? "leaf" : "split")
        write(Int(link < 0 ? ~link : link))
        end()
      }
    }
    end()
  }

  /// Writes the codes of a set, and their values where the column has a dictionary; null for
  /// a code that the dictionary lacks.
  private mutating func writeCategories(_ codes: [Int], slot: Int, _ input: InputSchema) throws {
    key("codes")
    beginArray()
    for code in codes { write(code) }
    end()
    guard slot < input.count, case .dictionary(let values, _) = input.columns[slot].kind else {
      return
    }
    key("categories")
    beginArray()
    for code in codes {
      if values.indices.contains(code) { try write(values[code]) } else { writeNull() }
    }
    end()
  }

  fileprivate mutating func writeLeaf(
    _ row: Int, in ensemble: Ensemble, tree: Int, _ wording: TreeWording
  ) throws {
    let leaves = ensemble.leaves
    beginObject()
    key("number")
    write(wording.leafNumber(row, in: ensemble, tree: tree))
    if leaves.width == 1 {
      key("value")
      try writeExactly(leaves.values[row])
    } else {
      key("values")
      beginArray()
      for value in leaves.values[row * leaves.width..<(row + 1) * leaves.width] {
        try writeExactly(value)
      }
      end()
    }
    if !leaves.covers.isEmpty {
      key("cover")
      try writeExactly(leaves.covers[row])
    }
    if let linear = leaves.linear {
      key("linear")
      beginObject()
      key("constant")
      try writeExactly(linear.constants[row])
      key("terms")
      beginArray()
      for term in linear.terms(of: row) {
        beginObject()
        key("column")
        write(wording.sourceName(ofSlot: Int(linear.termSlots[term])))
        key("coefficient")
        try writeExactly(linear.termCoefficients[term])
        end()
      }
      end()
      end()
    }
    end()
  }
}
