import CZlib

/// Unpacks gzip data that come in pieces (RFC 1952), one member after the other, in the memory of
/// one window. Lengths and checksums of all members are checked.
struct Gunzip: ~Copyable {
  /// Why data were refused.
  enum Refusal: Error, Equatable, CustomStringConvertible {
    case corrupt(String)
    case truncated
    case trailingBytes
    case noMemory

    var description: String {
      switch self {
      case .corrupt(let reason): "the gzip data are corrupt: \(reason)"
      case .truncated: "the gzip data end too early: the file is incomplete"
      case .trailingBytes: "bytes that are no gzip data follow the gzip data"
      case .noMemory: "there is no memory to unpack gzip data"
      }
    }
  }

  private enum State {
    /// Within a member.
    case member
    /// Behind a member; another one may follow.
    case between
    /// In zeros behind the last member, with which some programs fill blocks.
    case padding
  }

  /// The two bytes with which gzip data begin.
  static let magic: [UInt8] = [0x1F, 0x8B]
  /// A window of any size, in a gzip wrapper.
  private static let windowBits = 15 + 16

  /// In memory of its own, because zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var state = State.member
  /// A byte 0x1F that may begin a member and is the last one so far.
  private var holdsFirstByte = false

  init() throws(Refusal) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, Int32(Self.windowBits), ZLIB_VERSION, size) == Z_OK else {
      stream.deallocate()
      throw .noMemory
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks a part of `source` into a part of `target`, until one of them is used up.
  ///
  /// - Returns: How many bytes of each were used.
  mutating func unpack(
    _ source: [UInt8], _ part: Range<Int>, into target: inout [UInt8], _ room: Range<Int>
  ) throws(Refusal) -> (read: Int, written: Int) {
    let source = source.span
    var target = target.mutableSpan
    return try source.extracting(part).withUnsafeBytes { source throws(Refusal) in
      try target.withUnsafeMutableBytes { target throws(Refusal) in
        try unpack(source, UnsafeMutableRawBufferPointer(rebasing: target[room]))
      }
    }
  }

  private mutating func unpack(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
  ) throws(Refusal) -> (read: Int, written: Int) {
    var read = 0
    var written = 0
    while read < source.count, written < target.count {
      guard state == .member else {
        try look(at: source[read])
        read += 1
        continue
      }
      let (taken, made) = try inflate(
        UnsafeRawBufferPointer(rebasing: source[read...]),
        into: UnsafeMutableRawBufferPointer(rebasing: target[written...]))
      read += taken
      written += made
    }
    return (read, written)
  }

  /// Says that no more data come.
  func finish() throws(Refusal) {
    guard state != .member else { throw .truncated }
    guard !holdsFirstByte else { throw .trailingBytes }
  }

  /// Takes a byte behind a member: zlib is told of the next one when both bytes of its magic are
  /// there.
  private mutating func look(at byte: UInt8) throws(Refusal) {
    if holdsFirstByte {
      guard byte == Self.magic[1] else { throw .trailingBytes }
      holdsFirstByte = false
      state = .member
      guard inflateReset(stream) == Z_OK else { throw .noMemory }
      // The header of a member gives no bytes.
      var nothing: [UInt8] = [0]
      _ = try unpack(Self.magic, 0..<Self.magic.count, into: &nothing, 0..<1)
    } else if byte == Self.magic[0], state == .between {
      holdsFirstByte = true
    } else if byte == 0 {
      state = .padding
    } else {
      throw .trailingBytes
    }
  }

  private mutating func inflate(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(Refusal) -> (Int, Int) {
    // zlib counts in 32 bits.
    let available = min(source.count, 1 << 30)
    let room = min(target.count, 1 << 30)
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: source.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(available)
    stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(room)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let read = available - Int(stream.pointee.avail_in)
    let written = room - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: state = .between
    case Z_MEM_ERROR: throw .noMemory
    case Z_NEED_DICT: throw .corrupt("a dictionary is needed")
    default:
      throw .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "status \(status)")
    }
    return (read, written)
  }
}
