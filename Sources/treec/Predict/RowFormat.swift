import ArgumentParser

/// How rows and results are written down.
enum RowFormat: String, ExpressibleByArgument, CaseIterable {
  case csv
  case ndjson

  /// What a text is, by its first bytes.
  init(of text: Span<UInt8>) {
    var index = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
    while index < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[index]) { index += 1 }
    self = index < text.count && text[index] == UInt8(ascii: "{") ? .ndjson : .csv
  }
}
