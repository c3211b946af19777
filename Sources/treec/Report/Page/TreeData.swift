import TextCodec
import TreeIR

/// The trees of a report as its script reads them: JSON, column by column, short.
struct TreeData {
  /// A JSON array with one element a tree.
  let json: [UInt8]
  /// The trees that it holds.
  let numbers: Range<Int>
  /// Value slots that the trees name, behind the input columns.
  let derivedSlots: [Int]

  /// Bytes of data beyond which trees are left out, unless the caller asks for them: a page
  /// of this size still opens at once and can be sent by mail.
  static let defaultLimit = 8_000_000

  /// - Parameters:
  ///   - wanted: Trees that are all to be held; nil takes trees from the first on as long as
  ///     they fit.
  ///   - limit: Bytes in which they have to fit, but for the first.
  /// - Throws: ``Failure`` when a tree is wanted that there is not.
  init(_ model: TreeModel, wanted: ClosedRange<Int>?, limit: Int = defaultLimit) throws {
    if let wanted { _ = try model.requireTree(wanted.upperBound) }
    let wording = TreeWording(model: model)
    let first = wanted?.lowerBound ?? 0
    let end = wanted.map { $0.upperBound + 1 } ?? model.treeCount
    var json: [UInt8] = [UInt8(ascii: "[")]
    var slots: Set<Int> = []
    var number = first
    while number < end, let location = model.location(ofTree: number) {
      let ensemble = model.ensembles[location.ensemble]
      var writer = JSONWriter()
      try writer.write(ensemble, location, wording)
      let size = json.count + writer.bytes.count + 2
      guard wanted != nil || number == first || size <= limit else { break }
      if number > first { json.append(UInt8(ascii: ",")) }
      json.append(contentsOf: writer.bytes)
      slots.formUnion(ensemble.derivedSlots(of: location.tree, behind: model.input.count))
      number += 1
    }
    json.append(UInt8(ascii: "]"))
    self.json = json
    numbers = first..<number
    derivedSlots = slots.sorted()
  }
}

extension Ensemble {
  /// Slots behind `inputCount` that the splits and linear leaves of `tree` name.
  fileprivate func derivedSlots(of tree: Int, behind inputCount: Int) -> [Int] {
    var slots = trees.splits(of: tree).map { Int(splits.slots[$0]) }
    if let linear = leaves.linear {
      for leaf in trees.leaves(of: tree) {
        slots += linear.terms(of: leaf).map { Int(linear.termSlots[$0]) }
      }
    }
    return slots.filter { $0 >= inputCount }
  }
}

extension JSONWriter {
  fileprivate mutating func write(
    _ ensemble: Ensemble, _ location: TreeLocation, _ wording: TreeWording
  ) throws {
    let splits = ensemble.trees.splits(of: location.tree)
    let leaves = ensemble.trees.leaves(of: location.tree)
    beginObject()
    key("place")
    write(wording.place(location))
    if ensemble.isOblivious {
      key("oblivious")
      write(true)
    }
    try writeSplits(splits, of: ensemble, wording)
    try writeList("value", valueRows(leaves, width: ensemble.leaves.width)) {
      try $0.writeExactly(ensemble.leaves.values[$1], ensemble.profile.accumulator)
    }
    if ensemble.leaves.width > 1 {
      key("width")
      write(ensemble.leaves.width)
    }
    try writeList("leafCover", ensemble.leaves.covers.isEmpty ? 0..<0 : leaves) {
      try $0.writeCount(ensemble.leaves.covers[$1])
    }
    try writeList("leafNumber", ensemble.leaves.nativeIDs.isEmpty ? 0..<0 : leaves) {
      $0.write(wording.leafNumber($1, in: ensemble, tree: location.tree))
    }
    if let linear = ensemble.leaves.linear { try writeLinear(linear, leaves) }
    end()
  }

  private func valueRows(_ leaves: Range<Int>, width: Int) -> Range<Int> {
    leaves.lowerBound * width..<leaves.upperBound * width
  }

  private mutating func writeSplits(
    _ rows: Range<Int>, of ensemble: Ensemble, _ wording: TreeWording
  ) throws {
    try writeList("slot", rows) { $0.write(Int(ensemble.splits.slots[$1])) }
    // The condition, the branch of missing values and whether zeros go with them, in bits.
    try writeList("test", rows) { json, row in
      guard let split = ensemble.splits[row] else { return }
      let missing = MissingBranch(split, ensemble.categorySets)
      json.write(
        Int(split.condition.rawValue) | (missing.branch == .yes ? 8 : 0)
          | (missing.takesZeros ? 16 : 0))
    }
    // A threshold, a hashed category in words, or the words of a category set.
    try writeList("operand", rows) { json, row in
      guard let split = ensemble.splits[row] else { return }
      switch split.operand {
      case .threshold(let threshold):
        if let category = wording.category(of: split) { return json.write(category) }
        try json.writeExactly(threshold, split.thresholdPrecision(in: ensemble))
      case .categorySet(let set):
        let starts = ensemble.categorySets.starts
        json.beginArray()
        for word in Int(starts[set])..<Int(starts[set + 1]) {
          json.write(UInt64(ensemble.categorySets.words[word]))
        }
        json.end()
      }
    }
    try writeList("gain", ensemble.splits.gains.isEmpty ? 0..<0 : rows) {
      try $0.writeExactly(Double(ensemble.splits.gains[$1]), .float32)
    }
    guard let children = ensemble.children else { return }
    try writeList("yes", rows) { $0.write(Int(children.left[$1])) }
    try writeList("no", rows) { $0.write(Int(children.right[$1])) }
    try writeList("cover", children.covers.isEmpty ? 0..<0 : rows) {
      try $0.writeCount(children.covers[$1])
    }
  }

  private mutating func writeLinear(_ linear: LinearLeaves, _ leaves: Range<Int>) throws {
    try writeList("constant", leaves) { try $0.writeExactly(linear.constants[$1]) }
    // Slot and coefficient in turn.
    try writeList("terms", leaves) { json, leaf in
      json.beginArray()
      for term in linear.terms(of: leaf) {
        json.write(Int(linear.termSlots[term]))
        try json.writeExactly(linear.termCoefficients[term])
      }
      json.end()
    }
  }

  /// Writes a list with an element for each of `rows`; nothing where there are none.
  private mutating func writeList(
    _ name: String, _ rows: Range<Int>, _ element: (inout JSONWriter, Int) throws -> Void
  ) throws {
    guard !rows.isEmpty else { return }
    key(name)
    beginArray()
    for row in rows { try element(&self, row) }
    end()
  }

  /// Covers are counts most of the time.
  private mutating func writeCount(_ value: Double) throws {
    if let count = Int(exactly: value) { write(count) } else { try writeExactly(value) }
  }
}
