import TextCodec

/// Reads `ctr_data`: tables by the JSON text of what they are about.
enum CatBoostJSONTables {
  @_lifetime(json: copy json)
  static func read(
    _ json: inout SourceJSONReader, _ meter: inout ReadingMeter
  ) throws(Fault) -> [CatBoostTableKey: CatBoostTable] {
    var tables: [CatBoostTableKey: CatBoostTable] = [:]
    if try json.peekKind() == .null {
      try json.readNull()
      return tables
    }
    try json.enterObject()
    while let name = try json.nextName() {
      let place = SourcePlace(offset: json.position, path: quoted(name))
      let key = try key(name, place)
      var table: CatBoostTable
      do {
        table = try readTable(&json, key.type, place)
      } catch {
        throw error.inside(place.path)
      }
      table.place.path = "\(CatBoostFileKey.tables.name).\(place.path)"
      guard tables.updateValue(table, forKey: key) == nil else {
        throw place.fault(.invalid, "there is another table of the same features and type")
      }
      meter.reached(json.position)
    }
    return tables
  }

  private static func key(
    _ name: String, _ place: SourcePlace
  ) throws(Fault) -> CatBoostTableKey {
    let bytes = Array(name.utf8)
    var key = CatBoostTableKey()
    do {
      var json = SourceJSONReader(bytes.span, in: 0..<bytes.count)
      try json.readMembers(requiring: [.elements, .type]) {
        (member: CatBoostIdentifierKey, json: inout SourceJSONReader) throws(Fault) in
        switch member {
        case .elements: try CatBoostJSONFeatures.readElements(&json, into: &key)
        case .type: key.type = try CatBoostJSONFeatures.readType(&json)
        }
      }
      try json.expectEnd()
    } catch {
      // Offsets in the name are none in the file.
      throw place.fault(error.code, "the name of the table: \(error.message)")
    }
    return key
  }

  @_lifetime(json: copy json)
  private static func readTable(
    _ json: inout SourceJSONReader, _ type: CatBoostStatisticType, _ place: SourcePlace
  ) throws(Fault) -> CatBoostTable {
    var records = Records(type)
    var denominator: Int32 = 0
    var stride: (value: Int, offset: Int) = (0, 0)
    try json.readMembers(requiring: [.records, .stride]) {
      (key: CatBoostTableJSONKey, json: inout SourceJSONReader) throws(Fault) in
      let offset = json.position
      switch key {
      case .counterDenominator:
        let value = try json.readInt()
        guard let exact = Int32(exactly: value) else {
          throw .integerOutOfRange(value, at: offset)
        }
        denominator = exact
      case .records: try records.read(&json)
      case .stride: stride = (try json.readInt(), offset)
      }
    }
    guard stride.value >= 2, stride.value == 1 + (records.width ?? stride.value - 1) else {
      throw Fault(
        .invalid, at: stride.offset, key: CatBoostTableJSONKey.stride.name,
        "the stride is \(stride.value), but records have \((records.width ?? 0) + 1) elements")
    }
    var table = records.table
    table.place = place
    table.counterDenominator = denominator
    if !type.isMean && !type.isCounter { table.classCount = stride.value - 1 }
    return table
  }

  /// Takes the flat list apart: a text, the key, begins a record, and numbers follow.
  private struct Records {
    private(set) var table = CatBoostTable()
    /// Numbers a record; nil before the first.
    private(set) var width: Int?
    private let type: CatBoostStatisticType
    /// Numbers read of the record; nil before the first.
    private var position: Int?
    private var isEmptyBucket = false

    init(_ type: CatBoostStatisticType) {
      self.type = type
    }

    @_lifetime(json: copy json)
    mutating func read(_ json: inout SourceJSONReader) throws(Fault) {
      try json.enterArray()
      while try json.nextElement() {
        let offset = json.position
        if try json.peekKind() == .string {
          try endRecord(at: offset)
          try readKey(&json)
        } else {
          try readNumber(&json)
        }
      }
      try endRecord(at: json.position)
    }

    private mutating func endRecord(at offset: Int) throws(Fault) {
      guard let position else { return }
      let expected = width ?? (type.isMean ? 2 : type.isCounter ? 1 : max(position, 1))
      guard position == expected else {
        throw Fault(
          .invalid, at: offset, key: CatBoostTableJSONKey.records.name,
          "a record of \(position) numbers; records of this table have \(expected)")
      }
      width = expected
    }

    @_lifetime(json: copy json)
    private mutating func readKey(_ json: inout SourceJSONReader) throws(Fault) {
      let offset = json.position
      let text = try json.readText()
      var end = 0
      guard let key = DecimalParser.parseUInt64(text.rawBytes, at: &end, grammar: .json),
        end == text.rawBytes.count
      else {
        throw Fault(
          .malformed, at: offset, key: CatBoostTableJSONKey.records.name,
          "\(quoted(text.makeString())) should be a hash: a whole number of 64 bits")
      }
      position = 0
      isEmptyBucket = key == CatBoostTable.emptyKey
      if !isEmptyBucket { table.keys.append(key) }
    }

    @_lifetime(json: copy json)
    private mutating func readNumber(_ json: inout SourceJSONReader) throws(Fault) {
      let offset = json.position
      guard let position else {
        throw Fault(
          .invalid, at: offset, key: CatBoostTableJSONKey.records.name,
          "the list should begin with a hash")
      }
      self.position = position + 1
      if isEmptyBucket { return try json.skipValue() }
      if type.isMean && position == 0 {
        table.sums.append(try json.readFloat())
        return
      }
      let value = try json.readInt()
      guard let count = Int32(exactly: value) else {
        throw .integerOutOfRange(value, at: offset)
      }
      table.counts.append(count)
    }
  }
}
