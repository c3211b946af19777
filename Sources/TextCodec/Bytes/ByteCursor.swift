/// A position in borrowed bytes: what every reader of this module, and the line
/// readers of the importers, advance over.
///
/// The cursor never reads past the end; a position past either end cannot be set.
@frozen
public struct ByteCursor: ~Escapable {
  /// All the bytes, also those before the position.
  public let bytes: Span<UInt8>

  @usableFromInline
  internal var offset: Int

  /// A cursor at the first of `bytes`.
  @inlinable
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    self.offset = 0
  }

  /// The offset of the next byte, `0...bytes.count`. A value outside that range is
  /// clamped to it.
  @inlinable
  public var position: Int {
    get { offset }
    @_lifetime(self: copy self)
    set { offset = min(max(newValue, 0), bytes.count) }
  }

  /// Whether no byte is left.
  @inlinable
  public var isAtEnd: Bool { offset == bytes.count }

  /// How many bytes are left.
  @inlinable
  public var remaining: Int { bytes.count &- offset }

  /// The next byte, which stays unread.
  @inlinable
  public func peek() -> UInt8? {
    offset < bytes.count ? bytes[unchecked: offset] : nil
  }

  /// The byte `distance` after the next one, which stays unread.
  @inlinable
  public func peek(_ distance: Int) -> UInt8? {
    distance >= 0 && distance < remaining ? bytes[unchecked: offset &+ distance] : nil
  }

  /// Skips `count` bytes, or what is left if that is less.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func advance(by count: Int) {
    offset &+= min(max(count, 0), remaining)
  }

  /// Skips the next byte if it is `byte`, and says whether it was.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func consume(_ byte: UInt8) -> Bool {
    guard offset < bytes.count, bytes[unchecked: offset] == byte else { return false }
    offset &+= 1
    return true
  }

  /// Skips `text` if the bytes at the position are exactly that, and says whether
  /// they were.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func consume(_ text: StaticString) -> Bool {
    guard remaining >= text.utf8CodeUnitCount, bytes.hasPrefix(text, at: offset) else {
      return false
    }
    offset &+= text.utf8CodeUnitCount
    return true
  }

  /// Skips blanks, tabs and line ends: what JSON calls whitespace.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func skipWhitespace() {
    while offset < bytes.count {
      let byte = bytes[unchecked: offset]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      offset &+= 1
    }
  }

  /// The next line, without its `\n` or `\r\n`, or nil at the end. A last line
  /// without a line end counts; an empty rest after the last line end does not.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func nextLine() -> Range<Int>? {
    guard offset < bytes.count else { return nil }
    let start = offset
    let newline = ByteKernels.firstOffset(of: 0x0A, in: bytes, from: start)
    var end = newline ?? bytes.count
    offset = newline.map { $0 &+ 1 } ?? end
    if newline != nil, end > start, bytes[unchecked: end &- 1] == 0x0D {
      end &-= 1
    }
    return start..<end
  }

  /// The first `byte` at or after the position, or nil.
  @inlinable
  public func firstOffset(of byte: UInt8) -> Int? {
    ByteKernels.firstOffset(of: byte, in: bytes, from: offset)
  }

  /// The bytes of `range`, which is cut to the bytes there are.
  @inlinable
  @_lifetime(copy self)
  public func slice(_ range: Range<Int>) -> Span<UInt8> {
    bytes.extracting(range.clamped(to: 0..<bytes.count))
  }
}

extension Span where Element == UInt8 {
  /// Whether the bytes from `offset` on begin with `text`.
  @inlinable
  public func hasPrefix(_ text: StaticString, at offset: Int = 0) -> Bool {
    let length = text.utf8CodeUnitCount
    guard offset >= 0, offset <= count, length <= count &- offset else { return false }
    return text.withUTF8Buffer { expected in
      for index in 0..<length where self[unchecked: offset &+ index] != expected[index] {
        return false
      }
      return true
    }
  }

  /// Whether the bytes are exactly `text`.
  @inlinable
  public func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  /// Whether the bytes are exactly those of `other`.
  public func equals(_ other: Span<UInt8>) -> Bool {
    ByteKernels.areEqual(self, other)
  }
}
