/// Writes the small records of a `.tir` file: little-endian numbers, and text as a 32-bit
/// byte count and UTF-8.
struct RecordWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ number: Double) {
    write(number.bitPattern)
  }

  mutating func write(_ number: Float) {
    write(number.bitPattern)
  }

  mutating func write(_ text: String) {
    write(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A count or slot, which the validator keeps far below 2³².
  mutating func write(count: Int) {
    write(UInt32(count))
  }

  mutating func write(_ slots: Range<Int>) {
    write(count: slots.lowerBound)
    write(count: slots.count)
  }

  /// A 32-bit byte count and the bytes that `body` writes.
  mutating func writeFramed(_ body: (inout RecordWriter) -> Void) {
    var inner = RecordWriter()
    body(&inner)
    write(count: inner.bytes.count)
    bytes.append(contentsOf: inner.bytes)
  }
}

/// Reads what ``RecordWriter`` wrote; every read is checked against the end.
struct RecordReader: ~Escapable {
  private let bytes: Span<UInt8>
  private let place: String
  private(set) var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, place: String) {
    self.bytes = bytes
    self.place = place
  }

  var remaining: Int { bytes.count - position }

  func corrupt(_ message: String) -> ModelError {
    ModelError(.corrupt, "\(place), byte \(position)", message)
  }

  mutating func read<Number: FixedWidthInteger>(_ type: Number.Type) throws(ModelError) -> Number {
    let width = MemoryLayout<Number>.size
    guard remaining >= width else { throw corrupt("the section ends in the middle of a record") }
    var number: Number = 0
    for offset in 0..<width {
      number |= Number(truncatingIfNeeded: bytes[position + offset]) << Number(offset * 8)
    }
    position += width
    return number
  }

  mutating func readDouble() throws(ModelError) -> Double {
    Double(bitPattern: try read(UInt64.self))
  }

  mutating func readFloat() throws(ModelError) -> Float {
    Float(bitPattern: try read(UInt32.self))
  }

  /// A count or slot.
  mutating func readCount() throws(ModelError) -> Int {
    Int(try read(UInt32.self))
  }

  /// The number of elements that follow, of at least `width` bytes each, so that a
  /// damaged count cannot ask for more memory than the section could fill.
  mutating func readCount(ofElementsWidth width: Int) throws(ModelError) -> Int {
    let count = try readCount()
    guard count <= remaining / width else {
      throw corrupt("\(count) elements do not fit the rest of the section")
    }
    return count
  }

  mutating func readRange() throws(ModelError) -> Range<Int> {
    let start = try readCount()
    return start..<start + (try readCount())
  }

  mutating func readText() throws(ModelError) -> String {
    let count = try readCount(ofElementsWidth: 1)
    let text = bytes.extracting(position..<position + count).withUnsafeBytes {
      String(validating: $0, as: UTF8.self)
    }
    guard let text else { throw corrupt("text is not UTF-8") }
    position += count
    return text
  }

  mutating func readCase<Value: RawRepresentable<UInt8>>(
    _ type: Value.Type
  ) throws(ModelError) -> Value {
    let code = try read(UInt8.self)
    guard let value = Value(rawValue: code) else {
      throw ModelError(
        .unsupported, "\(place), byte \(position)",
        "unknown \(Value.self) \(code); read the file with a newer treec")
    }
    return value
  }

  /// Reads the byte count of a framed record and returns where it ends.
  mutating func readFrame() throws(ModelError) -> Int {
    let count = try readCount(ofElementsWidth: 1)
    return position + count
  }

  func expectEnd(ofFrame end: Int) throws(ModelError) {
    guard position == end else { throw corrupt("a record is longer or shorter than it says") }
  }

  func expectEnd() throws(ModelError) {
    guard remaining == 0 else { throw corrupt("\(remaining) bytes are left over") }
  }
}
