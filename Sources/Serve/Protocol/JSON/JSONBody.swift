import TextCodec

extension JSONFrameReader {
  /// The fields of a body in which rows can come.
  private enum Field {
    case split
    case records
    case instances
    case inputs

    var name: String {
      switch self {
      case .split: "dataframe_split"
      case .records: "dataframe_records"
      case .instances: "instances"
      case .inputs: "inputs"
      }
    }
  }

  /// Reads a body: an object with one field that holds rows. Of keys that come twice the last
  /// one counts, other keys are passed over, and `params` with them, which only models with a
  /// schema of parameters look at.
  mutating func readBody(_ reader: inout JSONReader) throws(JSONError) {
    guard try reader.peekKind() == .object else {
      let type = try PythonValue.typeName(ofNext: reader)
      note(.noFields(type == "list" ? "a list" : "unexpected input type '<class '\(type)'>"))
      try reader.skipValue()
      return try reader.expectEnd()
    }
    var fields: [Field] = []
    var isForLanguageModel = false
    // Of a field that comes again and again only the first and the last value are read.
    var last = reader
    var isRepeated = false
    try reader.enterObject()
    while let key = try reader.nextKey() {
      let field: Field
      switch key {
      case "dataframe_split": field = .split
      case "dataframe_records": field = .records
      case "instances": field = .instances
      case "inputs": field = .inputs
      case "messages", "prompt", "input":
        isForLanguageModel = true
        try reader.skipValue()
        continue
      default:
        try reader.skipValue()
        continue
      }
      if fields.contains(field) {
        last = reader
        isRepeated = true
        try reader.skipValue()
      } else {
        fields.append(field)
        try read(field, &reader)
      }
    }
    try reader.expectEnd()
    if isRepeated, fields.count == 1 { try read(fields[0], &last) }
    if isForLanguageModel {
      restart()
      note(
        .unexpected(
          "A body with the key messages, prompt or input is meant for a language model.",
          isStrict: isStrict))
    } else if fields.count != 1 {
      restart()
      note(.wrongFields(fields.map(\.name)))
    }
  }

  private mutating func read(_ field: Field, _ reader: inout JSONReader) throws(JSONError) {
    let start = reader
    encodedColumns = model.isEncoded
    encodes =
      model.hasEncodedColumns
      && (model.rules.readsObjects || !isStrict && !model.rules.framesHoldCodes)
    try readOnce(field, &reader)
    guard container == .frame, problem == nil else { return }
    if model.rules.readsObjects, hasInfiniteIntegers {
      numberPass = .refusesInfiniteIntegers
      reader = start
      try readOnce(field, &reader)
      numberPass = nil
    }
    if needsAnotherPass() {
      reader = start
      try readOnce(field, &reader)
      numberPass = nil
    }
    // Without columns there is nothing that XGBoost could count.
    if frame.columnCount == 0, model.rules.takesEmptyFrames { frame.rowCount = 0 }
  }

  private mutating func readOnce(
    _ field: Field, _ reader: inout JSONReader
  ) throws(JSONError) {
    restart()
    container = .frame
    switch field {
    case .split: try readSplitField(&reader)
    case .records: try readRecordsField(&reader)
    case .instances: try readArrayField(&reader, isInstances: true)
    case .inputs: try readArrayField(&reader, isInstances: false)
    }
    noteForms()
  }
}
