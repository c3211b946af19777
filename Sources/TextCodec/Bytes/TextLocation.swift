/// A place in text as editors count it.
public struct TextLocation: Equatable, Sendable, CustomStringConvertible {
  /// The line, from 1. Lines end with `\n`.
  public var line: Int
  /// The byte in the line, from 1.
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of the byte at `offset` of `text`; an offset outside is clamped.
  /// Takes time linear in `offset`.
  public init(of offset: Int, in text: Span<UInt8>) {
    let end = min(max(offset, 0), text.count)
    var line = 1
    var start = 0
    for index in 0..<end where text[unchecked: index] == ascii("\n") {
      line += 1
      start = index + 1
    }
    self.init(line: line, column: end - start + 1)
  }

  public var description: String { "line \(line), column \(column)" }
}
