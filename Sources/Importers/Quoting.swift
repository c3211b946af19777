import TextCodec

/// `text` of a file for an error message: its beginning, if it is long, in quotation marks
/// and without control characters.
func quoted(_ text: some StringProtocol) -> String {
  "'\(shortened(text))'"
}

/// As above for bytes, which may be no UTF-8.
func quoted(_ bytes: Span<UInt8>) -> String {
  // Four bytes at most are a scalar, so that this much is as long as is ever shown.
  quoted(
    bytes.extracting(first: 4 * (shownLength + 1)).withUnsafeBufferPointer {
      String(decoding: $0, as: UTF8.self)
    })
}

/// The beginning of `text`, control characters escaped.
func shortened(_ text: some StringProtocol) -> String {
  // Scalars, because a Character has no greatest length.
  let beginning = text.unicodeScalars.prefix(shownLength)
  let isWhole = beginning.endIndex == text.unicodeScalars.endIndex
  return String(String.UnicodeScalarView(beginning)).escapingControlCharacters
    + (isWhole ? "" : "…")
}

private let shownLength = 60
