import NIOCore
import NIOHTTP1
import TextCodec

extension ByteBuffer {
  /// Writes the status line and the headers of `answer`, and the blank line after them.
  ///
  /// - Parameters:
  ///   - bodySize: The length of the body that follows, in bytes.
  ///   - date: The date, and what is made of it once a second.
  ///   - isLast: Whether the connection ends with this answer.
  mutating func writeHead(
    of answer: Answer, bodySize: Int, date: HTTPDate, isLast: Bool
  ) {
    if answer.status == 200 {
      writeBytes(date.beginningOfOK)
    } else {
      writeStaticString("HTTP/1.1 ")
      writeString(String(answer.status))
      writeStaticString(" ")
      writeString(HTTPResponseStatus(statusCode: answer.status).reasonPhrase)
      writeBytes(date.headers)
    }
    if let allow = answer.allow { writeHeader("allow: ", allow) }
    if let location = answer.location { writeHeader("location: ", location) }
    writeStaticString("content-length: ")
    writeString(String(bodySize))
    writeStaticString("\r\n")
    if let contentType = answer.contentType { writeHeader("content-type: ", contentType) }
    if isLast { writeStaticString("connection: close\r\n") }
    writeStaticString("\r\n")
  }

  private mutating func writeHeader(_ name: StaticString, _ value: String) {
    writeStaticString(name)
    // What a client sent may come back in a location; it must not end the header.
    if value == "application/json" || value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
      writeString(value)
    } else {
      writeBytes(value.utf8.filter { $0 >= 0x20 && $0 != 0x7F })
    }
    writeStaticString("\r\n")
  }
}
