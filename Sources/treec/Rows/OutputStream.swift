import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Collects bytes and writes them to a file, which appears when it is complete, or to
/// standard output as they come.
struct OutputStream: ~Copyable {
  /// Bytes that are not written yet; append to it and call ``flushIfLarge()``.
  var buffer: [UInt8] = []
  private var file: AtomicFile?

  private static let flushSize = 1 << 16

  /// Opens `path`; nil and `-` are standard output.
  init(_ path: String?) throws(ModelError) {
    if let path, !OutputPath.isStandardOutput(path) { file = try AtomicFile(path: path) }
  }

  /// Writes `text` to standard output.
  static func print(_ text: String) throws {
    var stream = try OutputStream(nil)
    stream.buffer.append(contentsOf: text.utf8)
    try stream.finish()
  }

  /// Writes what has gathered if it is much.
  mutating func flushIfLarge() throws {
    if buffer.count >= Self.flushSize { try flush() }
  }

  /// Writes what is left and gives the file its name.
  consuming func finish() throws {
    try flush()
    try file.take()?.commit()
  }

  private mutating func flush() throws {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    if file != nil {
      try bytes.withUnsafeBytes { try file?.write($0) }
      return
    }
    try bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      var written = 0
      while written < bytes.count {
        let count = write(STDOUT_FILENO, start + written, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          throw Failure("cannot write to standard output: \(String(cString: strerror(errno)))")
        }
        written += count
      }
    }
  }
}
