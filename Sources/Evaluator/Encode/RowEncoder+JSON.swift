import TextCodec
import TreeIR

extension RowEncoder {
  /// Encodes the next value of a JSON text.
  ///
  /// Numeric columns take numbers, `true` and `false` as 1 and 0, and `null` as missing.
  /// Dictionary columns take the type that their categories have, text that spells a number
  /// among them, as ``encode(text:column:)`` does, and `null` as missing.
  /// Hashed columns take strings, and whole numbers by their decimal text, `true` and `false` as
  /// 1 and 0, as CatBoost does; it refuses fractions and `null`.
  /// Fields with rules of their own take strings, numbers as they are written, and `true` and
  /// `false`, all of them as ``encode(text:column:)`` takes such texts, and `null` as missing; a
  /// string without letters is there. The value is read in any case, so that the reader can go on
  /// with the row.
  ///
  /// - Parameters:
  ///   - reader: Stands before the value, and after it when the call returns.
  ///   - column: Position in the schema.
  /// - Returns: The slot's number, or why the cell has none.
  /// - Throws: `JSONError` when the text is no JSON.
  public func encode(
    from reader: inout JSONReader, column: Int
  ) throws(JSONError) -> Result<Double, CellError> {
    switch cells[column] {
    case .number: try number(&reader)
    case .dictionary(let index, let unknown): try category(&reader, index, unknown)
    case .hash(.cityHash32): try hash(&reader)
    case .ignored: try ignore(&reader)
    case .field(let field): try self.field(&reader, field)
    }
  }

  private func field(
    _ reader: inout JSONReader, _ field: FieldReader
  ) throws(JSONError) -> Result<Double, CellError> {
    switch try reader.peekKind() {
    case .number:
      let text = try reader.readRawValue()
      return read(text, field)
    case .string:
      let text = try reader.readText()
      if !text.hasEscapes, isWhole(text.rawBytes) { return read(text.rawBytes, field) }
      var content: [UInt8] = []
      text.append(to: &content)
      guard isWhole(content.span) else {
        return .failure(CellError(.wrongType, Array("half a surrogate pair".utf8).span))
      }
      return read(content.span, field)
    case .bool:
      let truth = try reader.readBool()
      do throws(FieldRefusal) {
        return .success(try field.read(truth, texts))
      } catch {
        return .failure(CellError(error))
      }
    case .null:
      try reader.readNull()
      do throws(FieldRefusal) {
        return .success(try field.readMissing(texts))
      } catch {
        return .failure(CellError(error))
      }
    case .object, .array:
      try reader.skipValue()
      return .failure(CellError(.wrongType, Array("a list or an object".utf8).span))
    }
  }

  private func read(_ text: Span<UInt8>, _ field: FieldReader) -> Result<Double, CellError> {
    do throws(FieldRefusal) {
      return .success(try field.readText(text, texts))
    } catch {
      return .failure(CellError(error))
    }
  }

  /// Whether a text of JSON, otherwise UTF-8, is free of halves of surrogate pairs, for which no
  /// text of the model can stand.
  private func isWhole(_ text: Span<UInt8>) -> Bool {
    for offset in text.indices where text[offset] == 0xED {
      if offset + 1 < text.count, text[offset + 1] >= 0xA0 { return false }
    }
    return true
  }

  private func ignore(_ reader: inout JSONReader) throws(JSONError) -> Result<Double, CellError> {
    try reader.skipValue()
    return .success(.nan)
  }

  private func number(_ reader: inout JSONReader) throws(JSONError) -> Result<Double, CellError> {
    switch try reader.peekKind() {
    case .number: return .success(try reader.readDouble())
    case .bool: return .success(try reader.readBool() ? 1 : 0)
    case .null:
      try reader.readNull()
      return .success(.nan)
    case .string, .object, .array: return try wrongType(&reader)
    }
  }

  private func category(
    _ reader: inout JSONReader, _ index: CategoryIndex, _ unknown: InputColumn.UnknownCategory
  ) throws(JSONError) -> Result<Double, CellError> {
    let position: Int?
    var text: [UInt8] = []
    switch try reader.peekKind() {
    case .string:
      text = try content(&reader)
      position = self.position(ofText: text.span, index)
    case .number:
      text = try raw(&reader)
      position = self.position(ofNumber: text.span, index)
    case .bool:
      let truth = try reader.readBool()
      text = Array((truth ? "true" : "false").utf8)
      position = index.position(of: truth ? 1 as Int64 : 0)
    case .null:
      try reader.readNull()
      return .success(.nan)
    case .object, .array: return try wrongType(&reader)
    }
    if let position { return .success(Double(position)) }
    if unknown == .missing { return .success(.nan) }
    return .failure(CellError(.unknownCategory, text.span))
  }

  private func hash(_ reader: inout JSONReader) throws(JSONError) -> Result<Double, CellError> {
    let kind = try reader.peekKind()
    if kind == .string {
      let text = try content(&reader)
      return .success(Double(CityHash.hash32(text.span)))
    }
    let text = try raw(&reader)
    guard let digits = Self.digits(text, kind) else {
      return .failure(CellError(.notACategory, text.span))
    }
    return .success(Double(CityHash.hash32(digits.span)))
  }

  /// The decimal text of the whole number that is `text`; nil where it is none, or has more than
  /// 64 bits.
  private static func digits(_ text: [UInt8], _ kind: JSONKind) -> [UInt8]? {
    if kind == .bool { return [text.first == UInt8(ascii: "t") ? 0x31 : 0x30] }
    guard kind == .number else { return nil }
    var end = 0
    if let number = DecimalParser.parseUInt64(text.span, at: &end), end == text.count {
      return Array(String(number).utf8)
    }
    end = 0
    guard let number = DecimalParser.parseInt64(text.span, at: &end), end == text.count else {
      return nil
    }
    return Array(String(number).utf8)
  }

  private func wrongType(
    _ reader: inout JSONReader
  ) throws(JSONError) -> Result<Double, CellError> {
    let value = try raw(&reader)
    return .failure(CellError(.wrongType, value.span))
  }

  /// The string that is the next value, its escapes resolved.
  private func content(_ reader: inout JSONReader) throws(JSONError) -> [UInt8] {
    var content: [UInt8] = []
    try reader.readText().append(to: &content)
    return content
  }

  /// The next value as it is written.
  private func raw(_ reader: inout JSONReader) throws(JSONError) -> [UInt8] {
    let value = try reader.readRawValue()
    return value.withUnsafeBufferPointer { Array($0) }
  }
}
