import TreeIR

/// Counts cells that hold a category which the model does not know. They are scored as
/// missing, as the model or an option has it, but somebody should hear of it.
struct UnknownCategories {
  private struct Count {
    var cells = 0
    var first = ""
    var line = 0
  }

  private let schema: InputSchema
  private var counts: [Int: Count] = [:]

  init(_ schema: InputSchema) {
    self.schema = schema
  }

  /// Notes a cell that has been encoded as missing, and the number of its line, from 1.
  mutating func note(_ text: Span<UInt8>, column: Int, line: Int) {
    guard !text.isEmpty, case .dictionary = schema.columns[column].kind else { return }
    if counts[column] == nil {
      let shown = text.extracting(0..<min(40, text.count))
      let first = shown.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
      counts[column] = Count(first: first.escapingControlCharacters, line: line)
    }
    counts[column]?.cells += 1
  }

  /// Adds what was noted of a later part of the text, before which there are so many lines.
  mutating func add(_ later: UnknownCategories, lineCount: Int) {
    for (column, count) in later.counts {
      if counts[column] == nil {
        counts[column] = Count(first: count.first, line: lineCount + count.line)
      }
      counts[column]?.cells += count.cells
    }
  }

  mutating func removeAll() {
    counts.removeAll()
  }

  func notes(rowCount: Int) -> [String] {
    counts.sorted { $0.key < $1.key }.map { column, count in
      "note: column '\(schema.columns[column].name.escapingControlCharacters)': \(count.cells) of "
        + "\(rowCount) cells hold no category that the model knows and are taken as missing; the "
        + "first is '\(count.first)' in line \(count.line)"
    }
  }
}
