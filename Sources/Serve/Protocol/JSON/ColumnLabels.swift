import TextCodec

/// The labels of columns as a body lists them, and the names that pandas and a library make of
/// them.
///
/// Source: `Index` of pandas, which finds one type for a whole list of labels, and the text that
/// Python's `str` gives of each. Measured with pandas 3.1.1, XGBoost 3.2.0 and CatBoost 1.2.10.
struct ColumnLabels {
  /// What a library makes of labels that are more than one, or of any kind.
  enum Style: Sendable {
    /// Labels of several levels are joined by blanks, no two labels may be equal, and none is a
    /// list or an object: XGBoost.
    case joined
    /// All are what Python's `str` makes of them: CatBoost. Of a list or an object only as far as
    /// it is written as Python writes it.
    case python
  }

  private enum Label {
    case text([UInt8])
    /// Its digits, and its value.
    case integer([UInt8], Double, JSONNumber.Forms)
    case fraction(Double)
    case truth(Bool)
    case null
    /// A list or an object, as it is written.
    case other([UInt8])
  }

  /// What a list of labels has one type by.
  private enum IndexType {
    /// All labels are text, or missing.
    case text
    /// All are numbers, and all become floats.
    case float
    /// All are null, which stays what it is.
    case null
    /// Each label is what it is.
    case object
  }

  /// Reads the list that is the next value, and gives the names.
  ///
  /// A list of lists is one of levels: a column's name is made of its label in each of them.
  ///
  /// - Parameter limit: How many labels are kept at most.
  static func names(
    _ reader: JSONReader, _ style: Style, limit: Int
  ) throws(JSONError) -> FrameNames {
    var reader = reader
    let start = reader
    var levels: [[Label]] = []
    var labels: [Label] = []
    var count = 0
    var hasOthers = false
    try reader.enterArray()
    while try reader.nextElement() {
      if count >= limit { return .refused("There are too many labels of columns.") }
      if try reader.peekKind() == .array, !hasOthers {
        guard let level = try level(&reader, style, count: &count, limit: limit) else {
          return unusable
        }
        levels.append(level)
      } else {
        guard let label = try label(&reader, style) else { return unusable }
        labels.append(label)
        hasOthers = true
      }
      count += 1
    }
    if levels.isEmpty { return names([labels], style, isLevels: false) }
    if !hasOthers { return names(levels, style, isLevels: true) }
    return style == .joined ? unusable : try flatNames(start)
  }

  /// The names of a list of labels of which only some are lists, which are no levels then.
  private static func flatNames(_ start: JSONReader) throws(JSONError) -> FrameNames {
    var reader = start
    var labels: [Label] = []
    try reader.enterArray()
    while try reader.nextElement() {
      if let label = try label(&reader, .python) { labels.append(label) }
    }
    return names([labels], .python, isLevels: false)
  }

  private static let unusable = FrameNames.refused(
    "The label of a column is a list or an object, not a name.")

  /// Reads a list of labels; nil if one of them is a list or an object.
  private static func level(
    _ reader: inout JSONReader, _ style: Style, count: inout Int, limit: Int
  ) throws(JSONError) -> [Label]? {
    var labels: [Label] = []
    try reader.enterArray()
    while try reader.nextElement() {
      guard count < limit, let label = try label(&reader, style) else { return nil }
      labels.append(label)
      count += 1
    }
    return labels
  }

  private static func label(
    _ reader: inout JSONReader, _ style: Style
  ) throws(JSONError) -> Label? {
    switch try reader.peekKind() {
    case .string:
      return .text(try reader.readText().makeBytes())
    case .number:
      var again = reader
      guard let number = try reader.readNumber() else { return nil }
      guard number.form != .fraction else { return .fraction(number.value) }
      let digits = try again.readRawValue()
      let isZero = number.value == 0
      return .integer(
        isZero ? [UInt8(ascii: "0")] : digits.withUnsafeBufferPointer { Array($0) }, number.value,
        number.forms)
    case .bool:
      return .truth(try reader.readBool())
    case .null:
      try reader.readNull()
      return .null
    case .array, .object:
      guard style == .python else { return nil }
      let text = try reader.readRawValue()
      return .other(text.withUnsafeBufferPointer { Array($0) })
    }
  }

  // MARK: Names

  private static func names(
    _ levels: [[Label]], _ style: Style, isLevels: Bool
  ) -> FrameNames {
    if style == .python { return .list(pythonNames(levels, isLevels: isLevels)) }
    let types = levels.map { type(of: $0, isLevel: isLevels) }
    var names: [[UInt8]] = []
    var seen: Set<[UInt8]> = []
    for column in levels[0].indices {
      var name: [UInt8] = []
      var key: [UInt8] = []
      for (level, type) in zip(levels, types) where column < level.count {
        let label = level[column]
        if !key.isEmpty { name.append(UInt8(ascii: " ")) }
        name += text(of: label, type, isLevel: isLevels)
        key += Self.key(of: label, type, isLevel: isLevels)
      }
      guard seen.insert(key).inserted else {
        return .refused(
          "Two columns have the same label: "
            + "'\(PythonValue.shown(String(decoding: name, as: UTF8.self)))'.")
      }
      names.append(name)
    }
    return .list(names)
  }

  /// What Python's `str` makes of labels: of those of several levels, or of one that is listed as
  /// such, of their tuples.
  private static func pythonNames(_ levels: [[Label]], isLevels: Bool) -> [[UInt8]] {
    let types = levels.map { type(of: $0, isLevel: isLevels) }
    return levels[0].indices.map { column in
      var parts: [[UInt8]] = []
      for (level, type) in zip(levels, types) where column < level.count {
        let text = text(of: level[column], type, isLevel: isLevels)
        if isLevels, case .text = level[column] {
          parts.append([UInt8(ascii: "'")] + text + [UInt8(ascii: "'")])
        } else {
          parts.append(text)
        }
      }
      guard isLevels else { return parts.first ?? [] }
      let end = parts.count == 1 ? ",)" : ")"
      return Array("(".utf8) + Array(parts.joined(separator: Array(", ".utf8))) + Array(end.utf8)
    }
  }

  /// The type that pandas finds for a list of labels.
  private static func type(of labels: [Label], isLevel: Bool) -> IndexType {
    var forms: JSONNumber.Forms = []
    var textCount = 0
    var numberCount = 0
    var nullCount = 0
    var nanCount = 0
    for label in labels {
      switch label {
      case .text: textCount += 1
      case .integer(_, _, let form):
        forms.formUnion(form)
        numberCount += 1
      case .fraction(let value):
        if value.isNaN { nanCount += 1 } else { numberCount += 1 }
        forms.insert(.fraction)
      case .truth, .other: return .object
      case .null: nullCount += 1
      }
    }
    if nullCount == labels.count { return isLevel ? .float : .null }
    if textCount + nullCount + nanCount == labels.count { return textCount > 0 ? .text : .float }
    let fitsOneType =
      !forms.contains(.hugeInteger) && !forms.contains([.unsignedInteger, .negativeInteger])
    let isFloat = nullCount > 0 || forms.contains(.fraction)
    return textCount == 0 && isFloat && fitsOneType ? .float : .object
  }

  /// The text of a label in an index of such a type.
  private static func text(of label: Label, _ type: IndexType, isLevel: Bool) -> [UInt8] {
    var text: [UInt8] = []
    switch label {
    case .text(let bytes), .other(let bytes): return bytes
    case .integer(let digits, let value, _):
      if type != .float { return digits }
      DecimalPrinter.append(value, to: &text)
    case .fraction(let value): DecimalPrinter.append(value, to: &text)
    case .truth(let truth): text = Array((truth ? "True" : "False").utf8)
    case .null:
      let staysNull = !isLevel && (type == .object || type == .null)
      text = Array((staysNull ? "None" : "nan").utf8)
    }
    return text
  }

  /// Bytes that two labels have in common if they are equal in Python, where 1, 1.0 and true are.
  private static func key(of label: Label, _ type: IndexType, isLevel: Bool) -> [UInt8] {
    // No text has the bytes 0xFE and 0xFF.
    switch label {
    case .text(let bytes), .other(let bytes): return bytes + [0xFF]
    case .integer(let digits, let value, _):
      return type == .float || value.magnitude < 0x1p53 ? key(of: value) : [0xFE] + digits + [0xFF]
    case .fraction(let value): return key(of: value)
    case .truth(let truth): return key(of: truth ? 1 : 0)
    case .null:
      let text = text(of: label, type, isLevel: isLevel)
      return text == Array("nan".utf8) ? key(of: .nan) : [0xFE] + text + [0xFF]
    }
  }

  private static func key(of number: Double) -> [UInt8] {
    var key: [UInt8] = [0xFE]
    DecimalPrinter.append(number + 0, to: &key)
    return key + [0xFF]
  }
}
