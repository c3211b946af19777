import Evaluator
import TreeIR

/// The rows of a benchmark: those of a file, or random ones.
struct BenchRows {
  /// Row-major.
  private(set) var values: [Double] = []
  private(set) var rowCount = 0
  let columnCount: Int
  /// The same rows as text, if calls are to encode them.
  private(set) var text: TextRows?

  /// Rows that random data has at least, so that single rows are not all in the nearest cache.
  private static let fewestRandomRows = 1000

  /// - Parameters:
  ///   - count: Rows that the largest batch needs; those of a file are repeated.
  ///   - asText: Whether to keep the text of the cells; there is none of random rows.
  init(
    _ path: String?, _ columns: ColumnOptions, _ model: TreeModel, count: Int, asText: Bool
  ) throws {
    columnCount = model.input.count
    if let path, asText {
      var text = try TextRows(path, columns, model)
      guard text.rowCount > 0 else { throw Failure("\(path) has no rows") }
      text.fill(count)
      rowCount = text.rowCount
      values = [Double](repeating: 0, count: rowCount * columnCount)
      try text.encode(0..<rowCount, with: RowEncoder(model), into: &values)
      self.text = text
    } else if let path {
      var reader = try RowReader(
        path, columns: columns.order,
        predictor: Predictor(model, engines: EngineOptions(preparation: .onDemand)))
      var batch = reader.makeBatch()
      while try reader.read(into: &batch, limit: 1024) {
        values += batch.values
        rowCount += batch.rowCount
      }
      for note in reader.notes { Terminal.say(note) }
      guard rowCount > 0 else { throw Failure("\(path) has no rows") }
      let own = rowCount
      while rowCount < count {
        let first = rowCount % own * columnCount
        values += Array(values[first..<first + columnCount])
        rowCount += 1
      }
    } else {
      addRandomRows(max(count, Self.fewestRandomRows), model)
    }
  }

  /// Values between the thresholds of each column, so that rows go all ways; one in twenty is
  /// missing.
  private mutating func addRandomRows(_ count: Int, _ model: TreeModel) {
    let values = ColumnValues(model)
    var random = SplitMix(state: 1)
    self.values.reserveCapacity(count * columnCount)
    for _ in 0..<count {
      for column in 0..<columnCount {
        let isMissing = random.next() % 20 == 0
        self.values.append(isMissing ? .nan : values.random(column, &random))
      }
    }
    rowCount = count
  }
}

/// The numbers that a model's splits compare a column with.
private struct ColumnValues {
  private var thresholds: [[Double]]
  private var categories: [Int]
  /// Whether the column holds hashes of text.
  private let isHashed: [Bool]

  /// Thresholds that are kept of a column.
  private static let limit = 1024

  init(_ model: TreeModel) {
    thresholds = [[Double]](repeating: [], count: model.input.count)
    categories = [Int](repeating: 0, count: model.input.count)
    isHashed = model.input.columns.map { if case .hashedText = $0.kind { true } else { false } }
    for ensemble in model.ensembles {
      for index in 0..<ensemble.splits.count {
        guard let split = ensemble.splits[index], split.slot < model.input.count else { continue }
        switch split.operand {
        case .threshold(let threshold):
          if thresholds[split.slot].count < Self.limit, threshold.isFinite {
            thresholds[split.slot].append(threshold)
          }
        case .categorySet(let set):
          categories[split.slot] = max(
            categories[split.slot], ensemble.categorySets.capacity(ofSet: set))
        }
      }
    }
    for column in thresholds.indices { thresholds[column].sort() }
  }

  func random(_ column: Int, _ random: inout SplitMix) -> Double {
    if isHashed[column] { return Double(Int32(truncatingIfNeeded: random.next())) }
    if categories[column] > 0 {
      return Double(random.next() % UInt64(categories[column]))
    }
    let thresholds = thresholds[column]
    guard !thresholds.isEmpty else { return random.unit() }
    let place = Int(random.next() % UInt64(thresholds.count + 1))
    let low = place > 0 ? thresholds[place - 1] : thresholds[0] - 1
    let high = place < thresholds.count ? thresholds[place] : thresholds[place - 1] + 1
    return low + (high - low) * random.unit()
  }
}

/// Sebastiano Vigna's SplitMix64: the same rows in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From 0 to 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
