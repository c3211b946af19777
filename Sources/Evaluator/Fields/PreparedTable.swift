import TreeIR

/// The table of a MapValues, each column of keys hashed.
struct PreparedTable: Sendable {
  /// A value as the key of a table.
  private enum Key: Hashable, Sendable {
    case number(NumberKey)
    case text(ByteKey)

    init(_ content: FieldValue.Content) {
      switch content {
      case .missing: self = .number(NumberKey(.nan))
      case .integer(let number): self = .number(NumberKey(Double(number)))
      case .float(let number): self = .number(NumberKey(Double(number)))
      case .double(let number): self = .number(NumberKey(number))
      case .boolean(let truth): self = .number(NumberKey(truth ? 1 : 0))
      case .text(let text): self = .text(ByteKey(text))
      case .moment(let number, _): self = .number(NumberKey(number))
      }
    }
  }

  /// The rows that a key leads to, ascending, or why the column cannot be looked at.
  private enum Column: Sendable {
    case rows([Key: [Int]])
    case refusal(FieldRefusal)
  }

  private let rows: [FieldExpression.MapValues.Row]
  /// One a key, nil where the type of values is only known when they come.
  private let columns: [Column?]
  private let results: [PreparedResult]
  private let other: PreparedResult
  private let missing: PreparedResult

  init(_ map: FieldExpression.MapValues, types: [FieldType?]) {
    rows = map.rows
    columns = types.indices.map { position in
      types[position].map { Self.column(map.rows, position, $0) }
    }
    results = map.rows.map { row in
      row.result.map { PreparedResult($0, map.type) }
        ?? .refusal(FieldRefusal(.model, "the table has no result in the row that is found"))
    }
    other = PreparedResult(map.defaultValue, map.type)
    missing = PreparedResult(map.mapMissingTo, map.type)
  }

  private static func column(
    _ rows: [FieldExpression.MapValues.Row], _ position: Int, _ type: FieldType
  ) -> Column {
    var table: [Key: [Int]] = [:]
    for (row, content) in rows.enumerated() {
      guard let text = content.keys[position] else { continue }
      do throws(FieldRefusal) {
        table[Key(try FieldValue(text, as: type).content), default: []].append(row)
      } catch {
        return .refusal(error)
      }
    }
    if table.isEmpty {
      return .refusal(FieldRefusal(.model, "the table lacks a column that is looked up"))
    }
    return .rows(table)
  }

  func callAsFunction(_ values: [FieldValue]) throws(FieldRefusal) -> FieldValue {
    if values.contains(where: \.isMissing) { return try missing.value() }
    var found: [Int]?
    for (position, value) in values.enumerated() {
      guard let type = value.type else { continue }
      let column = columns[position] ?? Self.column(rows, position, type)
      switch column {
      case .refusal(let refusal): throw refusal
      case .rows(let table):
        let rows = table[Key(value.content)] ?? []
        found = found.map { found in found.filter { rows.contains($0) } } ?? rows
      }
      if found?.isEmpty == true { break }
    }
    guard let found, let row = found.first else { return try other.value() }
    if found.count > 1 {
      throw FieldRefusal(.model, "several rows of the table have the values that are looked up")
    }
    return try results[row].value()
  }
}

/// A text as the key of a table, to the byte.
struct ByteKey: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ByteKey, right: ByteKey) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
