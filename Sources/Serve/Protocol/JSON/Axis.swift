import TextCodec

/// What a body says about the columns or the rows of a frame: the value of `columns` or of
/// `index`.
struct Axis: Equatable {
  enum Names: Equatable {
    /// There are none, or they play no role.
    case none
    /// The model's, in its order.
    case model
    /// Others, as the bytes they are; nil for one that is no text.
    case list([[UInt8]?])
  }

  /// How many columns or rows there are to be; nil where the body does not say.
  var count: Int?
  var names = Names.none
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
  ///   - expected: Names that need not be kept, as they are known.
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
      return try readList(&reader, keepsNames: keepsNames)
    case .object:
      let keys = try readKeys(&reader)
      return Axis(
        count: keys.count, names: keepsNames ? .list(keys) : .none,
        error: LoneSurrogate.error(in: keys))
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
    _ reader: inout JSONReader, keepsNames: Bool
  ) throws(JSONError) -> Axis {
    var axis = Axis(count: 0)
    var names: [[UInt8]?] = []
    var levelSizes: [Int] = []
    var textCount = 0
    var surrogateError: String?
    var count = 0
    try reader.enterArray()
    while try reader.nextElement() {
      count += 1
      var name: [UInt8]?
      switch try reader.peekKind() {
      case .string:
        textCount += 1
        let text = try reader.readText()
        if surrogateError == nil { surrogateError = LoneSurrogate.error(in: text) }
        if keepsNames { name = text.makeBytes() }
      case .array:
        levelSizes.append(try elementCount(&reader))
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
      if keepsNames { names.append(name) }
    }
    axis.count = count
    if textCount == count { axis.error = surrogateError }
    if levelSizes.count == count, let size = levelSizes.first {
      if levelSizes.contains(where: { $0 != size }) {
        axis.error = "all arrays must be same length"
      }
      axis.count = size
      axis.unhashableType = nil
      names = Array(repeating: nil, count: keepsNames ? size : 0)
    }
    if keepsNames { axis.names = .list(names) }
    return axis
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

  /// The keys of the object that is the next value, each once.
  static func readKeys(_ reader: inout JSONReader) throws(JSONError) -> [[UInt8]] {
    var keys: [[UInt8]] = []
    var known: Set<[UInt8]> = []
    try reader.enterObject()
    while let key = try reader.nextKey() {
      let bytes = key.makeBytes()
      if known.insert(bytes).inserted { keys.append(bytes) }
      try reader.skipValue()
    }
    return keys
  }
}

extension Axis {
  /// What rows or columns are looked up by; nil for one that nothing finds.
  func labels(_ model: ServedModel) -> [[UInt8]?] {
    switch names {
    case .none: Array(repeating: nil, count: count ?? 0)
    case .model: (0..<model.columnCount).map(model.names.bytes(ofColumn:))
    case .list(let names): names
    }
  }

  /// Which columns of the model columns of such names are: by name where the names are the
  /// model's, by position otherwise.
  func order(for model: ServedModel, isStrict: Bool) -> ColumnOrder {
    guard !isStrict, case .list(let names) = names else { return .model }
    let keys = names.compactMap { $0 }
    return keys.count == names.count ? model.order(of: keys) ?? .model : .model
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
      var first: [[UInt8]: Int] = [:]
      for (position, name) in names.enumerated() {
        guard let name else { continue }
        if let earlier = first[name] {
          copies.append((earlier, position))
        } else {
          first[name] = position
        }
      }
      return RecordsPlan(
        keys: KeyTable(model.names, fixed: names),
        order: order(for: model, isStrict: isStrict), isFixed: true, copies: copies)
    }
  }
}
