#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file, unchanging for as long as this object lives: mapped read-only
/// into memory, or a copy of bytes that came another way.
///
/// A file that another process shortens while it is mapped makes the operating system end
/// the reader (SIGBUS), so model files must be replaced by renaming, as ``AtomicFile``
/// does, and never rewritten in place.
@usableFromInline
package final class FileBytes: Sendable {
  /// Number of bytes.
  @usableFromInline package let count: Int
  /// Aligned to 64 bytes or more.
  @usableFromInline nonisolated(unsafe) let base: UnsafeMutableRawPointer
  private let isMapped: Bool

  /// Maps the whole file at `path`.
  ///
  /// - Throws: ``ModelError`` with code `.io` when the file cannot be opened, is not a
  ///   regular file, or cannot be mapped.
  package init(mapping path: String) throws(ModelError) {
    // Without O_NONBLOCK a pipe without a writer would keep the call waiting for one.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .io(path: path, action: "open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .io(path: path, action: "examine") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ModelError(
        .io, path,
        "is not a regular file; models are mapped into memory, so save it to a file first")
    }
    count = Int(status.st_size)
    isMapped = count > 0
    guard isMapped else {
      // mmap refuses a length of zero; an empty buffer needs an address all the same.
      base = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 64)
      return
    }
    guard
      let mapping = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      mapping != MAP_FAILED
    else { throw .io(path: path, action: "map") }
    base = mapping
  }

  /// Copies `bytes`.
  package init(copying bytes: Span<UInt8>) {
    count = bytes.count
    isMapped = false
    base = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes.count), alignment: 64)
    bytes.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(start: base, count: count).copyMemory(from: $0)
    }
  }

  deinit {
    if isMapped {
      munmap(base, count)
    } else {
      base.deallocate()
    }
  }

  /// The bytes themselves.
  package var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = Span(
        _unsafeStart: UnsafePointer(base.assumingMemoryBound(to: UInt8.self)), count: count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// Tells the kernel that the bytes before `offset` will not be read again soon, so that
  /// reading a large file once does not keep all of it resident.
  package func releasePages(before offset: Int) {
    let page = Int(getpagesize())
    let length = min(offset, count) / page * page
    guard isMapped, length > 0 else { return }
    madvise(base, length, MADV_DONTNEED)
  }

  /// The elements that start `offset` bytes into the file.
  ///
  /// - Precondition: the range lies inside the file and `offset` is a multiple of the
  ///   element's alignment. The base is aligned to 64 bytes, so alignment in the file is
  ///   alignment in memory.
  @inlinable func elements<Element: BitwiseCopyable>(
    _ type: Element.Type, offset: Int, count elementCount: Int
  ) -> UnsafeBufferPointer<Element> {
    precondition(
      offset >= 0 && elementCount >= 0 && offset <= count
        && offset % MemoryLayout<Element>.alignment == 0
        && elementCount <= (count - offset) / MemoryLayout<Element>.stride)
    return UnsafeBufferPointer(
      start: UnsafePointer((base + offset).assumingMemoryBound(to: Element.self)),
      count: elementCount)
  }
}
