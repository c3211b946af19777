#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes of a file or of standard input, piece by piece.
struct InputStream: ~Copyable {
  /// For messages: the path, or `standard input`.
  let name: String
  /// Size of a regular file; nil for a pipe.
  let size: Int?
  private(set) var bytesRead = 0
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  /// Opens `path`; nil and `-` are standard input.
  init(_ path: String?) throws(Failure) {
    if let path, path != "-" {
      name = path
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw Failure("\(path): cannot open the file: \(String(cString: strerror(errno)))")
      }
    } else {
      name = "standard input"
      descriptor = STDIN_FILENO
    }
    var status = stat()
    let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isRegular ? Int(status.st_size) : nil
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Reads the next piece and hands it to `body`.
  ///
  /// - Returns: false at the end, when `body` was not called.
  mutating func next(_ body: (Span<UInt8>) -> Void) throws(Failure) -> Bool {
    var count = 0
    repeat {
      count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    guard count >= 0 else {
      throw Failure("\(name): cannot read: \(String(cString: strerror(errno)))")
    }
    guard count > 0 else { return false }
    bytesRead += count
    body(buffer.span.extracting(0..<count))
    return true
  }
}
