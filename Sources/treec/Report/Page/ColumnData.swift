import TextCodec
import TreeIR

/// The columns of a report as its script reads them.
struct ColumnData {
  /// A JSON array with one element a column.
  let json: [UInt8]
  /// Categories that are left out.
  let omittedCategories: Int

  /// Bytes of categories beyond which they are left out.
  static let categoryLimit = 1_000_000

  init(_ summary: ModelSummary) throws {
    var writer = JSONWriter()
    var room = Self.categoryLimit
    var omitted = 0
    writer.beginArray()
    for figures in summary.columns {
      let column = figures.column
      writer.beginObject()
      writer.key("name")
      writer.write(column.name.visible)
      writer.key("type")
      writer.write(column.kind.name)
      writer.key("splits")
      writer.write(figures.splits)
      writer.key("gain")
      try writer.writeExactly(figures.gain)
      let categories = column.knownCategories
      if !categories.isEmpty {
        writer.key(column.hasDictionary ? "categories" : "codes")
        writer.beginArray()
        var shown = 0
        for category in categories {
          room -= category.utf8.count + 3
          guard room >= 0 else { break }
          writer.write(category)
          shown += 1
        }
        writer.end()
        writer.key("count")
        writer.write(categories.count)
        omitted += categories.count - shown
      } else if let range = column.range {
        writer.key("range")
        writer.write("\(range.lowerBound) to \(range.upperBound)")
      }
      writer.end()
    }
    writer.end()
    json = writer.bytes
    omittedCategories = omitted
  }
}

extension InputColumn {
  fileprivate var hasDictionary: Bool {
    if case .dictionary = kind { true } else { false }
  }

  /// The categories of the dictionary, or else those seen in training, as they are shown.
  fileprivate var knownCategories: [String] {
    guard case .dictionary(let values, _) = kind else { return codes.map(String.init) }
    return values.map { $0.description.quotedInList }
  }
}
