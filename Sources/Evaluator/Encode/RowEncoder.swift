import TextCodec
import TreeIR

/// Turns the cells of a row, as text or JSON, into the numbers that fill the model's input
/// slots: numbers are read, categories looked up or hashed, as the input schema says.
public struct RowEncoder: Sendable {
  enum Cell: Sendable {
    case number
    case dictionary(CategoryIndex, InputColumn.UnknownCategory)
    case hash(InputColumn.CategoryHash)
    case ignored
    case field(FieldReader)
  }

  public let schema: InputSchema
  let cells: [Cell]
  /// By which texts of fields have numbers, in the rows that are encoded at present.
  package let texts: RowTexts

  /// Prepares to encode rows of `schema`.
  public init(_ schema: InputSchema) {
    self.init(schema, texts: RowTexts(ModelTexts([])))
  }

  /// Prepares to encode rows of `model`.
  public init(_ model: TreeModel) {
    self.init(model.input, texts: RowTexts(ModelTexts(model.texts)))
  }

  init(_ schema: InputSchema, texts: RowTexts) {
    self.schema = schema
    self.texts = texts
    cells = schema.columns.map { column in
      switch column.kind {
      case .numeric, .categoryCodes: .number
      case .dictionary(let values, let unknown): .dictionary(CategoryIndex(values), unknown)
      case .hashedText(let hash): .hash(hash)
      case .ignored: .ignored
      case .field(let rules): .field(FieldReader(rules))
      }
    }
  }

  /// An encoder of the same rows that numbers texts for itself, without waiting for others.
  package func withTextsOfItsOwn() -> RowEncoder {
    RowEncoder(self, texts: RowTexts(texts.model))
  }

  private init(_ other: RowEncoder, texts: RowTexts) {
    schema = other.schema
    cells = other.cells
    self.texts = texts
  }

  /// Memory for rows that are encoded and scored together. There should be one batch for an
  /// encoder: emptying it forgets texts of cells that the encoder has numbered.
  public func makeBatch() -> RowBatch { RowBatch(schema, texts: texts) }

  /// Encodes a cell of text, such as a CSV field.
  ///
  /// A number may have blanks around it and be written `inf`, `-inf` or `nan`; `true` and
  /// `false` in any case are 1 and 0; empty text is missing. Categories are taken to the
  /// byte, and empty text is missing unless the column's text is hashed, as in CatBoost,
  /// where it is a category like any other.
  ///
  /// - Parameters:
  ///   - text: The cell, in UTF-8.
  ///   - column: Position in the schema.
  /// - Throws: ``CellError`` when the text is no number, or a category that must be known.
  public func encode(text: Span<UInt8>, column: Int) throws(CellError) -> Double {
    switch cells[column] {
    case .number:
      let trimmed = text.extracting(trimmedRange(text))
      if trimmed.isEmpty { return .nan }
      if let number = Double(decimalText: trimmed) ?? truth(trimmed) { return number }
      throw CellError(.notANumber, text)
    case .dictionary(let index, let unknown):
      if text.isEmpty { return .nan }
      if let position = position(ofText: text, index) { return Double(position) }
      if unknown == .missing { return .nan }
      throw CellError(.unknownCategory, text)
    case .hash(.cityHash32):
      return Double(CityHash.hash32(text))
    case .ignored: return .nan
    case .field(let reader):
      do throws(FieldRefusal) {
        return try reader.read(text, texts)
      } catch {
        throw CellError(error)
      }
    }
  }

  /// The position of the category that is `text`, or is a number that `text` spells.
  func position(ofText text: Span<UInt8>, _ index: CategoryIndex) -> Int? {
    if let position = index.position(ofText: text) { return position }
    guard index.hasNumbers else { return nil }
    let trimmed = text.extracting(trimmedRange(text))
    return position(ofNumber: trimmed, index)
      ?? truth(trimmed).flatMap { index.position(of: $0) }
  }

  /// The position of the number written as `text`; large whole numbers are not rounded.
  func position(ofNumber text: Span<UInt8>, _ index: CategoryIndex) -> Int? {
    var end = 0
    if let whole = DecimalParser.parseInt64(text, at: &end), end == text.count {
      return index.position(of: whole)
    }
    return Double(decimalText: text).flatMap { index.position(of: $0) }
  }

  private func trimmedRange(_ text: Span<UInt8>) -> Range<Int> {
    var range = 0..<text.count
    while !range.isEmpty, isBlank(text[range.lowerBound]) { range.removeFirst() }
    while !range.isEmpty, isBlank(text[range.upperBound - 1]) { range.removeLast() }
    return range
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private func truth(_ text: Span<UInt8>) -> Double? {
    if matches(text, "true") { return 1 }
    if matches(text, "false") { return 0 }
    return nil
  }

  /// Whether `text` is `word`, which is in lower case, in any case.
  private func matches(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
    guard text.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      text.indices.allSatisfy { text[$0] | 0x20 == letters[$0] }
    }
  }
}

/// Why a cell cannot be encoded.
public struct CellError: Error, Sendable, Equatable {
  public enum Reason: Sendable, Hashable {
    /// A numeric column holds something else.
    case notANumber
    /// The category is not in the model's dictionary, and the model refuses such rows.
    case unknownCategory
    /// The cell has a type that the column cannot take.
    case wrongType
    /// The cell should be text or a whole number, the name of a category.
    case notACategory
    /// The model's rules for the field refuse the value.
    case refused
  }

  public let reason: Reason
  /// The beginning of the cell.
  public let text: String

  init(_ reason: Reason, _ text: Span<UInt8>) {
    self.reason = reason
    let shown = text.extracting(0..<min(text.count, 40))
    self.text =
      shown.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
      + (shown.count < text.count ? "…" : "")
  }

  /// What the rules of a field say.
  init(_ refusal: FieldRefusal) {
    reason = .refused
    text = refusal.description
  }

  /// What is wrong and what to do, for the column called `name`.
  public func message(column name: String) -> String {
    let name = name.escapingControlCharacters
    let text = text.escapingControlCharacters
    return switch reason {
    case .notANumber:
      "column '\(name)': '\(text)' is not a number; leave the cell empty if the value is missing"
    case .unknownCategory:
      "column '\(name)': '\(text)' is not a category that the model knows"
    case .wrongType:
      "column '\(name)': the column cannot take \(text)"
    case .refused: "column '\(name)': \(text)"
    case .notACategory:
      "column '\(name)': \(text) is no category; write text or a whole number"
    }
  }
}

/// A row that cannot be encoded: the first cell that is to blame.
public struct RowError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Names the column, or says how many cells there should be.
  public let description: String
}

extension RowEncoder {
  /// Encodes a row of text, one cell a column in the order of the schema.
  ///
  /// - Throws: ``RowError`` when the number of cells is not that of the columns, or a cell
  ///   cannot be encoded; see ``encode(text:column:)``.
  public func encode(cells texts: [String]) throws(RowError) -> [Double] {
    guard texts.count == schema.count else {
      throw RowError(
        description: "\(texts.count) cells for the \(schema.count) columns of the model")
    }
    var row: [Double] = []
    row.reserveCapacity(texts.count)
    for (column, text) in texts.enumerated() {
      let bytes = Array(text.utf8)
      do {
        row.append(try encode(text: bytes.span, column: column))
      } catch {
        throw RowError(description: error.message(column: schema.columns[column].name))
      }
    }
    return row
  }
}
