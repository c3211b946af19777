/// Limits and leniencies of ``JSONReader``.
public struct JSONReaderOptions: Equatable, Sendable {
  /// How many objects and arrays may be open at once. Dumps of deep trees need more
  /// than the default; memory for it is one bit each.
  public var maximumDepth: Int
  /// The longest string or key, in bytes as written.
  public var maximumStringLength: Int
  /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, as in what Python's
  /// `json` and XGBoost write.
  public var allowsNonFinite: Bool
  /// Whether strings may hold one half of a surrogate pair without the other, as an
  /// escape or as three bytes of UTF-8: Python's `json` lets both pass. Such a string is
  /// no text; ``JSONString/append(to:)`` gives it in that form of UTF-8.
  public var allowsLoneSurrogates: Bool

  public init(
    maximumDepth: Int = 512, maximumStringLength: Int = 1 << 24, allowsNonFinite: Bool = false,
    allowsLoneSurrogates: Bool = false
  ) {
    self.maximumDepth = maximumDepth
    self.maximumStringLength = maximumStringLength
    self.allowsNonFinite = allowsNonFinite
    self.allowsLoneSurrogates = allowsLoneSurrogates
  }
}

/// Reads a JSON text (RFC 8259) value by value, in order, without building a tree.
///
/// ```swift
/// var reader = JSONReader(text)
/// try reader.enterObject()
/// while let key = try reader.nextKey() {
///   switch key {
///   case "columns":
///     try reader.enterArray()
///     while try reader.nextElement() { columns.append(try reader.readDouble()) }
///   default:
///     try reader.skipValue()
///   }
/// }
/// try reader.expectEnd()
/// ```
///
/// Everything that is passed, also by skipping, is checked: grammar, numbers,
/// escapes and UTF-8. The one thing left to the caller is keys that come twice.
/// After an error the reader must not be used on.
public struct JSONReader: ~Escapable {
  var cursor: ByteCursor
  var containers = ContainerStack()
  var state = State.value
  let options: JSONReaderOptions

  /// What may come next.
  enum State {
    /// A value: at the start, after a key, after `nextElement()` was true.
    case value
    /// The first member or the end of a container.
    case first
    /// A comma or the end of a container.
    case next
    /// Nothing.
    case end
  }

  /// A reader before the one value of `text`.
  @_lifetime(copy text)
  public init(_ text: Span<UInt8>, options: JSONReaderOptions = JSONReaderOptions()) {
    self.cursor = ByteCursor(text)
    self.options = options
  }

  /// The offset of the next unread byte.
  public var position: Int { cursor.position }

  /// How many objects and arrays are open.
  public var depth: Int { containers.count }

  // MARK: Containers

  /// Enters the object that is the next value.
  @_lifetime(self: copy self)
  public mutating func enterObject() throws(JSONError) {
    try enter(.object, ascii("{"), kind: .object)
  }

  /// Enters the array that is the next value.
  @_lifetime(self: copy self)
  public mutating func enterArray() throws(JSONError) {
    try enter(.array, ascii("["), kind: .array)
  }

  /// The key of the next member of the innermost object, whose value is then to be
  /// read or skipped; nil at the end of the object, which is then left.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func nextKey() throws(JSONError) -> JSONString? {
    guard try nextMember(in: .object, closing: ascii("}")) else { return nil }
    cursor.skipWhitespace()
    guard cursor.peek() == ascii("\"") else { throw unexpected("a key in quotes") }
    let key = try scanString()
    cursor.skipWhitespace()
    guard cursor.consume(ascii(":")) else { throw unexpected("':'") }
    return key
  }

  /// Whether the innermost array has another element, which is then to be read or
  /// skipped. At the end of the array it is left.
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func nextElement() throws(JSONError) -> Bool {
    try nextMember(in: .array, closing: ascii("]"))
  }

  /// Skips what is left of the innermost container, and the container's end.
  @_lifetime(self: copy self)
  public mutating func leaveContainer() throws(JSONError) {
    guard containers.count > 0 else { throw JSONError(.callOutOfOrder, at: position) }
    try step(untilDepth: containers.count - 1)
  }

  /// Skips the next value with all that is in it.
  @_lifetime(self: copy self)
  public mutating func skipValue() throws(JSONError) {
    guard state == .value else { throw JSONError(.callOutOfOrder, at: position) }
    try step(untilDepth: containers.count)
  }

  /// Checks that nothing but whitespace follows the text's one value.
  @_lifetime(self: copy self)
  public mutating func expectEnd() throws(JSONError) {
    guard state == .end else { throw JSONError(.callOutOfOrder, at: position) }
    cursor.skipWhitespace()
    guard cursor.isAtEnd else { throw JSONError(.trailingBytes, at: position) }
  }

  @_lifetime(self: copy self)
  private mutating func enter(
    _ container: ContainerStack.Container, _ opening: UInt8, kind: JSONKind
  ) throws(JSONError) {
    try startValue()
    guard cursor.peek() == opening else { throw wrongKind(expected: kind) }
    guard containers.count < options.maximumDepth else {
      throw JSONError(.tooDeep(limit: options.maximumDepth), at: position)
    }
    cursor.advance(by: 1)
    containers.push(container)
    state = .first
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func nextMember(
    in container: ContainerStack.Container, closing: UInt8
  ) throws(JSONError) -> Bool {
    guard containers.last == container, state == .first || state == .next else {
      throw JSONError(.callOutOfOrder, at: position)
    }
    cursor.skipWhitespace()
    if cursor.consume(closing) {
      containers.pop()
      finishValue()
      return false
    }
    if state == .next, !cursor.consume(ascii(",")) {
      throw unexpected(container == .array ? "',' or ']'" : "',' or '}'")
    }
    state = .value
    return true
  }

  /// Reads on, not deeper by recursion but in a loop, until a value ends at `depth`.
  @_lifetime(self: copy self)
  private mutating func step(untilDepth depth: Int) throws(JSONError) {
    repeat {
      if state != .value {
        if containers.last == .object {
          _ = try nextKey()
        } else {
          _ = try nextElement()
        }
        continue
      }
      switch try peekKind() {
      case .object: try enterObject()
      case .array: try enterArray()
      case .string: _ = try readText()
      case .number: try skipNumber()
      case .bool: _ = try readBool()
      case .null: try readNull()
      }
    } while containers.count > depth || state == .value
  }

  // MARK: State and errors for the readers of values

  /// Moves to the first byte of a value, if one is to come.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func startValue() throws(JSONError) {
    guard state == .value else { throw JSONError(.callOutOfOrder, at: position) }
    cursor.skipWhitespace()
  }

  /// Notes that a value was read.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func finishValue() {
    state = containers.count == 0 ? .end : .next
  }

  /// The kind of the value that begins at the cursor.
  @inline(__always)
  var kindAtCursor: JSONKind? {
    guard let byte = cursor.peek() else { return nil }
    return switch byte {
    case ascii("{"): .object
    case ascii("["): .array
    case ascii("\""): .string
    case ascii("-"), ascii("0")...ascii("9"): .number
    case ascii("t"), ascii("f"): .bool
    case ascii("n"): .null
    case ascii("N"), ascii("I"): options.allowsNonFinite ? .number : nil
    default: nil
    }
  }

  /// The error for a cursor at something other than `what`.
  @inline(never)
  func unexpected(_ what: String) -> JSONError {
    guard let byte = cursor.peek() else { return JSONError(.unexpectedEnd, at: position) }
    return JSONError(.unexpectedByte(byte, expected: what), at: position)
  }

  /// The error for a cursor at something other than a value of `kind`.
  @inline(never)
  func wrongKind(expected kind: JSONKind) -> JSONError {
    guard let found = kindAtCursor else { return unexpected("a value") }
    return JSONError(.wrongKind(found, expected: kind), at: position)
  }
}
