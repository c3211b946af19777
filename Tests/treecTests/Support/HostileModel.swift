import TestSupport
import TreeIR

/// A model whose names want to be something else than names.
enum HostileModel {
  static let column = "</script><script>alert(1)</script>"
  static let quotes = #""quoted\" \N &amp; {a|b} '<b>'"#
  static let categories = [
    "</script><script>alert(2)</script>", "<!--", "]]>", "\u{0}\u{1B}[31m\n",
    "\u{202E}evil\u{202C}",
    "\u{2028}", "a, b", "", "&lt;", "\"",
  ]

  static func model() throws -> TreeModel {
    var ensemble = EnsembleBuilder(profile: .lightGBM, outputCount: 1)
    let set = try ensemble.addCategorySet(words: [0b11_1111_1111])
    var tree = TreeDraft()
    tree.splits = [
      Split(slot: 0, condition: .inCategorySet, missing: .right, operand: .categorySet(set)),
      Split(slot: 1, condition: .lessOrEqual, missing: .left, operand: .threshold(.infinity)),
    ]
    tree.left = [1, ~0]
    tree.right = [~2, ~1]
    tree.leaves = LeafDraft(values: [1, 2, 3])
    try ensemble.add(tree)
    var builder = ModelBuilder(
      input: InputSchema(columns: [
        InputColumn(
          name: column, kind: .dictionary(categories.map { .string($0) }, unknown: .missing)),
        InputColumn(name: quotes, kind: .numeric),
      ]))
    builder.provenance = Provenance(library: "<i>", version: "&", format: "\"", objective: "<!--")
    builder.outputs = [
      ModelOutput(.raw, slots: Array(builder.score(builder.add(ensemble.build()))))
    ]
    return try builder.build()
  }
}
