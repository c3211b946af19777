import NIOCore
import NIOHTTP1
import TextCodec

extension ByteBuffer {
  /// Writes the status line and the headers of `answer`, and the blank line after them.
  ///
  /// - Parameters:
  ///   - bodySize: The length of the body that follows, in bytes.
  ///   - isLast: Whether the connection ends with this answer.
  mutating func writeHead(
    of answer: Answer, bodySize: Int, date: [UInt8], isLast: Bool
  ) {
    writeStatusLine(answer.status)
    writeStaticString("date: ")
    writeBytes(date)
    writeStaticString("\r\nserver: treec\r\n")
    if let allow = answer.allow { writeHeader("allow: ", allow) }
    if let location = answer.location { writeHeader("location: ", location) }
    writeStaticString("content-length: ")
    writeDecimal(bodySize)
    writeStaticString("\r\n")
    if let contentType = answer.contentType { writeHeader("content-type: ", contentType) }
    if isLast { writeStaticString("connection: close\r\n") }
    writeStaticString("\r\n")
  }

  private mutating func writeStatusLine(_ status: Int) {
    if status == 200 {
      writeStaticString("HTTP/1.1 200 OK\r\n")
    } else {
      writeStaticString("HTTP/1.1 ")
      writeDecimal(status)
      writeStaticString(" ")
      writeString(HTTPResponseStatus(statusCode: status).reasonPhrase)
      writeStaticString("\r\n")
    }
  }

  private mutating func writeHeader(_ name: StaticString, _ value: String) {
    writeStaticString(name)
    // What a client sent may come back in a location; it must not end the header.
    if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
      writeString(value)
    } else {
      writeBytes(value.utf8.filter { $0 >= 0x20 && $0 != 0x7F })
    }
    writeStaticString("\r\n")
  }

  private mutating func writeDecimal(_ number: Int) {
    if number >= 10 { writeDecimal(number / 10) }
    writeInteger(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
