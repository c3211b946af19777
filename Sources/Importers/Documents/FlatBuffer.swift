import TextCodec

/// A FlatBuffers buffer: tables whose fields are found by way of tables of offsets. Every offset
/// is checked before it is followed, and what is read in all is bounded by the buffer's size,
/// because the parts of a hostile buffer may overlap.
///
/// Source: the FlatBuffers binary format, <https://flatbuffers.dev/internals/>.
struct FlatBuffer: ~Escapable {
  /// A field of a table: its position in the schema, and its name there.
  struct Field: Sendable {
    let slot: Int
    let name: StaticString

    init(_ slot: Int, _ name: StaticString) {
      self.slot = slot
      self.name = name
    }
  }

  /// A table whose table of offsets lies in the buffer.
  struct Table {
    /// In the buffer.
    let position: Int
    fileprivate let offsets: Range<Int>
    /// The path of fields to it.
    let path: String
  }

  /// A vector that lies in the buffer.
  struct Vector {
    let start: Int
    let count: Int
  }

  private let bytes: Span<UInt8>
  /// What the buffer is, for messages.
  private let format: StaticString
  /// Where the buffer begins in the file.
  private let base: Int
  /// Bytes that may still be read.
  private var allowance: Int

  /// - Parameters:
  ///   - range: The bytes of the file that are the buffer.
  ///   - format: What the file is, for messages.
  @_lifetime(copy file)
  init(_ file: Span<UInt8>, in range: Range<Int>, format: StaticString) {
    self.format = format
    bytes = file.extracting(range)
    base = range.lowerBound
    // Writers may share tables of offsets and equal texts, and nothing else.
    allowance = 4 * range.count + 1024
  }

  // MARK: Tables

  /// The table that the buffer is about.
  @_lifetime(self: copy self)
  mutating func root(_ name: StaticString) throws(Fault) -> Table {
    try table(at: 0, path: name.description)
  }

  /// The table in a field; nil where there is none.
  @_lifetime(self: copy self)
  mutating func table(_ owner: Table, _ field: Field) throws(Fault) -> Table? {
    guard let position = try position(owner, field, size: 4) else { return nil }
    return try table(at: position, path: owner.path(field))
  }

  /// The tables of the vector in a field; empty where there is none.
  @_lifetime(self: copy self)
  mutating func tables(_ owner: Table, _ field: Field) throws(Fault) -> [Table] {
    guard let vector = try vector(owner, field, width: 4) else { return [] }
    var tables: [Table] = []
    tables.reserveCapacity(vector.count)
    for index in 0..<vector.count {
      let path = "\(owner.path(field))[\(index)]"
      tables.append(try table(at: vector.start + 4 * index, path: path))
    }
    return tables
  }

  /// The table to which the offset at `place` leads.
  @_lifetime(self: copy self)
  private mutating func table(at place: Int, path: String) throws(Fault) -> Table {
    let position = place + Int(try load(UInt32.self, at: place, path))
    let distance = Int(try load(Int32.self, at: position, path))
    let start = position - distance
    let size = Int(try load(UInt16.self, at: start, path))
    guard size >= 4, size.isMultiple(of: 2), size <= bytes.count - start else {
      throw fault(at: position, path, "its table of offsets is damaged")
    }
    try take(16, at: position, path)
    return Table(position: position, offsets: start + 4..<start + size, path: path)
  }

  // MARK: Fields

  /// An integer; `missing` where the field is left out.
  func integer<Integer: FixedWidthInteger>(
    _ owner: Table, _ field: Field, missing: Integer
  ) throws(Fault) -> Integer {
    guard let position = try position(owner, field, size: MemoryLayout<Integer>.size) else {
      return missing
    }
    return try load(Integer.self, at: position, owner.path(field))
  }

  func float(_ owner: Table, _ field: Field, missing: Float) throws(Fault) -> Float {
    Float(bitPattern: try integer(owner, field, missing: missing.bitPattern))
  }

  func double(_ owner: Table, _ field: Field, missing: Double) throws(Fault) -> Double {
    Double(bitPattern: try integer(owner, field, missing: missing.bitPattern))
  }

  /// The text in a field, with substitutes for what is no UTF-8; nil where there is none.
  @_lifetime(self: copy self)
  mutating func text(_ owner: Table, _ field: Field) throws(Fault) -> String? {
    guard let vector = try vector(owner, field, width: 1) else { return nil }
    return text(vector)
  }

  /// The text in a field, which has to be UTF-8; nil where there is none.
  @_lifetime(self: copy self)
  mutating func name(_ owner: Table, _ field: Field) throws(Fault) -> String? {
    guard let vector = try vector(owner, field, width: 1) else { return nil }
    let name = bytes.extracting(vector.start..<vector.start + vector.count)
      .withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
    guard let name else {
      throw fault(at: vector.start, owner.path(field), "the text is no UTF-8")
    }
    return name
  }

  /// The texts of the vector in a field; empty where there is none.
  @_lifetime(self: copy self)
  mutating func texts(_ owner: Table, _ field: Field) throws(Fault) -> [String] {
    guard let list = try vector(owner, field, width: 4) else { return [] }
    var texts: [String] = []
    texts.reserveCapacity(list.count)
    for index in 0..<list.count {
      texts.append(
        text(try vector(at: list.start + 4 * index, width: 1, path: owner.path(field))))
    }
    return texts
  }

  private func text(_ vector: Vector) -> String {
    bytes.extracting(vector.start..<vector.start + vector.count).withUnsafeBufferPointer {
      String(decoding: $0, as: UTF8.self)
    }
  }

  // MARK: Vectors

  /// The integers of the vector in a field; empty where there is none.
  @_lifetime(self: copy self)
  mutating func integers<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ owner: Table, _ field: Field, as type: Integer.Type = Integer.self
  ) throws(Fault) -> [Integer] {
    let width = MemoryLayout<Integer>.size
    guard let vector = try vector(owner, field, width: width) else { return [] }
    return (0..<vector.count).map { unchecked(type, at: vector.start + width * $0) }
  }

  @_lifetime(self: copy self)
  mutating func floats(_ owner: Table, _ field: Field) throws(Fault) -> [Float] {
    try integers(owner, field, as: UInt32.self).map { Float(bitPattern: $0) }
  }

  @_lifetime(self: copy self)
  mutating func doubles(_ owner: Table, _ field: Field) throws(Fault) -> [Double] {
    try integers(owner, field, as: UInt64.self).map { Double(bitPattern: $0) }
  }

  /// The vector in a field, whose elements take `width` bytes each; nil where there is none.
  @_lifetime(self: copy self)
  mutating func vector(_ owner: Table, _ field: Field, width: Int) throws(Fault) -> Vector? {
    guard let position = try position(owner, field, size: 4) else { return nil }
    return try vector(at: position, width: width, path: owner.path(field))
  }

  @_lifetime(self: copy self)
  private mutating func vector(at place: Int, width: Int, path: String) throws(Fault) -> Vector {
    let position = place + Int(try load(UInt32.self, at: place, path))
    let count = Int(try load(UInt32.self, at: position, path))
    let start = position + 4
    // The count has 32 bits, so that the product fits.
    guard count * width <= bytes.count - start else {
      throw fault(at: position, path, "\(count) elements do not fit the file")
    }
    try take(4 + count * width, at: position, path)
    return Vector(start: start, count: count)
  }

  /// An integer of a vector's memory.
  ///
  /// - Precondition: It lies in the buffer.
  func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type, at position: Int
  ) -> Integer {
    precondition(position >= 0 && position <= bytes.count - MemoryLayout<Integer>.size)
    return unchecked(type, at: position)
  }

  // MARK: Bytes

  /// Where a field of `size` bytes lies; nil where the table leaves it out.
  private func position(_ owner: Table, _ field: Field, size: Int) throws(Fault) -> Int? {
    let entry = owner.offsets.lowerBound + 2 * field.slot
    guard entry + 2 <= owner.offsets.upperBound else { return nil }
    let offset = Int(unchecked(UInt16.self, at: entry))
    guard offset != 0 else { return nil }
    guard offset >= 4, owner.position + offset <= bytes.count - size else {
      throw fault(at: owner.position, owner.path(field), "its offset leads out of the file")
    }
    return owner.position + offset
  }

  private func load<Integer: FixedWidthInteger>(
    _ type: Integer.Type, at position: Int, _ path: String
  ) throws(Fault) -> Integer {
    guard position >= 0, position <= bytes.count - MemoryLayout<Integer>.size else {
      throw fault(
        at: min(max(position, 0), bytes.count), path, "an offset leads out of the file")
    }
    return unchecked(type, at: position)
  }

  /// - Precondition: The integer lies in the buffer, as all callers have checked.
  private func unchecked<Integer: FixedWidthInteger>(
    _ type: Integer.Type, at position: Int
  ) -> Integer {
    bytes.withUnsafeBytes {
      Integer(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: type))
    }
  }

  /// Counts bytes that are read.
  @_lifetime(self: copy self)
  private mutating func take(_ count: Int, at position: Int, _ path: String) throws(Fault) {
    allowance -= count
    guard allowance >= 0 else {
      throw fault(at: position, path, "parts of the file overlap")
    }
  }

  /// A failure at a byte of the buffer.
  private func fault(at position: Int, _ path: String, _ message: String) -> Fault {
    Fault(
      .malformed, at: base + position, key: path,
      "this is not the \(format) it should be: \(message)")
  }

  /// Where something stands.
  func place(_ table: Table) -> SourcePlace {
    SourcePlace(offset: base + table.position, path: table.path)
  }
}

extension FlatBuffer.Table {
  /// The path to one of its fields.
  func path(_ field: FlatBuffer.Field) -> String { "\(path).\(field.name)" }
}
