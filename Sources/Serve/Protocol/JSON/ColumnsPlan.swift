import TextCodec

/// What has to be known of an object of columns before its cells are read.
///
/// Source: `dict_to_mgr`, `_extract_index` and `_homogenize` of pandas.
struct ColumnsPlan {
  /// The keys, each once, in the order in which they first come.
  private(set) var keys = KeyIndex()
  /// Whether a key was left out because there are too many.
  private(set) var isFull = false
  /// For each key, the positions of the frame's columns that it fills.
  private(set) var targets: [[Int]] = []
  /// Positions of the frame that no key fills, or only one that is missing.
  private(set) var emptyColumns: [Int] = []

  /// The length of the lists; nil where there is none.
  private(set) var listSize: Int?
  private(set) var hasUnevenLists = false
  private(set) var hasObjects = false
  /// The keys of the columns that are objects, each once, column by column.
  private(set) var labels = KeyIndex()

  /// For each key, which of the members is its last: that one counts.
  private var lastMembers: [Int] = []

  /// Finds the keys of the object that is the next value, and the columns that they fill.
  init(_ reader: JSONReader, columns: Axis, _ model: ServedModel) throws(JSONError) {
    var reader = reader
    var member = 0
    try reader.enterObject()
    while let name = try reader.nextKey() {
      if let key = keys.insert(name, limit: model.names.keyLimit) {
        if key == lastMembers.count { lastMembers.append(member) }
        lastMembers[key] = member
      } else {
        isFull = true
      }
      member += 1
      try reader.skipValue()
    }
    guard columns != .none else {
      targets = (0..<keys.count).map { [$0] }
      return
    }
    targets = Array(repeating: [], count: keys.count)
    let labels = columns.labels(model)
    for column in 0..<labels.count {
      if let name = labels[column], let key = keys.number(of: name.span) {
        targets[key].append(column)
      } else {
        emptyColumns.append(column)
      }
    }
  }

  /// Finds out how many rows the columns have.
  ///
  /// - Parameter hasColumns: Whether the body lists the columns; pandas then takes a missing
  ///   value for a missing column.
  mutating func measure(_ reader: JSONReader, hasColumns: Bool) throws(JSONError) {
    var reader = reader
    var members = makeMembers()
    var labelsByKey: [Int: KeyIndex] = [:]
    try reader.enterObject()
    while try reader.nextKey() != nil {
      let key = members.next()
      guard let key, !targets[key].isEmpty else {
        try reader.skipValue()
        continue
      }
      switch try reader.peekKind() {
      case .array:
        let size = try Axis.elementCount(&reader)
        if let listSize, listSize != size { hasUnevenLists = true }
        listSize = size
      case .object:
        hasObjects = true
        labelsByKey[key] = try Axis.readKeys(&reader).keys
      case .null where hasColumns:
        try reader.readNull()
        leaveEmpty(key)
      case .number where hasColumns:
        if try reader.readDouble().isNaN { leaveEmpty(key) }
      default:
        try reader.skipValue()
      }
    }
    for key in keysByColumn { labelsByKey[key].map { labels.formUnion($0) } }
  }

  /// The keys that fill columns, in the order of the columns.
  private var keysByColumn: [Int] {
    targets.indices.filter { !targets[$0].isEmpty }.sorted { targets[$0][0] < targets[$1][0] }
  }

  private mutating func leaveEmpty(_ key: Int) {
    emptyColumns += targets[key]
    targets[key] = []
  }

  /// Tells of the members of the object, one after the other, which key they are of.
  struct Members {
    private let keys: [Int: Int]
    private var member = 0

    fileprivate init(_ lastMembers: [Int]) {
      var keys: [Int: Int] = [:]
      for (key, member) in lastMembers.enumerated() { keys[member] = key }
      self.keys = keys
    }

    /// The key of the next member; nil where another one of that key comes later.
    mutating func next() -> Int? {
      defer { member += 1 }
      return keys[member]
    }
  }

  func makeMembers() -> Members { Members(lastMembers) }
}
