import Evaluator
import TextCodec

/// What is known of a body while its records are read.
struct CSVFrameReader: ~Copyable {
  private var frame = Frame()
  /// One a named column, in the order of the body; none if the model does not take as many.
  private var columns: [PandasColumn]
  /// Cells of a row in the frame: one a column of the model, none if ``columns`` are none.
  private let stride: Int
  /// Their names.
  private(set) var names: [String] = []
  /// For each of them the column of the model, or a place behind those; see ``BodyColumns``.
  private var slots: [Int] = []
  /// For each of them whether its texts are categories.
  private var isCategory: [Bool] = []
  /// Fields before the named ones.
  private let indexCount: Int
  /// Fields of a row, at most.
  private let width: Int
  /// Rows of a piece; see ``PandasColumn``.
  private let pieceLength: Int
  private let cellLimit: Int
  /// As many cells, left out or not, are no matter: 32 MiB.
  private static let smallCellCount = 1 << 22
  private let model: ServedModel
  private let isStrict: Bool

  /// Reads the header.
  ///
  /// - Parameter encoded: One for each column of the model: whether its texts are categories.
  init(
    _ tokenizer: inout PandasTokenizer, model: ServedModel, isStrict: Bool,
    encoding encoded: [Bool]? = nil
  ) throws(CSVFrameError) {
    guard tokenizer.nextRecord() else { throw .noHeader(isStrict: isStrict) }
    var header = tokenizer
    let nameCount = try Self.skipRecord(&tokenizer, isStrict: isStrict)
    var first = tokenizer
    let fieldCount =
      first.nextRecord() ? try Self.skipRecord(&first, isStrict: isStrict) : nameCount

    frame.columnCount = nameCount
    width = max(nameCount, fieldCount)
    indexCount = width - nameCount
    pieceLength = Self.pieceLength(width: width)
    // A body cannot have that many cells but by leaving them out.
    cellLimit = tokenizer.text.count + Self.smallCellCount
    self.model = model
    self.isStrict = isStrict

    guard model.takes(columnCount: nameCount) else {
      columns = []
      stride = 0
      return
    }
    stride = model.columnCount
    names = PandasHeader.makeUnique(Self.names(&header))
    if let bodyColumns = model.bodyColumns {
      let order =
        model.order(of: names.map { Array($0.utf8) }, isStrict: isStrict) ?? .model
      slots = (0..<nameCount).map { position in
        switch order {
        case .permuted(let columns): columns[position]
        case .mapped(let places): places[position]
        case .model where position < bodyColumns.count: position
        case .model: isStrict ? bodyColumns.count : BodyColumns.ignored
        }
      }
      isCategory = slots.map { $0 != BodyColumns.ignored && model.isEncoded[$0] }
      columns = isCategory.map { isCategory in
        PandasColumn(
          isStrict: isStrict, roundsIntegers: !isCategory,
          objects: isCategory ? .categories : .numbers)
      }
      frame.names = Self.frameNames(names, model)
      return
    }
    let column = PandasColumn(
      isStrict: isStrict, roundsIntegers: model.rules.roundsIntegerColumns)
    columns = Array(repeating: column, count: nameCount)
    slots = Array(0..<nameCount)
    if !isStrict, let match = try? ColumnMatch(names, to: model.predictor.model) {
      for (slot, column) in match.positions.enumerated() { slots[column] = slot }
    }
    isCategory = slots.map { encoded?[$0] ?? false }
    if model.rules.checksNames { frame.names = Self.frameNames(names, model) }
  }

  private static func frameNames(_ names: [String], _ model: ServedModel) -> FrameNames {
    let names = names.map { Array($0.utf8) }
    return model.names.areNames(names) ? .model : .list(names)
  }

  /// Rows that pandas reads at once, with its `low_memory=True`: a power of two, so that a
  /// piece has about a million cells.
  private static func pieceLength(width: Int) -> Int {
    let aim = (1 << 20) / width
    var length = 1
    while length * 2 < aim { length *= 2 }
    return length
  }

  /// Counts the fields of the current record and moves past it.
  private static func skipRecord(
    _ tokenizer: inout PandasTokenizer, isStrict: Bool
  ) throws(CSVFrameError) -> Int {
    var count = 0
    while tokenizer.hasField {
      guard tokenizer.nextField() != nil else { throw unterminated(tokenizer, isStrict) }
      count += 1
    }
    return count
  }

  private static func names(_ header: inout PandasTokenizer) -> [String] {
    var names: [String] = []
    while header.hasField, let field = header.nextField() {
      names.append(
        header.bytes(of: field).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    }
    return names
  }

  private static func unterminated(
    _ tokenizer: borrowing PandasTokenizer, _ isStrict: Bool
  ) -> CSVFrameError {
    .unterminatedQuote(
      at: tokenizer.position, in: tokenizer.text, lineCount: tokenizer.lineCount,
      isStrict: isStrict)
  }

  // MARK: Rows

  mutating func read(_ tokenizer: inout PandasTokenizer) throws(CSVFrameError) -> Frame {
    var pieceStart = 0
    while tokenizer.nextRecord() {
      if frame.rowCount - pieceStart == pieceLength {
        finishPiece(from: pieceStart)
        pieceStart = frame.rowCount
      }
      try readRow(&tokenizer)
    }
    if frame.rowCount > 0 { finishPiece(from: pieceStart) }
    frame.kinds = Array(repeating: [], count: stride > 0 ? model.isEncoded.count : 0)
    for (column, slot) in slots.enumerated() where slot != BodyColumns.ignored {
      if model.bodyColumns != nil {
        finishObjects(column, slot)
        continue
      }
      frame.kinds[slot] = columns[column].kind
      if isCategory[column], frame.kinds[slot] == .fraction {
        frame.kinds[slot].insert(.category)
      }
      for integer in columns[column].roundedIntegers {
        frame.values[integer.row * stride + slot] = integer.value
      }
    }
    frame.fault = fault()
    return frame
  }

  /// Finishes a column of objects, which is usable or is not.
  private mutating func finishObjects(_ column: Int, _ slot: Int) {
    guard !isCategory[column] else {
      let kind = columns[column].kindOfCategories(isStrict: isStrict)
      return frame.kinds[slot].formUnion(kind)
    }
    let kind = columns[column].kind
    frame.kinds[slot].formUnion(kind == .text ? .unusable : kind)
    guard slot < stride else { return }
    for integer in columns[column].roundedIntegers {
      frame.values[integer.row * stride + slot] = integer.value
    }
  }

  private mutating func readRow(_ tokenizer: inout PandasTokenizer) throws(CSVFrameError) {
    let start = tokenizer.position
    let row = frame.rowCount
    let base = frame.values.count
    guard frame.rowCount < cellLimit / max(stride, columns.count, 1) else {
      throw .tooManyMissingCells(at: start, in: tokenizer.text, limit: cellLimit)
    }
    frame.values.append(contentsOf: repeatElement(.nan, count: stride))

    var field = 0
    while tokenizer.hasField {
      let column = field - indexCount
      if column >= 0, column < columns.count {
        try readCell(&tokenizer, column, row: row, base: base)
      } else if tokenizer.nextField() == nil {
        throw Self.unterminated(tokenizer, isStrict)
      }
      field += 1
    }
    guard field <= width else {
      throw .tooManyFields(
        field, expected: width, at: start, in: tokenizer.text, lineCount: tokenizer.lineCount,
        isStrict: isStrict)
    }
    // Empty when all named columns were there, or none is read.
    for column in max(field - indexCount, 0)..<max(columns.count, field - indexCount) {
      takeMissing(column, row: row, base: base, tokenizer.text.extracting(0..<0))
    }
    frame.rowCount += 1
  }

  @inline(__always)
  private mutating func readCell(
    _ tokenizer: inout PandasTokenizer, _ column: Int, row: Int, base: Int
  ) throws(CSVFrameError) {
    var end = tokenizer.position
    if isCategory[column] || slots[column] >= stride || slots[column] < 0 {
      try readAnyCell(&tokenizer, column, row: row, base: base)
    } else if tokenizer.isFieldEnd(end) {
      columns[column].takeMissing(row: row)
      tokenizer.endField(end)
    } else if let value = columns[column].takePlain(tokenizer, at: &end) {
      tokenizer.endField(end)
      frame.values[base + slots[column]] = value
    } else {
      try readAnyCell(&tokenizer, column, row: row, base: base)
    }
  }

  @inline(never)
  private mutating func readAnyCell(
    _ tokenizer: inout PandasTokenizer, _ column: Int, row: Int, base: Int
  ) throws(CSVFrameError) {
    guard let field = tokenizer.nextField() else { throw Self.unterminated(tokenizer, isStrict) }
    let text = tokenizer.bytes(of: field)
    if model.bodyColumns != nil { return readObject(text, column, row: row, base: base) }
    let value =
      isCategory[column]
      ? Self.encode(text, model.encoder, slots[column], &columns[column], row: row)
      : columns[column].take(text, row: row)
    frame.values[base + slots[column]] = value
  }

  /// Takes a cell of a column of objects.
  private mutating func readObject(
    _ text: Span<UInt8>, _ column: Int, row: Int, base: Int
  ) {
    let slot = slots[column]
    guard slot != BodyColumns.ignored else { return }
    let value = columns[column].take(text, row: row)
    guard slot < stride else { return }
    frame.values[base + slot] =
      isCategory[column] ? Self.hash(text, model.encoder, slot) : value
  }

  private static func hash(_ text: Span<UInt8>, _ encoder: RowEncoder, _ slot: Int) -> Double {
    (try? encoder.encode(text: text, column: slot)) ?? .nan
  }

  /// Takes a cell that was left out; `text` is empty.
  private mutating func takeMissing(
    _ column: Int, row: Int, base: Int, _ text: Span<UInt8>
  ) {
    if model.bodyColumns != nil { return readObject(text, column, row: row, base: base) }
    guard isCategory[column] else { return columns[column].takeMissing(row: row) }
    frame.values[base + slots[column]] = Self.encode(
      text, model.encoder, slots[column], &columns[column], row: row)
  }

  /// The number of a category; NaN if the cell is missing, or refused.
  private static func encode(
    _ text: Span<UInt8>, _ encoder: RowEncoder, _ slot: Int, _ column: inout PandasColumn,
    row: Int
  ) -> Double {
    do {
      return try encoder.encode(text: text, column: slot)
    } catch {
      if !PandasCell.isMissing(text) { column.refuseCategory(text, row: row) }
      return .nan
    }
  }

  // MARK: Columns

  private mutating func finishPiece(from start: Int) {
    for column in columns.indices {
      if model.bodyColumns != nil, isCategory[column] {
        finishCategories(column)
        continue
      }
      let corrections = columns[column].finishPiece(from: start)
      guard (0..<stride).contains(slots[column]) else { continue }
      for correction in corrections {
        frame.values[correction.row * stride + slots[column]] = correction.value
      }
    }
  }

  /// Ends a piece of a column of categories; without `isStrict` a missing cell is empty text.
  private mutating func finishCategories(_ column: Int) {
    let slot = slots[column]
    let categories = columns[column].finishPieceOfCategories(takesMissing: !isStrict)
    guard slot < stride else { return }
    for category in categories {
      frame.values[category.row * stride + slot] = Self.hash(
        category.value.text.span, model.encoder, slot)
    }
  }

  /// The first cell to blame, by row.
  private func fault() -> Frame.Fault? {
    var fault: (row: Int, column: Int)?
    for (index, column) in columns.enumerated() {
      guard let row = column.blame?.row, row < fault?.row ?? .max else { continue }
      fault = (row, index)
    }
    guard let fault, let blame = columns[fault.column].blame else { return nil }
    return Frame.Fault(row: fault.row, message: blame.message(column: names[fault.column]))
  }
}
