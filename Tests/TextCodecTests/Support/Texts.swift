import TextCodec

/// The bytes of a literal.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The text of bytes, for messages.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// A number parsed from the front of a text, and where it ended.
struct Prefix<Value> {
  var value: Value?
  var end: Int
}

func parseDouble(
  _ text: String, grammar: DecimalParser.Grammar = .plain, from start: Int = 0
) -> Prefix<Double> {
  let bytes = bytes(text)
  var position = start
  let value = DecimalParser.parseDouble(bytes.span, at: &position, grammar: grammar)
  return Prefix(value: value, end: position)
}

// The macros of Testing cannot take apart a call with a borrowed argument, so the
// tests call these.

func wholeDouble(_ text: [UInt8], grammar: DecimalParser.Grammar = .plain) -> Double? {
  Double(decimalText: text.span, grammar: grammar)
}

func wholeFloat(_ text: [UInt8], grammar: DecimalParser.Grammar = .plain) -> Float? {
  Float(decimalText: text.span, grammar: grammar)
}
