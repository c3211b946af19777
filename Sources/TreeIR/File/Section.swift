/// What a section of a `.tir` file holds. Numbers are never reused.
enum SectionID: UInt32, CaseIterable {
  case provenance = 0x001
  case input = 0x002
  case graph = 0x003
  case outputs = 0x004
  case attributes = 0x005
  case inputNames = 0x006
  case texts = 0x007
  case resultFields = 0x008
  case statedResults = 0x009

  case verification = 0x010
  case verificationInputs = 0x011
  case verificationAnswers = 0x012

  case ensemble = 0x100
  case treeSplitStarts = 0x101
  case treeLeafStarts = 0x102
  case treeOutputs = 0x103
  case treeWeights = 0x104
  case iterationStarts = 0x105
  case splitSlots = 0x110
  case splitConditions = 0x111
  case splitMissingRules = 0x112
  case splitOperands = 0x113
  case splitGains = 0x114
  case leftChildren = 0x120
  case rightChildren = 0x121
  case nodeCovers = 0x122
  case nodeNativeIDs = 0x123
  case leafValues = 0x130
  case leafCovers = 0x131
  case leafNativeIDs = 0x132
  case linearConstants = 0x140
  case linearTermStarts = 0x141
  case linearTermSlots = 0x142
  case linearTermCoefficients = 0x143
  case categorySetStarts = 0x150
  case categorySetWords = 0x151

  case statisticTable = 0x200
  case statisticKeys = 0x201
  case statisticCounts = 0x202
  case statisticSums = 0x203
  case categoryTextHashes = 0x210
  case categoryTextStarts = 0x211
  case categoryTextBytes = 0x212

  /// Whether a reader that does not know the section must refuse the file, because the
  /// scores would not be the same without it.
  var isRequired: Bool {
    switch self {
    case .provenance, .attributes, .inputNames, .verification, .verificationInputs,
      .verificationAnswers, .statedResults, .splitGains,
      .nodeCovers, .leafCovers, .categoryTextHashes, .categoryTextStarts, .categoryTextBytes:
      false
    default: true
    }
  }
}

/// What a section is written from.
protocol SectionContent {
  var byteCount: Int { get }
  func withBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure)
}

extension Column: SectionContent {
  var byteCount: Int { count * MemoryLayout<Element>.stride }

  // Memory order is file order: every platform that Swift supports here is little-endian.
  func withBytes<Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    try span.withUnsafeBytes { (bytes) throws(Failure) in try body(bytes) }
  }
}

/// The sections of a file in the order in which they are written.
struct SectionList {
  struct Entry {
    let id: SectionID
    let instance: Int
    let content: any SectionContent
  }

  private(set) var entries: [Entry] = []

  /// Adds a column; an empty one is left out.
  mutating func add<Element>(_ id: SectionID, _ instance: Int = 0, _ column: Column<Element>) {
    if !column.isEmpty { entries.append(Entry(id: id, instance: instance, content: column)) }
  }

  /// Adds records.
  mutating func add(
    _ id: SectionID, _ instance: Int = 0, _ body: (inout RecordWriter) -> Void
  ) {
    var writer = RecordWriter()
    body(&writer)
    add(id, instance, Column(writer.bytes))
  }
}
