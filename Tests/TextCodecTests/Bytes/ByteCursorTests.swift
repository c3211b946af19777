import TestSupport
import Testing

@testable import TextCodec

@Suite("A cursor over bytes")
struct ByteCursorTests {
  private func lines(_ source: String) -> [String] {
    let source = bytes(source)
    var cursor = ByteCursor(source.span)
    var lines: [String] = []
    while let line = cursor.nextLine() { lines.append(text(Array(source[line]))) }
    return lines
  }

  @Test("Lines come without their ends")
  func lineEnds() {
    #expect(lines("") == [])
    #expect(lines("a") == ["a"])
    #expect(lines("a\n") == ["a"])
    #expect(lines("a\nb") == ["a", "b"])
    #expect(lines("a\r\nb\r\n") == ["a", "b"])
    #expect(lines("\n\r\n\n") == ["", "", ""])
    #expect(lines("a\rb\nc\r") == ["a\rb", "c\r"])
  }

  @Test("The position never leaves the bytes")
  func position() {
    let source = bytes("abc")
    var cursor = ByteCursor(source.span)
    cursor.advance(by: -5)
    #expect(cursor.position == 0)
    cursor.advance(by: 2)
    #expect(cursor.peek() == 0x63)
    #expect(cursor.peek(1) == nil)
    #expect(cursor.peek(-1) == nil)
    cursor.advance(by: .max)
    #expect(cursor.isAtEnd == true)
    #expect(cursor.peek() == nil)
    cursor.position = -1
    #expect(cursor.position == 0 && cursor.remaining == 3)
    cursor.position = 99
    #expect(cursor.position == 3 && cursor.remaining == 0)
    let cut = cursor.slice(1..<99).count
    #expect(cut == 2)
  }

  @Test("Bytes and words are consumed only where they stand")
  func consume() {
    let source = bytes("key=1")
    var cursor = ByteCursor(source.span)
    #expect(cursor.consume("keys") == false)
    #expect(cursor.consume("key=1 ") == false)
    #expect(cursor.consume("key") == true)
    #expect(cursor.consume(0x31) == false)
    #expect(cursor.consume(0x3D) == true)
    #expect(cursor.position == 4)
    #expect(cursor.firstOffset(of: 0x31) == 4)
    #expect(cursor.firstOffset(of: 0x6B) == nil)
  }

  @Test("Whitespace goes on past line ends")
  func whitespace() {
    let source = bytes(" \t\n\r x")
    var cursor = ByteCursor(source.span)
    cursor.skipWhitespace()
    #expect(cursor.position == 5)
  }

  @Test("Line and column count from one")
  func location() {
    let source = bytes("ab\ncd\n")
    func location(_ offset: Int) -> TextLocation { TextLocation(of: offset, in: source.span) }
    #expect(location(0) == TextLocation(line: 1, column: 1))
    #expect(location(2) == TextLocation(line: 1, column: 3))
    #expect(location(4) == TextLocation(line: 2, column: 2))
    #expect(location(99) == TextLocation(line: 3, column: 1))
    #expect(location(-1) == TextLocation(line: 1, column: 1))
    #expect(location(4).description == "line 2, column 2")
  }

  @Test("UTF-8 is taken and refused as the standard library does")
  func utf8() {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<300_000 {
      // Bytes at the borders of the well-formed ranges come often.
      let borders: [UInt8] = [
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF,
        0xF0, 0xF1, 0xF4, 0xF5, 0xFF,
      ]
      let count = Int.random(in: 1...4, using: &generator)
      let sequence = (0..<count).map { _ in borders.randomElement(using: &generator) ?? 0 }
      let length = UTF8Sequence.length(sequence.span, at: 0)
      let wanted = (1...count).first { String(validating: sequence[..<$0], as: UTF8.self) != nil }
      #expect(length == wanted)
    }
  }
}
