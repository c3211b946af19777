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
    _ reader: inout JSONReader, isInstances: Bool
  ) throws(JSONError) -> ArrayFault {
    switch try reader.peekKind() {
    case .object:
      return try inColumns(&reader, isInstances: isInstances)
    case .array:
      var ahead = reader
      try ahead.enterArray()
      guard try ahead.nextElement() else {
        try reader.skipValue()
        return .refused("There are no rows.")
      }
      let isRecord = try ahead.peekKind() == .object
      if isRecord && isInstances { return try inInstances(&reader) }
      if isRecord, let fault = try inRecords(reader) {
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
    _ reader: inout JSONReader, isInstances: Bool
  ) throws(JSONError) -> ArrayFault {
    var keys: [[UInt8]: Int] = [:]
    var shapes: [ArrayShape] = []
    try reader.enterObject()
    while let key = try reader.nextKey() {
      let bytes = key.makeBytes()
      let shape = try ArrayShape(&reader)
      if let position = keys[bytes] {
        shapes[position] = shape
      } else {
        keys[bytes] = shapes.count
        shapes.append(shape)
      }
    }
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
  private static func inInstances(_ reader: inout JSONReader) throws(JSONError) -> ArrayFault {
    var columns: [[UInt8]: (sizes: [Int], count: Int, isUneven: Bool)] = [:]
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
      for (key, shape) in try shapes(&reader) {
        if let error = shape.error { fault = fault ?? .invalid(error) }
        var column = columns[key] ?? (shape.sizes, 0, false)
        column.count += 1
        column.isUneven = column.isUneven || column.sizes != shape.sizes
        columns[key] = column
      }
    }
    if let fault { return fault }
    for column in columns.values where column.isUneven {
      return .exception(
        "ValueError('setting an array element with a sequence. The requested array has an "
          + "inhomogeneous shape after 1 dimensions. The detected shape was "
          + "(\(column.count),) + inhomogeneous part.')")
    }
    if Set(columns.values.map(\.count)).count > 1 { return unevenLengths }
    return recordsRefused
  }

  /// `inputs` that are a list of objects; nil if it has anything else in it.
  private static func inRecords(_ reader: JSONReader) throws(JSONError) -> ArrayFault? {
    var reader = reader
    var fault: ArrayFault?
    try reader.enterArray()
    while try reader.nextElement() {
      guard try reader.peekKind() == .object else { return nil }
      for (_, shape) in try shapes(&reader) {
        if let error = shape.error { fault = fault ?? .invalid(error) }
      }
    }
    return fault ?? recordsRefused
  }

  private static let recordsRefused = ArrayFault.refused(
    "The rows are objects; send them as dataframe_records, or as lists of numbers.")

  /// The shapes of an object's values, the last one of each key.
  private static func shapes(
    _ reader: inout JSONReader
  ) throws(JSONError) -> [[UInt8]: ArrayShape] {
    var shapes: [[UInt8]: ArrayShape] = [:]
    try reader.enterObject()
    while let key = try reader.nextKey() {
      shapes[key.makeBytes()] = try ArrayShape(&reader)
    }
    return shapes
  }
}
