/// Text and data on their way into a page. They come from model files, which nobody trusts.
enum HTML {
  /// `text` as content of an element or of a quoted attribute.
  static func escaped(_ text: some StringProtocol) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }

  /// JSON as content of a `<script>`, which `</script>` would end and `<!--` would change.
  /// These characters stand in strings only, where they may be spelt otherwise.
  static func escaped(json: [UInt8]) -> [UInt8] {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(json.count)
    for byte in json {
      switch byte {
      case UInt8(ascii: "<"): escaped.append(contentsOf: #"\u003c"#.utf8)
      case UInt8(ascii: ">"): escaped.append(contentsOf: #"\u003e"#.utf8)
      case UInt8(ascii: "&"): escaped.append(contentsOf: #"\u0026"#.utf8)
      default: escaped.append(byte)
      }
    }
    return escaped
  }

  /// `template` with every `{{name}}` replaced by what `values` has for it. What is put in is
  /// not looked at again.
  static func fill(_ template: [UInt8], with values: [String: [UInt8]]) -> [UInt8] {
    var page: [UInt8] = []
    var rest = template[...]
    while let opening = rest.firstRange(of: Array("{{".utf8)),
      let closing = rest[opening.upperBound...].firstRange(of: Array("}}".utf8))
    {
      let name = String(decoding: rest[opening.upperBound..<closing.lowerBound], as: UTF8.self)
      page.append(contentsOf: rest[..<opening.lowerBound])
      if let value = values[name] {
        page.append(contentsOf: value)
      } else {
        preconditionFailure("the page has no value for '\(name)'")
      }
      rest = rest[closing.upperBound...]
    }
    return page + rest
  }
}
