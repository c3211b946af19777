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
  enum Progress {
    /// There is nothing to send.
    case done
    case going
    /// In all the time it was given, the client has taken next to nothing.
    case stalled
  }

  /// What a client has to take in the time it is given, in bytes; or all there is.
  private static let least = 256 << 10

  /// When the time began that is looked at, and what was to be sent then.
  private var beginning: (time: NIODeadline, size: Int)?

  /// Looks at what `channel` has still to send.
  mutating func update(
    _ channel: any Channel, _ now: NIODeadline, timeout: TimeAmount
  ) -> Progress {
    let buffered = try? channel.syncOptions?.getOption(.bufferedWritableBytes)
    guard let size = buffered, size > 0 else {
      beginning = nil
      return .done
    }
    guard let (time, sizeThen) = beginning else {
      beginning = (now, size)
      return .going
    }
    guard now - time > timeout else { return .going }
    guard sizeThen - size >= Self.least else { return .stalled }
    beginning = (now, size)
    return .going
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
