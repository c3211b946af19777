import ArgumentParser

/// How rows and results are written down.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
  case csv
  case ndjson

  /// What a text is, by how it begins: an object whose first name follows, or an empty one with others
  /// or nothing below, begins NDJSON. CSV may begin with a brace as well, but a field with quotation
  /// marks in it has one before the brace.
  init(of text: Span<UInt8>) {
    let start = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
    let brace = Self.skip([0x20, 0x09, 0x0A, 0x0D], of: text, from: start)
    self = .csv
    guard brace < text.count, text[brace] == UInt8(ascii: "{") else { return }
    let name = Self.skip([0x20, 0x09], of: text, from: brace + 1)
    guard name < text.count else { return }
    if text[name] == UInt8(ascii: "\"") {
      self = .ndjson
    } else if text[name] == UInt8(ascii: "}") {
      let end = Self.skip([0x20, 0x09, 0x0D], of: text, from: name + 1)
      guard end == text.count || text[end] == UInt8(ascii: "\n") else { return }
      // Or a column of that name, which has no objects below it.
      let next = Self.skip([0x20, 0x09, 0x0A, 0x0D], of: text, from: end)
      if next == text.count || text[next] == UInt8(ascii: "{") { self = .ndjson }
    }
  }

  private static func skip(_ blanks: [UInt8], of text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < text.count, blanks.contains(text[index]) { index += 1 }
    return index
  }
}
