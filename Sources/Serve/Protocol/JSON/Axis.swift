import TextCodec

/// What a body says about the columns or the rows of a frame: the value of `columns` or of
/// `index`.
struct Axis: Equatable {
  enum Names: Equatable {
    /// There are none, or they play no role.
    case none
    /// The model's, in its order.
    case model
    /// Others.
    case list(NameList)
  }

  /// How many columns or rows there are to be; nil where the body does not say.
  var count: Int?
  var names = Names.none
  /// What columns are called, for a library that looks at it; nil where the body does not say.
  var frameNames: FrameNames?
  /// What pandas has against the value.
  var error: String?
  /// Whether null or NaN is among the names.
  var hasMissing = false
  /// The Python type of a name by which nothing can be looked up.
  var unhashableType: String?

  static let none = Axis()

  /// Reads `columns` or `index`; null is the same as nothing.
  ///
  /// - Parameters:
  ///   - keepsNames: Whether more than their number is wanted.
  ///   - expected: The model's names, if these are columns: then they need not be kept, and of
  ///     others not too many.
  static func read(
    _ reader: inout JSONReader, keepsNames: Bool, expecting expected: ColumnNames? = nil
  ) throws(JSONError) -> Axis {
    switch try reader.peekKind() {
    case .null:
      try reader.readNull()
      return .none
    case .array:
      if let expected {
        if try expected.skip(&reader) {
          return Axis(count: expected.count, names: .model)
        }
        let start = reader
        if try isModelOrder(&reader, expected) {
          return Axis(count: expected.count, names: .model)
        }
        reader = start
      }
      return try readList(&reader, keepsNames: keepsNames, limit: expected)
    case .object:
      let (keys, isFull) = try readKeys(&reader, limit: expected?.keyLimit ?? .max)
      return Axis(
        count: keys.count, names: keepsNames ? .list(NameList(keys)) : .none,
        error: isFull ? expected?.tooManyKeys : LoneSurrogate.error(in: keys))
    case .string, .number, .bool:
      let value = try PythonValue.readScalar(&reader)
      return Axis(
        error: "Index(...) must be called with a collection of some kind, \(value) was passed")
    }
  }

  /// Whether the list that is the next value is the model's names in its order; the reader
  /// stays in the middle of the list where it is not.
  private static func isModelOrder(
    _ reader: inout JSONReader, _ names: ColumnNames
  ) throws(JSONError) -> Bool {
    try reader.enterArray()
    var position = 0
    while try reader.nextElement() {
      guard position < names.count, try reader.peekKind() == .string else { return false }
      let text = try reader.readText()
      guard !text.hasEscapes, names.isName(text.rawBytes, ofColumn: position) else {
        return false
      }
      position &+= 1
    }
    return position == names.count
  }

  /// A list of lists is an index of several levels for pandas, each of them a list.
  private static func readList(
    _ reader: inout JSONReader, keepsNames: Bool, limit: ColumnNames?
  ) throws(JSONError) -> Axis {
    var axis = Axis(count: 0)
    var names = NameList()
    let keyLimit = limit?.keyLimit ?? .max
    var levelCount = 0
    var levelSize = 0
    var hasUnevenLevels = false
    var textCount = 0
    var surrogateError: String?
    var count = 0
    try reader.enterArray()
    while try reader.nextElement() {
      count += 1
      let isKept = keepsNames && names.count < keyLimit
      switch try reader.peekKind() {
      case .string:
        textCount += 1
        let text = try reader.readText()
        if surrogateError == nil { surrogateError = LoneSurrogate.error(in: text) }
        if isKept { names.append(text) }
        continue
      case .array:
        let size = try elementCount(&reader)
        if levelCount == 0 { levelSize = size }
        hasUnevenLevels = hasUnevenLevels || size != levelSize
        levelCount += 1
        axis.unhashableType = axis.unhashableType ?? "list"
      case .object:
        axis.unhashableType = axis.unhashableType ?? "dict"
        try reader.skipValue()
      case .number:
        if try reader.readDouble().isNaN { axis.hasMissing = true }
      case .null:
        axis.hasMissing = true
        try reader.readNull()
      case .bool:
        try reader.skipValue()
      }
      if isKept { names.appendTextless() }
    }
    axis.count = count
    if textCount == count { axis.error = surrogateError }
    if levelCount == count, count > 0 {
      if hasUnevenLevels { axis.error = "all arrays must be same length" }
      count = levelSize
      axis.count = count
      axis.unhashableType = nil
      names = NameList(textless: keepsNames ? min(count, keyLimit) : 0)
    }
    if count > keyLimit { axis.error = limit?.tooManyKeys }
    if keepsNames { axis.names = .list(names) }
    return axis
  }

  /// Finds what columns are called that have been read from `start`.
  mutating func readFrameNames(
    _ start: JSONReader, _ model: ColumnNames, _ style: ColumnLabels.Style
  ) throws(JSONError) {
    switch names {
    case .none: break
    case .model: frameNames = .model
    case .list(let list):
      var reader = start
      frameNames =
        try reader.peekKind() == .object
        ? .list(list.keys.all) : try ColumnLabels.names(start, style, limit: model.keyLimit)
    }
  }

  static func elementCount(_ reader: inout JSONReader) throws(JSONError) -> Int {
    var count = 0
    try reader.enterArray()
    while try reader.nextElement() {
      count += 1
      try reader.skipValue()
    }
    return count
  }

  /// The keys of the object that is the next value, each once, and whether there were more
  /// than `limit`.
  static func readKeys(
    _ reader: inout JSONReader, limit: Int = .max
  ) throws(JSONError) -> (keys: KeyIndex, isFull: Bool) {
    var keys = KeyIndex()
    var isFull = false
    try reader.enterObject()
    while let key = try reader.nextKey() {
      isFull = isFull || keys.insert(key, limit: limit) == nil
      try reader.skipValue()
    }
    return (keys, isFull)
  }
}

extension Axis {
  /// What rows or columns are looked up by.
  func labels(_ model: ServedModel) -> NameList {
    switch names {
    case .none: return NameList(textless: count ?? 0)
    case .model:
      var labels = NameList()
      for column in 0..<model.columnCount {
        labels.append(model.names.bytes(ofColumn: column).span)
      }
      return labels
    case .list(let names): return names
    }
  }

  /// Which columns of the model columns of such names are: by name where the names are the
  /// model's, by position otherwise.
  func order(for model: ServedModel, isStrict: Bool) -> ColumnOrder {
    guard !isStrict || model.bodyColumns != nil, case .list(let names) = names,
      names.count == model.columnCount || model.bodyColumns != nil
    else { return .model }
    if case .list(let keys)? = frameNames {
      return model.order(of: keys, isStrict: isStrict) ?? .model
    }
    let keys = (0..<names.count).compactMap { names[$0] }
    return model.order(of: keys, isStrict: isStrict) ?? .model
  }

  /// How records whose columns these are are read.
  func recordsPlan(for model: ServedModel, isStrict: Bool) -> RecordsPlan {
    switch names {
    case .none:
      return RecordsPlan(keys: KeyTable(model.names))
    case .model:
      return RecordsPlan(keys: KeyTable(model.names, fixed: nil), isFixed: true)
    case .list(let names):
      var copies: [(from: Int, to: Int)] = []
      for (position, number) in names.numbers.enumerated() {
        guard let number, names.firstPlaces[number] < position else { continue }
        copies.append((names.firstPlaces[number], position))
      }
      return RecordsPlan(
        keys: KeyTable(model.names, fixed: names),
        order: order(for: model, isStrict: isStrict), isFixed: true, copies: copies)
    }
  }
}
