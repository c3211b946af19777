import Evaluator
import TextCodec
import TreeIR

extension JSONFrameReader {
  /// Reads cells of the row at hand, from the first on, in the order of the model's columns.
  ///
  /// - Returns: How many there are, at most as many as the model has columns, and whether the
  ///   array has been left.
  @inline(__always)
  mutating func readCells(
    _ reader: inout JSONReader
  ) throws(JSONError) -> (count: Int, isLeft: Bool) {
    var position = 0
    while position < model.columnCount {
      if encodes || numberPass != nil {
        guard try reader.nextElement() else { return (position, true) }
      } else {
        switch try reader.readNumbers(
          into: &frame.values, at: rowStart, forms: &forms, from: &position)
        {
        case .array: return (position, true)
        case .full: return (position, false)
        case .otherElement: break
        }
      }
      try readOtherCell(&reader, column: position)
      position &+= 1
    }
    return (position, false)
  }

  /// Reads a cell of the row at hand.
  ///
  /// - Parameter column: The model's.
  @inline(__always)
  mutating func readCell(
    _ reader: inout JSONReader, column: Int
  ) throws(JSONError) {
    // Places behind the model's columns have no number.
    if !encodes && numberPass == nil, UInt(bitPattern: column) < UInt(forms.count),
      let number = try reader.readNumber()
    {
      frame.values[rowStart &+ column] = number.value
      forms[column].formUnion(number.forms)
    } else {
      try readOtherCell(&reader, column: column)
    }
  }

  @inline(never)
  private mutating func readOtherCell(
    _ reader: inout JSONReader, column: Int
  ) throws(JSONError) {
    if model.rules.readsObjects { return try readObject(&reader, column) }
    if encodes && encodedColumns[column] {
      if try reader.peekKind() == .array { hasListCells = true }
      return try readCategory(&reader, column: column)
    }
    switch try reader.peekKind() {
    case .number:
      let start = reader
      guard let number = try reader.readNumber() else { return }
      switch numberPass {
      case .roundsIntegersToFloat? where number.form != .fraction && roundedColumns[column]:
        var again = start
        fill(column, Double(try again.readFloat()), Frame.Kinds(number))
      case .refusesInfiniteIntegers? where number.form != .fraction && number.value.isInfinite:
        fill(column, .nan, .unusable)
        blame(column, "the integer is too large; no number of the model is as large")
      default:
        fill(column, number.value, Frame.Kinds(number))
      }
    case .bool:
      fill(column, try reader.readBool() ? 1 : 0, .boolean)
    case .null:
      try reader.readNull()
      fill(column, .nan, .null)
    case .string:
      if container == .array, !isStrict, model.isEncoded[column] { hasCategoryText = true }
      let text = try reader.readString()
      if container == .array, let value = PythonFloat.parse(text) {
        fill(column, value, .text)
      } else {
        fill(column, .nan, container == .array ? [.text, .unusable] : .text)
        blame(column, "'\(PythonValue.shown(text))' is text, not a number")
      }
    case .object, .array:
      if try reader.peekKind() == .array { hasListCells = true }
      try reader.skipValue()
      fill(column, .nan, .nested)
      blame(column, "the cell is a list or an object, not a number")
    }
  }

  private mutating func readCategory(
    _ reader: inout JSONReader, column: Int
  ) throws(JSONError) {
    let holdsCodes = container == .array || model.rules.framesHoldCodes
    if holdsCodes, case .dictionary = model.columns[column].kind {
      let kind = try reader.peekKind()
      if kind == .number || kind == .bool {
        return try readCodeOrCategory(&reader, column: column)
      }
    }
    switch try model.encoder.encode(from: &reader, column: column) {
    case .success(let value):
      fill(column, value, [.fraction, .category])
    case .failure(let error):
      fill(column, .nan, .unusable)
      var message = error.message(column: model.columns[column].name)
      if error.reason == .unknownCategory { message += ScoringError.unknownCategoryRemedy }
      blame(message: message)
    }
  }

  /// Reads a number or a truth value where categories are text and numbers may be codes: NaN is
  /// missing, all else refused.
  private mutating func readCodeOrCategory(
    _ reader: inout JSONReader, column: Int
  ) throws(JSONError) {
    let cell = try PythonValue.readScalar(&reader)
    guard cell != "NaN" else { return fill(column, .nan, .fraction) }
    fill(column, .nan, .unusable)
    let place = container == .frame ? "in a column that has" : "in an array that has"
    let remedy =
      model.rules.framesHoldCodes ? "Write" : "Use dataframe_split for categories, or write"
    blame(
      column,
      "\(cell) stands \(place) categories as text; is it a category or its code? "
        + "\(remedy) all of them as text or all as codes")
  }

  /// Leaves a cell of the row at hand missing.
  mutating func readMissingCell(column: Int, _ kinds: Frame.Kinds) {
    if model.rules.readsObjects { return readMissingObject(column, kinds) }
    guard encodes && encodedColumns[column] else {
      frame.kinds[column].formUnion(kinds)
      return
    }
    if case .hashedText = model.columns[column].kind {
      frame.kinds[column].formUnion(.unusable)
      blame(column, "there is no text")
    } else {
      frame.kinds[column].formUnion(.fraction)
    }
  }

  /// Notes a cell of the row at hand that is no number, outside the usual cells.
  mutating func readText(_ text: Span<UInt8>, column: Int) {
    if model.rules.readsObjects { return readObject(text, column) }
    frame.kinds[column].formUnion(.text)
    blame(column, "there is text, not a number")
  }

  mutating func fill(_ column: Int, _ value: Double, _ kinds: Frame.Kinds) {
    if column < model.columnCount { frame.values[rowStart + column] = value }
    frame.kinds[column].formUnion(kinds)
  }

  mutating func blame(_ column: Int, _ reason: @autoclosure () -> String) {
    guard frame.fault == nil else { return }
    guard column < model.columnCount else {
      return blame(message: "a column that the model does not use: \(reason())")
    }
    let name = model.columns[column].name.escapingControlCharacters
    blame(message: "column '\(name)': \(reason())")
  }

  private mutating func blame(message: String) {
    guard frame.fault == nil else { return }
    frame.fault = Frame.Fault(row: row, message: message)
  }
}

extension Frame.Kinds {
  init(_ number: JSONNumber) {
    self.init(number.forms)
  }

  init(_ forms: JSONNumber.Forms) {
    self = []
    if forms.contains(.fraction) { insert(.fraction) }
    if forms.contains(.integer) { insert(.integer) }
    if forms.contains(.wideInteger) { formUnion([.integer, .wideInteger]) }
    if forms.contains(.unsignedInteger) { insert(.unsignedInteger) }
    if forms.contains(.hugeInteger) { insert(.hugeInteger) }
    if forms.contains(.negativeInteger) { insert(.negativeInteger) }
  }
}
