import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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

  /// Closes `channel` together with what the kernel has still to send, for which it would
  /// keep memory long after.
  static func drop(_ channel: any Channel) {
    guard let socket = channel as? any SocketOptionProvider else {
      return channel.close(promise: nil)
    }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
      channel.close(promise: nil)
    }
  }
}
