import TextCodec

extension StringProtocol {
  /// The text with all that would show as something else, or not at all, spelt as `\u{202E}`:
  /// control characters, and the marks that turn the direction of writing. Names come from
  /// model files, and must not rearrange what stands around them.
  var visible: String {
    escapingControlCharacters.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.properties.isBidiControl {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text, in quotation marks where it could not be told from what stands around it in
  /// a list.
  var quotedInList: String {
    let isPlain =
      !isEmpty && first != " " && last != " "
      && unicodeScalars.allSatisfy { !"\",{}…".unicodeScalars.contains($0) }
    return isPlain ? visible : "\"\(visible.replacing("\"", with: "\\\""))\""
  }
}
