import Evaluator
import TextCodec

/// Cells for a library that reads Python objects one by one: CatBoost.
///
/// A number can be text, and a category is the text of a cell. What pandas and NumPy make of the
/// other cells of a column decides whether there are objects at all, so all is read as if there
/// were, and looked at afterwards.
extension JSONFrameReader {
  /// Reads a cell of the row at hand.
  ///
  /// - Parameter place: See ``BodyColumns``.
  mutating func readObject(_ reader: inout JSONReader, _ place: Int) throws(JSONError) {
    if place == BodyColumns.ignored { return try reader.skipValue() }
    if model.isEncoded[place] {
      try readCategoryObject(&reader, place)
    } else {
      try readNumberObject(&reader, place)
    }
  }

  private mutating func readNumberObject(
    _ reader: inout JSONReader, _ place: Int
  ) throws(JSONError) {
    switch try reader.peekKind() {
    case .number:
      let start = reader
      guard let number = try reader.readNumber() else { return }
      try fill(place, number, from: start)
    case .bool:
      let truth = try reader.readBool()
      if numberPass == .readsText {
        fill(place, .nan, [.boolean, .unusable])
        blame(place, "\(truth) is text in an array that has text, not a number")
      } else {
        fill(place, truth ? 1 : 0, .boolean)
      }
    case .null:
      try reader.readNull()
      fill(place, .nan, .null)
    case .string:
      let text = try reader.readText().makeBytes()
      readObject(text.span, place)
    case .object, .array:
      try readNested(&reader, place, "not a number")
    }
  }

  /// Takes a number that was read from `start`.
  private mutating func fill(
    _ place: Int, _ number: JSONNumber, from start: JSONReader
  ) throws(JSONError) {
    let kinds = Frame.Kinds(number)
    if numberPass == .readsText, number.value.isInfinite {
      fill(place, .nan, kinds.union(.unusable))
      return blame(place, "an infinity is text in an array that has text, not a number")
    }
    if place >= model.columnCount {
      // Of places without numbers nobody can tell later.
      guard number.form != .fraction, number.value.isInfinite else {
        return fill(place, .nan, kinds)
      }
      fill(place, .nan, kinds.union(.unusable))
      return blame(place, "the integer is too large")
    }
    switch numberPass {
    case .roundsIntegersToFloat? where number.form != .fraction && roundedColumns[place]:
      var again = start
      fill(place, Double(try again.readFloat()), kinds)
    case .refusesInfiniteIntegers? where number.form != .fraction && number.value.isInfinite:
      fill(place, .nan, kinds.union(.unusable))
      blame(place, "the integer is too large; no number of the model is as large")
    default:
      fill(place, number.value, kinds)
    }
  }

  private mutating func readCategoryObject(
    _ reader: inout JSONReader, _ place: Int
  ) throws(JSONError) {
    switch try reader.peekKind() {
    case .string:
      let text = try reader.readText().makeBytes()
      readObject(text.span, place)
    case .number:
      var start = reader
      guard let number = try reader.readNumber() else { return }
      try fillCategory(place, number, from: &start)
    case .bool:
      let truth = try reader.readBool()
      let text = numberPass == .readsText ? (truth ? "True" : "False") : truth ? "1" : "0"
      fill(place, hash(text.utf8Span.span, place), .boolean)
    case .null:
      try reader.readNull()
      readMissingObject(place, .null)
    case .object, .array:
      try readNested(&reader, place, "not a category")
    }
  }

  /// Takes a number as a category: an integer by its digits.
  private mutating func fillCategory(
    _ place: Int, _ number: JSONNumber, from start: inout JSONReader
  ) throws(JSONError) {
    let kinds = Frame.Kinds(number)
    if number.form != .fraction {
      let digits = try start.readRawValue()
      // Minus zero has a sign that no integer has.
      let value = hash(number.value == 0 ? digits.extracting(last: 1) : digits, place)
      return fill(place, value, kinds)
    }
    guard numberPass != .readsText else {
      var text: [UInt8] = []
      DecimalPrinter.append(number.value, to: &text)
      return fill(place, hash(text.span, place), kinds)
    }
    fill(place, .nan, kinds)
    let shown = try PythonValue.readScalar(&start)
    blame(place, "\(shown) is no category; write text, or an integer")
  }

  /// Takes a cell of text.
  mutating func readObject(_ text: Span<UInt8>, _ place: Int) {
    if place == BodyColumns.ignored { return }
    var end = text.count
    // NumPy ends a text before the zeros that it ends with.
    if numberPass == .readsText { while end > 0, text[end - 1] == 0 { end -= 1 } }
    let text = text.extracting(..<end)
    if model.isEncoded[place] {
      guard !LoneSurrogate.isIn(text) else {
        fill(place, .nan, [.text, .unusable])
        return blame(place, "the text has half a surrogate pair")
      }
      fill(place, hash(text, place), .text)
    } else if let value = CatBoostNumber.parse(text) {
      fill(place, value, .text)
    } else {
      fill(place, .nan, [.text, .unusable])
      let shown = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      blame(place, "'\(PythonValue.shown(shown))' is text, not a number")
    }
  }

  /// Leaves a cell of the row at hand missing.
  mutating func readMissingObject(_ place: Int, _ kinds: Frame.Kinds) {
    if place == BodyColumns.ignored { return }
    frame.kinds[place].formUnion(kinds)
    if model.isEncoded[place] { blame(place, "there is no category; write text, or an integer") }
  }

  private mutating func readNested(
    _ reader: inout JSONReader, _ place: Int, _ reason: String
  ) throws(JSONError) {
    if try reader.peekKind() == .array { hasListCells = true }
    try reader.skipValue()
    fill(place, .nan, .nested)
    blame(place, "the cell is a list or an object, \(reason)")
  }

  /// The number by which the model knows a category; nothing is asked about places behind its
  /// columns.
  private func hash(_ text: Span<UInt8>, _ place: Int) -> Double {
    guard place < model.columnCount else { return .nan }
    return (try? model.encoder.encode(text: text, column: place)) ?? .nan
  }
}

/// Arrays for such a library.
extension JSONFrameReader {
  /// Reads the list that is the next value as one row of cells.
  ///
  /// - Returns: False where it is something else, or the library takes no such list; the reader is
  ///   in the middle of it.
  mutating func readRow(_ reader: inout JSONReader) throws(JSONError) -> Bool {
    guard model.rules.readsObjects, problem == nil, try reader.peekKind() == .array else {
      return false
    }
    var ahead = reader
    try ahead.enterArray()
    guard try ahead.nextElement() else { return false }
    let first = try ahead.peekKind()
    guard first != .array, first != .object else { return false }
    restart()
    isRow = true
    beginRow()
    var position = 0
    try reader.enterArray()
    while problem == nil, try reader.nextElement() {
      try readCell(&reader, column: place(position, .model))
      position += 1
      if hasListCells { return false }
    }
    if problem != nil { try reader.leaveContainer() }
    frame.columnCount = position
    noteForms()
    return true
  }

  /// Reads an array again, if that is needed to tell what its cells are.
  mutating func readObjects(again start: JSONReader) throws(JSONError) {
    let kinds = arrayKinds
    switch model.rules.arrayType(kinds) {
    case .text:
      try readArray(again: start, .readsText)
    case .objects:
      if hasInfiniteIntegers { try readArray(again: start, .refusesInfiniteIntegers) }
    case .integers where !isRow && !kinds.isDisjoint(with: [.wideInteger, .unsignedInteger]):
      roundedColumns = Array(repeating: true, count: model.isEncoded.count)
      try readArray(again: start, .roundsIntegersToFloat)
    case .integers, .fractions:
      break
    }
  }
}
