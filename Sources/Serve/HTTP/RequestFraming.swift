import NIOCore
import NIOHTTP1

/// What the head of an HTTP/1 request says about its connection and its body, and to its route.
struct RequestFraming {
  let head: RequestHead
  /// Whether the request names its host once, as RFC 9112 section 3.2 asks for, and codes its
  /// body in no way but chunks.
  let isValid: Bool
  /// Whether the client and the protocol's version let the connection go on.
  let isKeptAlive: Bool
  /// The length that the body is said to have; nil for a chunked body and for none.
  let contentLength: Int?
  /// Whether the client waits for a `100 Continue` before it sends the body.
  let expectsContinue: Bool

  init(_ request: HTTPRequestHead) {
    var contentType: String?
    var host: String?
    var hostCount = 0
    var contentLength: Int?
    var expectsContinue = false
    var upgrades = false
    var isCodingKnown = true
    for (name, value) in request.headers {
      switch name.utf8.count {
      case 4 where Self.matches(name, "host"):
        hostCount += 1
        if host == nil { host = value }
      case 6 where Self.matches(name, "expect"):
        expectsContinue = value.lowercased() == "100-continue"
      case 7 where Self.matches(name, "upgrade"):
        upgrades = true
      case 12 where contentType == nil && Self.matches(name, "content-type"):
        contentType = value
      case 14 where Self.matches(name, "content-length"):
        // Digits only, the decoder has seen to that; too many of them are too long a body.
        contentLength = Int(value) ?? .max
      case 17 where Self.matches(name, "transfer-encoding"):
        isCodingKnown = isCodingKnown && value.lowercased() == "chunked"
      default: break
      }
    }
    head = RequestHead(
      method: request.method.rawValue, target: request.uri, contentType: contentType, host: host)
    let isOld = request.version == .http1_0
    // The decoder reads nothing after a request that asks for another protocol.
    isKeptAlive = !isOld && request.isKeepAlive && !upgrades && request.method != .CONNECT
    // The decoder undoes chunks only, and takes a body of `gzip, chunked` for plain.
    isValid = (isOld ? hostCount <= 1 : hostCount == 1) && isCodingKnown
    self.contentLength = contentLength
    self.expectsContinue = expectsContinue && !isOld
  }

  /// Whether `name` is `word`, which is in lower case and as long, in any case.
  private static func matches(_ name: String, _ word: StaticString) -> Bool {
    let isSame = name.utf8.withContiguousStorageIfAvailable { bytes in
      word.withUTF8Buffer { letters in
        letters.indices.allSatisfy { bytes[$0] | 0x20 == letters[$0] }
      }
    }
    return isSame ?? (name.lowercased() == word.description)
  }
}
