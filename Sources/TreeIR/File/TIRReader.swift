extension TreeModel {
  /// Opens a `.tir` file. The columns are read where they lie in the mapped file.
  ///
  /// Every checksum is verified and the whole model is validated, so a file that opens can
  /// be scored.
  ///
  /// - Throws: ``ModelError``, whose location starts with `path`.
  public init(contentsOf path: String, limits: Limits = .standard) throws(ModelError) {
    do {
      try self.init(mapped: FileBytes(mapping: path), limits: limits)
    } catch {
      throw error.located(in: path)
    }
  }

  /// Reads a model from a file that is open already.
  package init(mapped file: FileBytes, limits: Limits) throws(ModelError) {
    self = try TIRReader(file).model(limits: limits)
  }

  /// Reads a model from the bytes of a `.tir` file, which are copied.
  ///
  /// - Throws: ``ModelError``
  public init(tirBytes bytes: Span<UInt8>, limits: Limits = .standard) throws(ModelError) {
    try self.init(mapped: FileBytes(copying: bytes), limits: limits)
  }

  /// Whether `bytes` begin like a `.tir` file.
  public static func isTIR(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= TIRLayout.magic.count else { return false }
    return TIRLayout.magic.indices.allSatisfy { bytes[$0] == TIRLayout.magic[$0] }
  }
}

/// A `.tir` file whose section table has been checked.
struct TIRReader {
  private struct Key: Hashable {
    let id: UInt32
    let instance: UInt32
  }

  private let file: FileBytes
  private let sections: [Key: SectionTableEntry]

  init(_ file: FileBytes) throws(ModelError) {
    self.file = file
    let bytes = file.bytes
    guard TreeModel.isTIR(bytes) else {
      throw ModelError(.notTIR, "byte 0", "this is not a .tir file")
    }
    guard bytes.count >= TIRLayout.headerSize else {
      throw ModelError(.corrupt, "header", "the file is truncated")
    }
    let entries = try Self.readTable(bytes)
    var sections: [Key: SectionTableEntry] = [:]
    var end = TIRLayout.headerSize + entries.count * TIRLayout.entrySize
    for entry in entries {
      // Sections that overlapped would be hashed again and again: a small file, long work.
      let offset = try Self.checkedOffset(of: entry, after: end, in: bytes)
      try Self.requireZeros(bytes, end..<offset)
      end = offset + Int(entry.length)
      guard SectionID(rawValue: entry.id) != nil, entry.version == TIRLayout.sectionVersion else {
        guard !entry.isRequired else {
          throw ModelError(
            .unsupported, "section \(entry.id), version \(entry.version)",
            "the model needs a feature that this treec does not know; use a newer treec")
        }
        continue
      }
      let content = bytes.extracting(offset..<end)
      guard xxh64(content) == entry.checksum else {
        throw ModelError(
          .corrupt, "section \(entry.id)",
          "the checksum does not match; convert the model again or copy the file again")
      }
      guard sections.updateValue(entry, forKey: Key(id: entry.id, instance: entry.instance)) == nil
      else {
        throw ModelError(
          .corrupt, "section \(entry.id), instance \(entry.instance)", "it stands twice")
      }
    }
    self.sections = sections
  }

  /// Bytes without a meaning are zero, so that a later version can give them one.
  private static func requireZeros(
    _ bytes: Span<UInt8>, _ range: Range<Int>
  ) throws(ModelError) {
    for offset in range where bytes[offset] != 0 {
      throw ModelError(.corrupt, "byte \(offset)", "a reserved byte is not zero")
    }
  }

  private static func readTable(_ bytes: Span<UInt8>) throws(ModelError) -> [SectionTableEntry] {
    var header = RecordReader(
      bytes.extracting(TIRLayout.magic.count..<TIRLayout.headerSize), place: "header")
    let major = try header.read(UInt16.self)
    let minor = try header.read(UInt16.self)
    guard major == TIRLayout.majorVersion, minor == TIRLayout.minorVersion else {
      throw ModelError(
        .unsupported, "header",
        "format \(major).\(minor); this treec reads "
          + "\(TIRLayout.majorVersion).\(TIRLayout.minorVersion): convert the model again")
    }
    let count = try header.readCount()
    let fileSize = try header.read(UInt64.self)
    guard fileSize == UInt64(bytes.count) else {
      throw ModelError(
        .corrupt, "header",
        "the file has \(bytes.count) bytes where the header says \(fileSize): it is "
          + "truncated or has grown")
    }
    let checksum = try header.read(UInt64.self)
    try requireZeros(bytes, TIRLayout.headerSize - header.remaining..<TIRLayout.headerSize)
    guard count <= TIRLayout.maximumSections,
      count * TIRLayout.entrySize <= bytes.count - TIRLayout.headerSize
    else {
      throw ModelError(.corrupt, "header", "\(count) sections do not fit the file")
    }
    let table = bytes.extracting(
      TIRLayout.headerSize..<TIRLayout.headerSize + count * TIRLayout.entrySize)
    guard xxh64(table) == checksum else {
      throw ModelError(.corrupt, "section table", "the checksum does not match")
    }
    var reader = RecordReader(table, place: "section table")
    var entries: [SectionTableEntry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let id = try reader.read(UInt32.self)
      let instance = try reader.read(UInt32.self)
      let version = try reader.read(UInt16.self)
      let flags = try reader.read(UInt16.self)
      guard try reader.read(UInt32.self) == 0 else {
        throw reader.corrupt("a reserved field is not zero")
      }
      entries.append(
        SectionTableEntry(
          id: id, instance: instance, version: version, flags: flags,
          offset: try reader.read(UInt64.self), length: try reader.read(UInt64.self),
          checksum: try reader.read(UInt64.self)))
    }
    return entries
  }

  private static func checkedOffset(
    of entry: SectionTableEntry, after end: Int, in bytes: Span<UInt8>
  ) throws(ModelError) -> Int {
    let size = UInt64(bytes.count)
    guard entry.offset % UInt64(TIRLayout.alignment) == 0, entry.offset >= UInt64(end),
      entry.offset <= size, entry.length <= size - entry.offset
    else {
      throw ModelError(
        .corrupt, "section \(entry.id)",
        "it does not lie inside the file and behind the section before it, or is not aligned")
    }
    return Int(entry.offset)
  }

  /// Whether the file has the section.
  func has(_ id: SectionID, _ instance: Int = 0) -> Bool {
    entry(id, instance) != nil
  }

  /// The column in a section; empty when the file leaves it out.
  func column<Element>(
    _ id: SectionID, _ instance: Int = 0, of type: Element.Type
  ) throws(ModelError) -> Column<Element> {
    guard let entry = entry(id, instance) else { return Column([]) }
    let width = MemoryLayout<Element>.stride
    guard Int(entry.length) % width == 0 else {
      throw ModelError(
        .corrupt, "section \(id)", "\(entry.length) bytes, not a multiple of \(width)")
    }
    return Column(mapping: file, offset: Int(entry.offset), count: Int(entry.length) / width)
  }

  /// Reads the records of a section with `body`, which must take all of them.
  func records<Result>(
    _ id: SectionID, _ instance: Int = 0,
    _ body: (inout RecordReader) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    guard let entry = entry(id, instance) else {
      throw ModelError(.corrupt, "section \(id), instance \(instance)", "it is missing")
    }
    let start = Int(entry.offset)
    var reader = RecordReader(
      file.bytes.extracting(start..<start + Int(entry.length)), place: "section \(id)")
    let result = try body(&reader)
    try reader.expectEnd()
    return result
  }

  private func entry(_ id: SectionID, _ instance: Int) -> SectionTableEntry? {
    UInt32(exactly: instance).flatMap { sections[Key(id: id.rawValue, instance: $0)] }
  }
}

extension ModelError {
  /// The same error with the file in front of its location.
  fileprivate func located(in path: String) -> ModelError {
    location == path
      ? self : ModelError(code, location.isEmpty ? path : "\(path): \(location)", message)
  }
}
