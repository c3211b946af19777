#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The `date` header's value, RFC 9110 section 5.6.7, made once a second.
struct HTTPDate {
  private var second: time_t = 0
  /// 29 bytes: `Sun, 06 Nov 1994 08:49:37 GMT`.
  private(set) var text: [UInt8] = []
  /// The end of a status line, and the headers that all answers begin with.
  private(set) var headers: [UInt8] = []
  /// An answer of status 200, up to those headers.
  private(set) var beginningOfOK: [UInt8] = []

  /// Brings the text up to the second `now`, counted from 1970.
  mutating func update(to now: time_t) {
    guard now != second || text.isEmpty else { return }
    second = now
    var parts = tm()
    var now = now
    gmtime_r(&now, &parts)
    text.removeAll(keepingCapacity: true)
    append(Self.days[Int(parts.tm_wday)])
    append(", ")
    appendTwoDigits(Int(parts.tm_mday))
    append(" ")
    append(Self.months[Int(parts.tm_mon)])
    append(" ")
    appendTwoDigits((Int(parts.tm_year) + 1900) / 100)
    appendTwoDigits((Int(parts.tm_year) + 1900) % 100)
    append(" ")
    appendTwoDigits(Int(parts.tm_hour))
    append(":")
    appendTwoDigits(Int(parts.tm_min))
    append(":")
    appendTwoDigits(Int(parts.tm_sec))
    append(" GMT")
    headers = Array("\r\ndate: ".utf8) + text + Array("\r\nserver: treec\r\n".utf8)
    beginningOfOK = Array("HTTP/1.1 200 OK".utf8) + headers
  }

  private static let days: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private mutating func append(_ word: StaticString) {
    word.withUTF8Buffer { text.append(contentsOf: $0) }
  }

  private mutating func appendTwoDigits(_ number: Int) {
    text.append(UInt8(ascii: "0") + UInt8(number / 10))
    text.append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
