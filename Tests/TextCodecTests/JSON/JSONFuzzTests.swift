import TestSupport
import Testing

@testable import TextCodec

/// A second, slow opinion on what JSON is: a plain recursive recogniser.
private struct Recogniser {
  let text: [UInt8]
  var index = 0

  static func accepts(_ text: [UInt8]) -> Bool {
    var recogniser = Recogniser(text: text)
    return recogniser.value() && recogniser.index == text.count
  }

  private mutating func take(_ byte: Character) -> Bool {
    guard index < text.count, text[index] == byte.asciiValue else { return false }
    index += 1
    return true
  }

  private mutating func blanks() {
    while index < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[index]) { index += 1 }
  }

  private mutating func value() -> Bool {
    blanks()
    defer { blanks() }
    if take("[") {
      blanks()
      if take("]") { return true }
      repeat { guard value() else { return false } } while take(",")
      return take("]")
    }
    if take("{") {
      blanks()
      if take("}") { return true }
      repeat {
        blanks()
        guard string() else { return false }
        blanks()
        guard take(":"), value() else { return false }
      } while take(",")
      return take("}")
    }
    if index < text.count, text[index] == 0x22 { return string() }
    for word in ["true", "false", "null"] where text[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return true
    }
    return number()
  }

  private mutating func digits() -> Bool {
    let start = index
    while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
    return index > start
  }

  private mutating func number() -> Bool {
    _ = take("-")
    if !take("0") { guard digits() else { return false } }
    if take(".") { guard digits() else { return false } }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      guard digits() else { return false }
    }
    return true
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    let start = index
    var units: [UInt16?] = []
    while index < text.count, text[index] != 0x22 {
      let byte = text[index]
      guard byte >= 0x20 else { return false }
      index += 1
      guard byte == 0x5C else {
        units.append(nil)
        continue
      }
      guard index < text.count else { return false }
      let escape = Character(Unicode.Scalar(text[index]))
      index += 1
      if escape == "u" {
        guard index + 4 <= text.count else { return false }
        let digits = String(decoding: text[index..<index + 4], as: UTF8.self)
        guard digits.allSatisfy(\.isHexDigit), let unit = UInt16(digits, radix: 16) else {
          return false
        }
        units.append(unit)
        index += 4
      } else {
        guard "\"\\/bfnrt".contains(escape) else { return false }
        units.append(nil)
      }
    }
    guard String(validating: text[start..<index], as: UTF8.self) != nil else { return false }
    var lead = false
    for unit in units {
      let isTrail = unit.map { UTF16.isTrailSurrogate($0) } ?? false
      guard lead == isTrail else { return false }
      lead = unit.map { UTF16.isLeadSurrogate($0) } ?? false
    }
    return !lead && take("\"")
  }
}

@Suite("JSON that was damaged")
struct JSONFuzzTests {
  private static let seeds = [
    #"{"a":[1,-2.5e+10,0.0,1e400],"b":{"c":"x\u00e9\uD834\uDD1E\n","d":[true,false,null]},"":[]}"#,
    #"[[[[]]],{"k":{"k":{"k":0}}}, "0123456789abcdef", "é€𝄞", 12345678901234567890, -0]"#,
    " { \"tree\" : { \"left\" : { \"value\" : 0.25 } ,\n\"right\" : { \"value\" : -1E-5 } } } ",
  ].map { bytes($0) }

  private func mutate(_ text: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var text = text
    let pieces = [
      "\"", "\\", "\\u", "\\uD800", "\\uDC00", "{", "}", "[", "]", ",", ":", "0", "-",
      ".", "e", "true", "nul", "\u{0}", "é", " ", "1",
    ].map { bytes($0) }
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Int.random(in: 0...text.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0 where place < text.count: text.remove(at: place)
      case 1 where place < text.count:
        text[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: text.removeSubrange(place...)
      case 3:
        let end = Int.random(in: place...text.count, using: &generator)
        text.insert(contentsOf: text[place..<end], at: place)
      default:
        text.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
      }
      if text.count > 400 { text.removeSubrange(400...) }
    }
    return text
  }

  /// Reads a value in the way that its kind asks for, and all that is in it.
  private func walk(_ reader: inout JSONReader) throws(JSONError) {
    switch try reader.peekKind() {
    case .object:
      try reader.enterObject()
      while let key = try reader.nextKey() {
        _ = key.makeString()
        try walk(&reader)
      }
    case .array:
      try reader.enterArray()
      while try reader.nextElement() { try walk(&reader) }
    case .string: _ = try reader.readString()
    case .number: _ = try reader.readDouble()
    case .bool: _ = try reader.readBool()
    case .null: try reader.readNull()
    }
  }

  private func accepts(
    _ text: [UInt8], _ read: (inout JSONReader) throws(JSONError) -> Void
  ) -> JSONError? {
    var reader = JSONReader(text.span)
    do throws(JSONError) {
      try read(&reader)
      try reader.expectEnd()
      return nil
    } catch {
      return error
    }
  }

  @Test("Reading and skipping agree with each other and with a plain recogniser")
  func mutations() {
    var generator = SeededGenerator(seed: 31)
    var accepted = 0
    for _ in 0..<400_000 {
      let source = mutate(Self.seeds.randomElement(using: &generator) ?? [], &generator)
      let skipping = accepts(source) { (reader) throws(JSONError) in try reader.skipValue() }
      let walking = accepts(source, walk)
      let wanted = Recogniser.accepts(source)
      guard skipping == walking, (skipping == nil) == wanted else {
        Issue.record("\(source): \(String(describing: skipping)), \(String(describing: walking))")
        return
      }
      accepted += wanted ? 1 : 0
    }
    // The damage must be small enough to leave some texts whole.
    #expect(accepted > 10_000)
  }

  @Test("Integers and floats of damaged numbers never trap")
  func numbers() {
    var generator = SeededGenerator(seed: 32)
    let alphabet = bytes("0123456789-+.eE \"")
    for _ in 0..<300_000 {
      let count = Int.random(in: 0...24, using: &generator)
      let source = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      let double = accepts(source) { (reader) throws(JSONError) in _ = try reader.readDouble() }
      let float = accepts(source) { (reader) throws(JSONError) in _ = try reader.readFloat() }
      let integer = accepts(source) { (reader) throws(JSONError) in _ = try reader.readInt64() }
      #expect(double == float)
      if integer == nil { #expect(double == nil) }
    }
  }
}
