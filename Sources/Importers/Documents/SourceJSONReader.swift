import TextCodec

/// A JSON reader over a part of a source file, whose errors are ``Fault``s with offsets from
/// the file's start.
struct SourceJSONReader: ~Escapable {
  /// More than LightGBM's deepest tree: one of the 131072 leaves it allows at most.
  static let maximumDepth = 1 << 18

  private var reader: JSONReader
  private let base: Int

  /// A reader before the value at byte `base` of `bytes`.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, in range: Range<Int>) {
    base = range.lowerBound
    reader = JSONReader(
      bytes.extracting(range),
      options: JSONReaderOptions(maximumDepth: Self.maximumDepth, allowsNonFinite: true))
  }

  /// The offset of the next unread byte in the file.
  var position: Int { base + reader.position }

  @_lifetime(self: copy self)
  mutating func enterObject() throws(Fault) {
    do { try reader.enterObject() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func enterArray() throws(Fault) {
    do { try reader.enterArray() } catch { throw fault(error) }
  }

  @_lifetime(copy self)
  @_lifetime(self: copy self)
  mutating func nextKey() throws(Fault) -> JSONString? {
    do { return try reader.nextKey() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func nextElement() throws(Fault) -> Bool {
    do { return try reader.nextElement() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func peekKind() throws(Fault) -> JSONKind {
    do { return try reader.peekKind() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func readDouble() throws(Fault) -> Double {
    do { return try reader.readDouble() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func readFloat() throws(Fault) -> Float {
    do { return try reader.readFloat() } catch { throw fault(error) }
  }

  /// Appends the numbers of the array that is the next value.
  @_lifetime(self: copy self)
  mutating func readDoubles(into list: inout [Double]) throws(Fault) {
    try enterArray()
    while try nextElement() { list.append(try readDouble()) }
  }

  /// Reads a number that a Double can hold.
  @_lifetime(self: copy self)
  mutating func readFiniteDouble() throws(Fault) -> Double {
    let offset = position
    let number = try readDouble()
    guard number.isFinite else {
      throw Fault(.malformed, at: offset, "JSON has no such number, or it is too large")
    }
    return number
  }

  /// Reads a number that a Float can hold.
  @_lifetime(self: copy self)
  mutating func readFiniteFloat() throws(Fault) -> Float {
    let offset = position
    let number = try readFloat()
    guard number.isFinite else {
      throw Fault(.malformed, at: offset, "JSON has no such number, or it is too large")
    }
    return number
  }

  /// Appends the numbers of the array that is the next value, which Doubles can hold.
  @_lifetime(self: copy self)
  mutating func readFiniteDoubles(into list: inout [Double]) throws(Fault) {
    try enterArray()
    while try nextElement() { list.append(try readFiniteDouble()) }
  }

  @_lifetime(self: copy self)
  mutating func readInt() throws(Fault) -> Int {
    do { return Int(try reader.readInt64()) } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func readBool() throws(Fault) -> Bool {
    do { return try reader.readBool() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func readNull() throws(Fault) {
    do { try reader.readNull() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func readString() throws(Fault) -> String {
    do { return try reader.readString() } catch { throw fault(error) }
  }

  @_lifetime(copy self)
  @_lifetime(self: copy self)
  mutating func readText() throws(Fault) -> JSONString {
    do { return try reader.readText() } catch { throw fault(error) }
  }

  /// Reads any value and gives its bytes as they are written.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  mutating func readRawValue() throws(Fault) -> Span<UInt8> {
    do { return try reader.readRawValue() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func skipValue() throws(Fault) {
    do { try reader.skipValue() } catch { throw fault(error) }
  }

  @_lifetime(self: copy self)
  mutating func expectEnd() throws(Fault) {
    do { try reader.expectEnd() } catch { throw fault(error) }
  }

  private func fault(_ error: JSONError) -> Fault {
    let offset = base + error.offset
    return switch error.kind {
    case .unexpectedEnd:
      Fault(.truncated, at: offset, error.message, remedy: Remedy.completeCopy)
    case .tooDeep, .stringTooLong:
      Fault(.limit, at: offset, error.message)
    default:
      Fault(.malformed, at: offset, "this is not the JSON it should be: \(error.message)")
    }
  }
}

extension Fault {
  /// The same failure, its JSON path continued towards the root by `component`.
  func inside(_ component: String) -> Fault {
    var fault = self
    let separator = key.isEmpty || key.hasPrefix("[") ? "" : "."
    fault.key = component + separator + key
    return fault
  }
}
