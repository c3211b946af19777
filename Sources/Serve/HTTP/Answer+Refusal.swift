extension Answer {
  /// The answer to a request that is refused for its framing or its size. Malformed requests
  /// get the words that MLflow's server has for them.
  static func refusal(_ status: Int) -> Answer {
    switch status {
    case 408: plain(status, "The body did not arrive in time.")
    case 413: plain(status, "The body is longer than this server accepts.")
    case 431: plain(status, "The request line or the headers are longer than this server accepts.")
    case 503: plain(status, "The server has no room for another body; try again.")
    default: plain(status, "Invalid HTTP request received.")
    }
  }

  /// The answer to a batch that takes too long, in MLflow's words and with its content type.
  static let timedOut = Answer(
    status: 504, contentType: "application/json",
    body: Array("Request processing time exceeded limit".utf8))

  private static func plain(_ status: Int, _ text: String) -> Answer {
    Answer(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
  }
}
