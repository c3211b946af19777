#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What goes to people rather than to files: messages and progress, on standard error.
enum Terminal {
  /// Whether somebody watches standard error.
  static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether standard output goes to a terminal too, where it would mingle with messages.
  static var showsOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes a line to standard error.
  static func say(_ line: String) {
    write(line + "\n")
  }

  /// Writes text to standard error.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, Platform.standardError) }
  }

  /// Seconds on a clock that only runs forward.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// `stderr` is a mutable global in the C library's header, which Swift 6 does not let
/// anyone touch; a stream of our own on the same descriptor is as good.
enum Platform {
  nonisolated(unsafe) static let standardError: UnsafeMutablePointer<FILE>? = {
    let stream = fdopen(STDERR_FILENO, "w")
    setvbuf(stream, nil, _IONBF, 0)
    return stream
  }()
}
