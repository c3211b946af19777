#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a user may give as the place for output.
enum OutputPath {
  /// Whether `path` is another name for standard output. Such names lead to whatever file
  /// the shell has opened, which must be written to and not replaced.
  static func isStandardOutput(_ path: String) -> Bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path)
  }

  /// - Throws: when writing to `path` would destroy one of `inputs`.
  static func check(_ path: String?, isNoneOf inputs: [String?]) throws(Failure) {
    guard let path, let output = identity(path) else { return }
    for input in inputs.compactMap({ $0 }) where identity(input) == output {
      throw Failure("\(path): this is an input, which the output would replace")
    }
  }

  private struct Identity: Equatable {
    let device: UInt64
    let file: UInt64
  }

  /// What tells a regular file from others; nil for anything else.
  private static func identity(_ path: String) -> Identity? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Identity(device: UInt64(status.st_dev), file: UInt64(status.st_ino))
  }
}
