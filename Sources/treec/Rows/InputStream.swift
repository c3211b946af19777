#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes of a file or of standard input, piece by piece. What begins like gzip data is unpacked.
struct InputStream: ~Copyable {
  /// For messages: the path, or `standard input`.
  let name: String
  /// Size of a regular file, as it lies there; nil for a pipe.
  let size: Int?
  /// Bytes of the file that have been read.
  private(set) var bytesRead = 0
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Bytes at the beginning of the file, read to see whether they are gzip data, or bytes that are
  /// to be unpacked: from here on in the buffer.
  private var waiting = 0..<0
  private var gunzip: Gunzip?
  private var hasBegun = false

  private static let bufferSize = 1 << 18

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
    var piece: [UInt8] = []
    swap(&piece, &pieceMemory)
    defer { swap(&piece, &pieceMemory) }
    if piece.isEmpty { piece = [UInt8](repeating: 0, count: Self.bufferSize) }
    let count = try read(into: &piece, 0..<piece.count)
    guard count > 0 else { return false }
    body(piece.span.extracting(0..<count))
    return true
  }

  private var pieceMemory: [UInt8] = []

  /// Reads into a part of `target`, which is not empty: some bytes, not always as many as there is
  /// room for.
  ///
  /// - Returns: How many; 0 at the end.
  mutating func read(into target: inout [UInt8], _ part: Range<Int>) throws(Failure) -> Int {
    precondition(!part.isEmpty, "no room to read into")
    if !hasBegun { try begin() }
    if gunzip != nil { return try unpack(into: &target, part) }
    guard waiting.isEmpty else {
      let taken = waiting.prefix(part.count)
      for (offset, place) in taken.enumerated() { target[part.lowerBound + offset] = buffer[place] }
      waiting = taken.upperBound..<waiting.upperBound
      return taken.count
    }
    return try readFile(into: &target, part)
  }

  /// Looks at the first two bytes.
  private mutating func begin() throws(Failure) {
    hasBegun = true
    buffer = [UInt8](repeating: 0, count: Self.bufferSize)
    var memory: [UInt8] = []
    swap(&memory, &buffer)
    defer { swap(&memory, &buffer) }
    var end = 0
    while end < Gunzip.magic.count {
      let count = try readFile(into: &memory, end..<memory.count)
      guard count > 0 else { break }
      end += count
    }
    waiting = 0..<end
    guard end >= 2, memory[0] == Gunzip.magic[0], memory[1] == Gunzip.magic[1] else { return }
    do throws(Gunzip.Refusal) {
      gunzip = try Gunzip()
    } catch {
      throw Failure("\(name): \(error)")
    }
  }

  private mutating func unpack(
    into target: inout [UInt8], _ part: Range<Int>
  ) throws(Failure) -> Int {
    // Taken out, because nothing of a stream can be lent while all of it is changed.
    var memory: [UInt8] = []
    swap(&memory, &buffer)
    defer { swap(&memory, &buffer) }
    while true {
      if waiting.isEmpty { waiting = 0..<(try readFile(into: &memory, 0..<memory.count)) }
      do throws(Gunzip.Refusal) {
        guard !waiting.isEmpty else {
          try gunzip?.finish()
          return 0
        }
        guard let done = try gunzip?.unpack(memory, waiting, into: &target, part) else {
          return 0
        }
        waiting = waiting.lowerBound + done.read..<waiting.upperBound
        if done.written > 0 { return done.written }
      } catch {
        throw Failure("\(name): \(error)")
      }
    }
  }

  private mutating func readFile(
    into target: inout [UInt8], _ part: Range<Int>
  ) throws(Failure) -> Int {
    let descriptor = descriptor
    var count = 0
    repeat {
      count = target.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return 0 }
        #if canImport(Glibc)
          return Glibc.read(descriptor, base + part.lowerBound, part.count)
        #elseif canImport(Musl)
          return Musl.read(descriptor, base + part.lowerBound, part.count)
        #else
          return Darwin.read(descriptor, base + part.lowerBound, part.count)
        #endif
      }
    } while count < 0 && errno == EINTR
    guard count >= 0 else {
      throw Failure("\(name): cannot read: \(String(cString: strerror(errno)))")
    }
    bytesRead += count
    return count
  }
}
