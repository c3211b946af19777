/// How ``JSONWriter`` lays text out.
public struct JSONWriterOptions: Equatable, Sendable {
  /// What becomes of numbers that JSON has no text for.
  public enum NonFinite: Sendable {
    /// `NaN`, `Infinity` and `-Infinity`, as Python's `json` writes.
    case tokens
    /// `null`.
    case null
    /// ``JSONNonFiniteError`` is thrown and nothing written.
    case refused
  }

  /// Blanks a level, with every member on its own line; nil writes all on one line
  /// without blanks.
  public var indentation: Int?
  public var nonFinite: NonFinite

  public init(indentation: Int? = nil, nonFinite: NonFinite = .refused) {
    self.indentation = indentation
    self.nonFinite = nonFinite
  }
}

/// A NaN or an infinity was to be written where ``JSONWriterOptions/nonFinite``
/// refuses them.
public struct JSONNonFiniteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The number's text: `nan`, `inf` or `-inf`.
  public let text: String

  public var description: String { "JSON has no text for the number \(text)" }
}

/// Writes a JSON text value by value. The same calls give the same bytes.
///
/// Calls must follow JSON's grammar: a key before each value in an object, an
/// ``end()`` for each container, one value in all. A program that breaks it traps.
public struct JSONWriter: Sendable {
  /// The text so far.
  public private(set) var bytes: [UInt8] = []

  private var containers = ContainerStack()
  private var state = State.value
  private let options: JSONWriterOptions

  private enum State {
    /// The one value of the text, or the value of a key.
    case value
    /// The first member or the end of a container.
    case first
    /// Another member or the end of a container.
    case next
    /// Nothing.
    case end
  }

  public init(options: JSONWriterOptions = JSONWriterOptions()) {
    self.options = options
  }

  /// Whether the text is complete.
  public var isComplete: Bool { state == .end }

  /// Gives the text so far away and keeps what is open: for writing out a long text
  /// piece by piece.
  public mutating func takeBytes() -> [UInt8] {
    let taken = bytes
    bytes = []
    return taken
  }

  // MARK: Containers

  public mutating func beginObject() {
    beginValue()
    bytes.append(ascii("{"))
    containers.push(.object)
    state = .first
  }

  public mutating func beginArray() {
    beginValue()
    bytes.append(ascii("["))
    containers.push(.array)
    state = .first
  }

  /// Ends the innermost object or array.
  public mutating func end() {
    precondition(state == .first || state == .next, "no container can end here")
    let closing = containers.last == .object ? ascii("}") : ascii("]")
    containers.pop()
    if state == .next { startLine() }
    bytes.append(closing)
    endValue()
  }

  /// Writes the key of an object's next member.
  public mutating func key(_ key: String) {
    precondition(containers.last == .object && state != .value, "no key can stand here")
    startMember()
    appendQuoted(key)
    bytes.append(ascii(":"))
    if options.indentation != nil { bytes.append(ascii(" ")) }
    state = .value
  }

  // MARK: Values

  public mutating func writeNull() {
    beginValue()
    append("null")
    endValue()
  }

  public mutating func write(_ value: Bool) {
    beginValue()
    append(value ? "true" : "false")
    endValue()
  }

  public mutating func write(_ value: Int64) {
    beginValue()
    DecimalPrinter.append(value, to: &bytes)
    endValue()
  }

  public mutating func write(_ value: Int) {
    write(Int64(value))
  }

  public mutating func write(_ value: UInt64) {
    beginValue()
    DecimalPrinter.append(value, to: &bytes)
    endValue()
  }

  /// Writes the shortest text of `value`.
  public mutating func write(_ value: Double) throws(JSONNonFiniteError) {
    guard value.isFinite else { return try writeNonFinite(value) }
    beginValue()
    DecimalPrinter.append(value, to: &bytes)
    endValue()
  }

  /// Writes the shortest text of `value` for a `Float`.
  public mutating func write(_ value: Float) throws(JSONNonFiniteError) {
    guard value.isFinite else { return try writeNonFinite(Double(value)) }
    beginValue()
    DecimalPrinter.append(value, to: &bytes)
    endValue()
  }

  public mutating func write(_ value: String) {
    beginValue()
    appendQuoted(value)
    endValue()
  }

  private mutating func writeNonFinite(_ value: Double) throws(JSONNonFiniteError) {
    switch options.nonFinite {
    case .refused:
      throw JSONNonFiniteError(text: value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
    case .null:
      writeNull()
    case .tokens:
      beginValue()
      append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
      endValue()
    }
  }

  // MARK: Layout

  private mutating func beginValue() {
    if state == .value { return }
    precondition(
      containers.last == .array && (state == .first || state == .next), "no value can stand here")
    startMember()
  }

  private mutating func endValue() {
    state = containers.count == 0 ? .end : .next
  }

  private mutating func startMember() {
    if state == .next { bytes.append(ascii(",")) }
    startLine()
  }

  private mutating func startLine() {
    guard let indentation = options.indentation else { return }
    bytes.append(ascii("\n"))
    bytes.append(
      contentsOf: repeatElement(ascii(" "), count: max(indentation, 0) * containers.count))
  }

  private mutating func append(_ word: StaticString) {
    word.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func appendQuoted(_ string: String) {
    var string = string
    bytes.append(ascii("\""))
    string.withUTF8 { content in
      // Runs without anything to escape are copied at once.
      var start = 0
      for index in 0..<content.count {
        let byte = content[index]
        guard byte < 0x20 || byte == ascii("\"") || byte == ascii("\\") else { continue }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[start..<index]))
        appendEscape(byte)
        start = index + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: content[start...]))
    }
    bytes.append(ascii("\""))
  }

  private mutating func appendEscape(_ byte: UInt8) {
    switch byte {
    case ascii("\""): append("\\\"")
    case ascii("\\"): append("\\\\")
    case 0x08: append("\\b")
    case 0x09: append("\\t")
    case 0x0A: append("\\n")
    case 0x0C: append("\\f")
    case 0x0D: append("\\r")
    default:
      let digits: StaticString = "0123456789abcdef"
      append("\\u00")
      digits.withUTF8Buffer {
        bytes.append($0[Int(byte >> 4)])
        bytes.append($0[Int(byte & 15)])
      }
    }
  }
}
