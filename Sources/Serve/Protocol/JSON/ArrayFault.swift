import TextCodec

/// What is wrong with a value of `instances` or `inputs` that is not rows of cells.
///
/// MLflow hands objects and lists of objects on as they are, and LightGBM takes neither; on
/// the way NumPy may find lists that are no array.
enum ArrayFault {
  /// What is no input, in MLflow's words.
  case invalid(String)
  /// An exception that MLflow reports by its Python form.
  case exception(String)
  /// What the model's library does not take.
  case refused(String)

  func error(isStrict: Bool) -> ScoringError {
    switch self {
    case .invalid(let reason): .invalidInput(reason)
    case .exception(let exception):
      .invalidInput(
        "Ensure that the input is a valid JSON-formatted string.\nError: \(exception)")
    case .refused(let reason): .unexpected(reason, isStrict: isStrict)
    }
  }

  /// Reads the value and finds what is wrong.
  static func find(
    _ reader: inout JSONReader, isInstances: Bool, names: ColumnNames
  ) throws(JSONError) -> ArrayFault {
    switch try reader.peekKind() {
    case .object:
      return try inColumns(&reader, isInstances: isInstances, names)
    case .array:
      var ahead = reader
      try ahead.enterArray()
      guard try ahead.nextElement() else {
        try reader.skipValue()
        return .refused("There are no rows.")
      }
      let isRecord = try ahead.peekKind() == .object
      if isRecord && isInstances { return try inInstances(&reader, names) }
      if isRecord, let fault = try inRecords(reader, names) {
        try reader.skipValue()
        return fault
      }
      return try inArray(&reader)
    case .string, .number, .bool, .null:
      try reader.skipValue()
      return .refused("One value alone is no row; rows are a list of lists of numbers.")
    }
  }

  /// Lists, and cells among them.
  private static func inArray(_ reader: inout JSONReader) throws(JSONError) -> ArrayFault {
    let shape = try ArrayShape(&reader)
    if let error = shape.error { return .invalid(error) }
    return .refused(
      "The array has \(shape.sizes.count) dimensions; rows are a list of lists of numbers.")
  }

  /// An object of columns.
  private static func inColumns(
    _ reader: inout JSONReader, isInstances: Bool, _ names: ColumnNames
  ) throws(JSONError) -> ArrayFault {
    var members = ShapesByKey(limit: names.keyLimit)
    try members.read(&reader)
    if members.isFull { return tooManyKeys(names) }
    let shapes = members.last.compactMap { members.shapes[$0] }
    for shape in shapes { if let error = shape.error { return .invalid(error) } }
    if isInstances {
      for shape in shapes {
        guard let size = shape.sizes.first else {
          return .exception("TypeError('len() of unsized object')")
        }
        if size != shapes[0].sizes[0] { return unevenLengths }
      }
    }
    return .refused("The rows are given by column; rows are a list of lists of numbers.")
  }

  private static let unevenLengths = ArrayFault.invalid(
    "The length of values for each input/column name are not the same")

  /// A list of `instances` that begins with an object: MLflow turns it into columns.
  private static func inInstances(
    _ reader: inout JSONReader, _ names: ColumnNames
  ) throws(JSONError) -> ArrayFault {
    var members = ShapesByKey(limit: names.keyLimit)
    var columns: [(sizes: [Int], count: Int, isUneven: Bool)] = []
    var fault: ArrayFault?
    try reader.enterArray()
    while try reader.nextElement() {
      guard fault == nil, try reader.peekKind() == .object else {
        let type = try PythonValue.typeName(ofNext: reader)
        fault =
          fault
          ?? .exception("AttributeError(\"'\(type)' object has no attribute 'items'\")")
        try reader.skipValue()
        continue
      }
      try members.read(&reader)
      if members.isFull { fault = tooManyKeys(names) }
      for key in members.last {
        guard let shape = members.shapes[key] else { continue }
        if let error = shape.error { fault = fault ?? .invalid(error) }
        if key == columns.count { columns.append((shape.sizes, 0, false)) }
        columns[key].count += 1
        columns[key].isUneven = columns[key].isUneven || columns[key].sizes != shape.sizes
      }
    }
    if let fault { return fault }
    for column in columns where column.isUneven {
      return .exception(
        "ValueError('setting an array element with a sequence. The requested array has an "
          + "inhomogeneous shape after 1 dimensions. The detected shape was "
          + "(\(column.count),) + inhomogeneous part.')")
    }
    if columns.contains(where: { $0.count != columns[0].count }) { return unevenLengths }
    return recordsRefused
  }

  /// `inputs` that are a list of objects; nil if it has anything else in it.
  private static func inRecords(
    _ reader: JSONReader, _ names: ColumnNames
  ) throws(JSONError) -> ArrayFault? {
    var reader = reader
    var members = ShapesByKey(limit: names.keyLimit)
    var fault: ArrayFault?
    try reader.enterArray()
    while try reader.nextElement() {
      guard try reader.peekKind() == .object else { return nil }
      try members.read(&reader)
      if members.isFull { fault = fault ?? tooManyKeys(names) }
      for key in members.last {
        if let error = members.shapes[key]?.error { fault = fault ?? .invalid(error) }
      }
    }
    return fault ?? recordsRefused
  }

  private static let recordsRefused = ArrayFault.refused(
    "The rows are objects; send them as dataframe_records, or as lists of numbers.")

  private static func tooManyKeys(_ names: ColumnNames) -> ArrayFault {
    .refused("Of columns, \(names.tooManyKeys).")
  }
}

/// The shapes of the values of objects that mostly have the same keys.
private struct ShapesByKey {
  private var keys = KeyIndex()
  /// By the number of the key; of the last value, where a key comes twice.
  private(set) var shapes: [ArrayShape?] = []
  /// The numbers of the keys of the object that was read last, each once.
  private(set) var last: [Int] = []
  /// Whether a key was left out because there are too many.
  private(set) var isFull = false
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Reads the object that is the next value.
  mutating func read(_ reader: inout JSONReader) throws(JSONError) {
    for key in last { shapes[key] = nil }
    last.removeAll(keepingCapacity: true)
    try reader.enterObject()
    while let name = try reader.nextKey() {
      let key = keys.insert(name, limit: limit)
      let shape = try ArrayShape(&reader)
      guard let key else {
        isFull = true
        continue
      }
      if key == shapes.count { shapes.append(nil) }
      if shapes[key] == nil { last.append(key) }
      shapes[key] = shape
    }
  }
}
