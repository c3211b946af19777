extension TreeModel {
  /// Writes the model as a `.tir` file. The same model always gives the same bytes, and
  /// the file appears under its name only when it is complete.
  ///
  /// - Throws: ``ModelError`` with code `.io`.
  public func write(to path: String) throws(ModelError) {
    let writer = TIRWriter(self)
    let file = try AtomicFile(path: path)
    try writer.write { (bytes) throws(ModelError) in try file.write(bytes) }
    try file.commit()
  }

  /// The bytes that ``write(to:)`` writes.
  public func tirBytes() -> [UInt8] {
    var result: [UInt8] = []
    TIRWriter(self).write { result.append(contentsOf: $0) }
    return result
  }

  /// XXH64 of the section table, which holds the checksums of all sections: two models
  /// with equal checksums have equal files.
  public var checksum: UInt64 {
    TIRWriter(self).tableChecksum
  }
}

/// Lays out a model's sections and writes them.
struct TIRWriter {
  private let entries: [SectionList.Entry]
  private let header: [UInt8]
  private let table: [UInt8]
  let tableChecksum: UInt64
  /// Bytes that ``write(_:)`` hands out.
  let fileSize: Int

  init(_ model: TreeModel) {
    var sections = SectionList()
    sections.add(model)
    entries = sections.entries

    var offset = TIRLayout.aligned(
      TIRLayout.headerSize + entries.count * TIRLayout.entrySize)
    var fileSize = offset
    var table = RecordWriter()
    for entry in entries {
      table.write(entry.id.rawValue)
      table.write(UInt32(entry.instance))
      table.write(TIRLayout.sectionVersion)
      table.write(entry.id.isRequired ? TIRLayout.requiredFlag : 0)
      table.write(UInt32(0))
      table.write(UInt64(offset))
      table.write(UInt64(entry.content.byteCount))
      entry.content.withBytes { table.write(xxh64(Span(_unsafeBytes: $0))) }
      fileSize = offset + entry.content.byteCount
      offset = TIRLayout.aligned(fileSize)
    }
    self.table = table.bytes
    self.fileSize = fileSize
    tableChecksum = xxh64(table.bytes.span)

    var header = RecordWriter()
    for byte in TIRLayout.magic { header.write(byte) }
    header.write(TIRLayout.majorVersion)
    header.write(TIRLayout.minorVersion)
    header.write(UInt32(entries.count))
    header.write(UInt64(fileSize))
    header.write(tableChecksum)
    self.header =
      header.bytes + [UInt8](repeating: 0, count: TIRLayout.headerSize - header.bytes.count)
  }

  /// Hands the bytes of the file to `body`, piece by piece.
  func write<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var position = 0
    func put(_ content: some SectionContent) throws(Failure) {
      try content.withBytes(body)
      position += content.byteCount
    }
    func pad() throws(Failure) {
      let gap = TIRLayout.aligned(position) - position
      if gap > 0 { try put(Column([UInt8](repeating: 0, count: gap))) }
    }
    try put(Column(header))
    try put(Column(table))
    for entry in entries {
      try pad()
      try put(entry.content)
    }
  }
}
