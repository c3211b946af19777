/// The answer to a request, before a transport frames it.
public struct Answer: Sendable, Equatable {
  /// The HTTP status.
  public var status: Int
  /// Nil for an answer without `Content-Type`.
  public var contentType: String?
  /// The one method that the route knows, for status 405.
  public var allow: String?
  /// Where to go instead, for status 307.
  public var location: String?
  /// The content; empty where there is none.
  public var body: [UInt8]

  /// An answer of these parts.
  public init(
    status: Int, contentType: String?, allow: String? = nil, location: String? = nil,
    body: [UInt8]
  ) {
    self.status = status
    self.contentType = contentType
    self.allow = allow
    self.location = location
    self.body = body
  }
}
