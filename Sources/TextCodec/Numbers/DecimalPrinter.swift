/// Numbers to decimal text: the shortest that reads back as the same number, in
/// the layout of Python's `repr` (`0.1`, `100000.0`, `1e-05`, `1.5e+16`, `-0.0`,
/// `inf`, `-inf`, `nan`). A `Float` has the shortest text for a `Float`.
///
/// The forms that append to an `OutputSpan` need ``requiredCapacity`` free bytes
/// there and trap where they are not, as every append to an `OutputSpan` does.
public enum DecimalPrinter {
  /// Free bytes that one number needs. The text itself is at most 24 bytes long;
  /// the rest lets digits be stored eight at a time.
  public static let requiredCapacity = 32

  /// Appends the shortest text of `value`.
  public static func append(_ value: Double, to text: inout [UInt8]) {
    text.append(addingCapacity: requiredCapacity) { append(value, to: &$0) }
  }

  /// Appends the shortest text of `value`.
  public static func append(_ value: Float, to text: inout [UInt8]) {
    text.append(addingCapacity: requiredCapacity) { append(value, to: &$0) }
  }

  /// Appends the digits of `value`, with `-` if it is negative.
  public static func append(_ value: Int64, to text: inout [UInt8]) {
    text.append(addingCapacity: requiredCapacity) { append(value, to: &$0) }
  }

  /// Appends the digits of `value`.
  public static func append(_ value: UInt64, to text: inout [UInt8]) {
    text.append(addingCapacity: requiredCapacity) { append(value, to: &$0) }
  }

  /// Appends the shortest text of `value`.
  @_lifetime(text: copy text)
  public static func append(_ value: Double, to text: inout OutputSpan<UInt8>) {
    withFreeBytes(of: &text) { bytes in
      writeFloatingPoint(
        Double.self, encoding: value.magnitude.bitPattern, isNegative: value.sign == .minus,
        to: bytes)
    }
  }

  /// Appends the shortest text of `value`.
  @_lifetime(text: copy text)
  public static func append(_ value: Float, to text: inout OutputSpan<UInt8>) {
    withFreeBytes(of: &text) { bytes in
      writeFloatingPoint(
        Float.self, encoding: UInt64(value.magnitude.bitPattern),
        isNegative: value.sign == .minus, to: bytes)
    }
  }

  /// Appends the digits of `value`, with `-` if it is negative.
  @_lifetime(text: copy text)
  public static func append(_ value: Int64, to text: inout OutputSpan<UInt8>) {
    withFreeBytes(of: &text) { bytes in
      guard value < 0 else { return DigitKernels.writeInteger(value.magnitude, to: bytes) }
      bytes.storeBytes(of: ascii("-"), as: UInt8.self)
      return 1 &+ DigitKernels.writeInteger(value.magnitude, to: bytes + 1)
    }
  }

  /// Appends the digits of `value`.
  @_lifetime(text: copy text)
  public static func append(_ value: UInt64, to text: inout OutputSpan<UInt8>) {
    withFreeBytes(of: &text) { DigitKernels.writeInteger(value, to: $0) }
  }

  /// Lets `write` fill at least ``requiredCapacity`` bytes and return how many count.
  @inline(__always)
  @_lifetime(text: copy text)
  private static func withFreeBytes(
    of text: inout OutputSpan<UInt8>, _ write: (UnsafeMutableRawPointer) -> Int
  ) {
    precondition(text.freeCapacity >= requiredCapacity, "no room for a number")
    text.withUnsafeMutableBufferPointer { buffer, count in
      guard let base = buffer.baseAddress else { return }
      count &+= write(UnsafeMutableRawPointer(base) + count)
    }
  }

  @inline(__always)
  private static func writeFloatingPoint<Number: BinaryFormat>(
    _ type: Number.Type, encoding: UInt64, isNegative: Bool, to bytes: UnsafeMutableRawPointer
  ) -> Int {
    guard encoding <= Number.infinityEncoding else {
      return DigitKernels.write("nan", to: bytes)
    }
    var length = 0
    if isNegative {
      bytes.storeBytes(of: ascii("-"), as: UInt8.self)
      length = 1
    }
    let unsigned = bytes + length
    if encoding == Number.infinityEncoding {
      return length &+ DigitKernels.write("inf", to: unsigned)
    }
    if encoding == 0 {
      return length &+ DigitKernels.write("0.0", to: unsigned)
    }
    let decimal = ShortestDecimal(Number.self, encoding: encoding)
    return length &+ DigitKernels.writeDecimal(decimal, to: unsigned)
  }
}
