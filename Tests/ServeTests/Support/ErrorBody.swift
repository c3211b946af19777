import Foundation

/// The body of an answer of status 400.
struct ErrorBody: Sendable, Decodable {
  var errorCode: String
  var message: String
  var sqlstate: String
  var errorClass: String
  var stackTrace: String?

  /// Nil where the body is none.
  init?(_ body: [UInt8]) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let decoded = try? decoder.decode(ErrorBody.self, from: Data(body)) else { return nil }
    self = decoded
  }

  var codes: [String] { [errorCode, sqlstate, errorClass] }
  var hasStackTrace: Bool { stackTrace != nil }

  /// The message without what no two servers have in common: the elements of Python's sets are
  /// sorted, and of a text that is no JSON or no UTF-8 only that is said, as MLflow repeats it.
  var comparableMessage: String {
    let message = message.replacing(/\{('[^{}]*')\}/) { match in
      "{\(match.1.split(separator: ", ").sorted().joined(separator: ", "))}"
    }
    let notRepeated = [
      "Ensure that input is a valid JSON formatted string.",
      "Ensure that input is a valid UTF-8 encoded string. Error: '",
    ]
    for beginning in notRepeated {
      if let range = message.range(of: beginning) { return String(message[..<range.upperBound]) }
    }
    return message
  }
}
