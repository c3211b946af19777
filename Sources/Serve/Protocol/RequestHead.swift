/// What a scoring protocol needs of a request's head, whatever transport brought it.
public struct RequestHead: Sendable, Equatable {
  /// In capitals, as sent: `GET`.
  public var method: String
  /// Path and query, as sent.
  public var target: String
  /// The value of the first `Content-Type` header; nil where there is none.
  public var contentType: String?
  /// The value of the `Host` header.
  public var host: String?

  /// A head of these parts; see the properties for their forms.
  public init(
    method: String, target: String, contentType: String? = nil, host: String? = nil
  ) {
    self.method = method
    self.target = target
    self.contentType = contentType
    self.host = host
  }
}
