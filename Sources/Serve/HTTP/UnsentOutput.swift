import NIOCore

/// Watches whether a client takes what is sent to it.
struct UnsentOutput {
  private var size = 0
  /// When the client last took some of it.
  private(set) var since = NIODeadline.uptimeNanoseconds(0)

  /// Looks at what `channel` has still to send, and says whether that is anything.
  mutating func update(_ channel: any Channel, _ now: NIODeadline) -> Bool {
    let buffered = try? channel.syncOptions?.getOption(.bufferedWritableBytes)
    let current = buffered ?? 0
    if current != size { since = now }
    size = current
    return size > 0
  }
}
