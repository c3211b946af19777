/// A number of a JSON text whose form matters besides its value, as it does to Python, where
/// `1` and `1.0` are of different types.
public struct JSONNumber: Sendable, Equatable {
  /// How the number is written, and where an integer fits.
  public enum Form: Sendable, Equatable {
    /// With fraction or exponent, or `NaN` or an infinity.
    case fraction
    /// An integer whose magnitude is at most 2^53.
    case integer
    /// Another integer that fits `Int64`.
    case wideInteger
    /// An integer that fits `UInt64` but not `Int64`.
    case unsignedInteger
    /// An integer that fits neither.
    case hugeInteger
  }

  /// The nearest `Double`; zero without sign for the integer `-0`.
  public let value: Double
  public let form: Form

  @inline(__always)
  init(_ value: Double, _ form: Form) {
    self.value = value
    self.form = form
  }

  /// Rounds the number that was scanned and ends at `end`.
  @inline(__always)
  init(_ decimal: ScannedDecimal, end: Int, _ bytes: Span<UInt8>) {
    let magnitude: Double = DecimalRounding.magnitude(decimal, bytes)
    let value = decimal.isNegative ? -magnitude : magnitude
    // A fraction lowers the exponent, and only an exponent lies behind the digits.
    guard decimal.digits.upperBound == end, decimal.exponent == 0 || decimal.isTruncated else {
      self.init(value, .fraction)
      return
    }
    if magnitude <= 0x1p53 && !decimal.isTruncated {
      self.init(value + 0, .integer)
    } else {
      self.init(value, Self.wideForm(decimal, bytes))
    }
  }

  @inline(never)
  private static func wideForm(_ decimal: ScannedDecimal, _ bytes: Span<UInt8>) -> Form {
    for index in decimal.digits where bytes[index] == ascii(".") { return .fraction }
    var start = decimal.digits.lowerBound
    guard let magnitude = DecimalParser.parseUInt64(bytes, at: &start, grammar: .json) else {
      return .hugeInteger
    }
    if magnitude <= UInt64(1) << 53 { return .integer }
    if magnitude <= Int64.min.magnitude - (decimal.isNegative ? 0 : 1) { return .wideInteger }
    return decimal.isNegative ? .hugeInteger : .unsignedInteger
  }
}

extension JSONNumber {
  /// The forms of several numbers.
  public struct Forms: OptionSet, Sendable {
    /// A bit a form.
    public let rawValue: UInt8

    /// The forms whose bits are set.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// ``JSONNumber/Form/fraction``.
    public static let fraction = Forms(rawValue: 1)
    /// ``JSONNumber/Form/integer``.
    public static let integer = Forms(rawValue: 2)
    /// ``JSONNumber/Form/wideInteger``.
    public static let wideInteger = Forms(rawValue: 4)
    /// ``JSONNumber/Form/unsignedInteger``.
    public static let unsignedInteger = Forms(rawValue: 8)
    /// ``JSONNumber/Form/hugeInteger``.
    public static let hugeInteger = Forms(rawValue: 16)
    /// Comes with one of the others: an integer below zero.
    public static let negativeInteger = Forms(rawValue: 32)
  }

  /// The number's form, as one of several.
  @inline(__always)
  public var forms: Forms {
    switch form {
    case .fraction: .fraction
    case .integer: value < 0 ? [.integer, .negativeInteger] : .integer
    case .wideInteger: value < 0 ? [.wideInteger, .negativeInteger] : .wideInteger
    case .unsignedInteger: .unsignedInteger
    case .hugeInteger: .hugeInteger
    }
  }
}

extension JSONReader {
  /// Reads the next value if it is a number; any other value stays unread.
  ///
  /// - Returns: Nil where the next value is no number.
  @_lifetime(self: copy self)
  public mutating func readNumber() throws(JSONError) -> JSONNumber? {
    try startValue()
    var end = cursor.position
    guard let decimal = Self.scan(cursor.bytes, at: &end) else {
      guard try peekKind() == .number else { return nil }
      return JSONNumber(try readDouble(), .fraction)
    }
    cursor.position = end
    finishValue()
    return JSONNumber(decimal, end: end, cursor.bytes)
  }

  @inline(__always)
  private static func scan(_ bytes: Span<UInt8>, at position: inout Int) -> ScannedDecimal? {
    SimpleDecimal.scan(bytes, at: &position)
      ?? DecimalScanner.scan(bytes, at: &position, grammar: .json)
  }

  /// Why ``readNumbers(into:at:forms:from:)`` stopped.
  public enum NumbersEnd: Sendable, Equatable {
    /// The array has ended and was left.
    case array
    /// The next element is no number; it is to be read or skipped.
    case otherElement
    /// As many numbers have been read as were wanted.
    case full
  }

  /// Reads elements of the innermost array as long as they are numbers: the same as calling
  /// ``nextElement()`` and ``readNumber()`` again and again, in a third of the time.
  ///
  /// - Parameters:
  ///   - numbers: Receives the numbers.
  ///   - start: Where in `numbers` the number for position 0 is.
  ///   - forms: As many as there are positions; to each is added the form of its number.
  ///   - position: The first position to fill; behind the last one filled at the end.
  @_lifetime(self: copy self)
  public mutating func readNumbers(
    into numbers: inout [Double], at start: Int, forms: inout [JSONNumber.Forms],
    from position: inout Int
  ) throws(JSONError) -> NumbersEnd {
    guard containers.last == .array, state == .first || state == .next else {
      throw JSONError(.callOutOfOrder, at: cursor.position)
    }
    let bytes = cursor.bytes
    var forms = forms.mutableSpan
    var numbers = numbers.mutableSpan
    while position < forms.count {
      cursor.skipWhitespace()
      if cursor.consume(ascii("]")) {
        containers.pop()
        finishValue()
        return .array
      }
      if state == .next {
        guard cursor.consume(ascii(",")) else { throw unexpected("',' or ']'") }
        cursor.skipWhitespace()
      }
      var end = cursor.position
      guard let decimal = Self.scan(bytes, at: &end) else {
        state = .value
        return .otherElement
      }
      cursor.position = end
      state = .next
      let number = JSONNumber(decimal, end: end, bytes)
      numbers[start &+ position] = number.value
      forms[position].formUnion(number.forms)
      position &+= 1
    }
    return .full
  }

  /// Skips the next value if it is written exactly as `text`.
  ///
  /// - Parameter text: A whole array, object or string, and well-formed.
  /// - Returns: Whether it is; if not, the value stays unread.
  @_lifetime(self: copy self)
  public mutating func skipValue(writtenAs text: Span<UInt8>) throws(JSONError) -> Bool {
    try startValue()
    let start = cursor.position
    guard cursor.remaining >= text.count, cursor.slice(start..<start + text.count).equals(text)
    else { return false }
    cursor.position = start + text.count
    finishValue()
    return true
  }
}
