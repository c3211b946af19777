/// MLflow's reading of `Content-Type`: what a body is said to be, or why it is not looked at.
enum ContentType {
  /// The checks are those of MLflow, in its order: charset, other parameters, media type.
  /// Names are compared as they are written, the charset in any case.
  static func route(_ header: String?) -> ScoringService.Route {
    // MLflow's server runs into a missing value here.
    guard let header else { return .answered(Routes.text(500, "Internal Server Error")) }
    if header == "application/json" { return .scoring(.json) }
    let parts = header.split(separator: ";", omittingEmptySubsequences: false).map(stripped)
    var charset = "utf-8"
    var others: [Substring] = []
    var known: Set<Substring> = []
    for part in parts.dropFirst() {
      let name = part.prefix { $0 != "=" }
      if name == "charset" {
        charset = part.dropFirst(name.count + 1).lowercased()
      } else if known.insert(name).inserted {
        others.append(name)
      }
    }
    guard charset == "utf-8" else {
      return .answered(Routes.text(415, "The scoring server only supports UTF-8"))
    }
    guard others.isEmpty else {
      let names = others.prefix(10).map { PythonValue.beginning(of: $0) }.joined(separator: ", ")
      return .answered(
        Routes.text(
          415,
          "Unrecognized content type parameters: \(names). \(ScoringError.protocolChange)"))
    }
    switch parts.first {
    case "application/json": return .scoring(.json)
    case "text/csv": return .scoring(.csv)
    case "application/vnd.apache.parquet":
      return .answered(
        Routes.text(
          415, "Bodies in Parquet are not read yet; send text/csv or application/json."))
    default:
      return .answered(
        Routes.text(
          415,
          "This predictor only supports the following content types: Types: ['text/csv', "
            + "'application/json', 'application/vnd.apache.parquet']. Got '\(PythonValue.beginning(of: header))'."
        ))
    }
  }

  private static func stripped(_ part: Substring) -> Substring {
    var part = part
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return part
  }
}
