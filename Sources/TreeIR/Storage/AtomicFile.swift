#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears under its name only when it is complete: it is written beside its
/// destination and renamed on ``commit()``. Readers see the old file or the new one, never
/// a part, and a run that fails leaves nothing behind (one that is killed may leave the
/// temporary file).
///
/// A destination that is no regular file, such as a pipe or `/dev/null`, is written to as
/// it is.
package struct AtomicFile: ~Copyable {
  private let path: String
  /// nil when the destination is written to directly.
  private let temporaryPath: String?
  private let descriptor: Int32
  private var isOpen = true

  /// Creates the temporary file, readable by all as far as the umask allows.
  ///
  /// - Throws: ``ModelError`` with code `.io`.
  package init(path: String) throws(ModelError) {
    let path = Self.destination(of: path)
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists && status.st_mode & S_IFMT != S_IFREG {
      temporaryPath = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      // A fresh name each time, so that two writers never share a file, and a link that
      // somebody put there is not followed.
      let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
      let folder = path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex)
      let temporary = "\(path.contains("/") ? folder : "").treec-\(suffix).tmp"
      temporaryPath = temporary
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw .io(path: path, action: "create") }
    // The new file is for the same eyes as the old one.
    if exists && temporaryPath != nil { fchmod(descriptor, status.st_mode & 0o7777) }
  }

  /// What `path` leads to, so that a link goes on being one.
  private static func destination(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  deinit {
    if isOpen {
      close(descriptor)
      if let temporaryPath { unlink(temporaryPath) }
    }
  }

  /// Appends `bytes`.
  ///
  /// - Throws: ``ModelError`` with code `.io`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    guard let base = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      let count = systemWrite(descriptor, base + written, bytes.count - written)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .io(path: path, action: "write") }
      written += count
    }
  }

  /// Closes the file and gives it its name.
  ///
  /// - Throws: ``ModelError`` with code `.io`; the temporary file is then removed.
  package consuming func commit() throws(ModelError) {
    isOpen = false
    let closed = close(descriptor) == 0
    guard let temporaryPath else {
      guard closed else { throw .io(path: path, action: "finish writing") }
      return
    }
    guard closed, rename(temporaryPath, path) == 0 else {
      let error = ModelError.io(path: path, action: "finish writing")
      unlink(temporaryPath)
      throw error
    }
  }
}

/// `write(2)`, out of the shadow of the method of the same name.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
