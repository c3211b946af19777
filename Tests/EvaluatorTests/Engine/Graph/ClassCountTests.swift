import Testing
import TreeIR

@testable import Evaluator

/// The operations that put together what segments say of classes.
@Suite struct ClassCountTests {
  /// Results of a graph over columns of numbers, by the book and by the engines.
  private static func results(
    _ columns: Int, _ rows: [[Double]], _ build: (inout ModelBuilder) -> Range<Int>
  ) throws -> [[Double?]] {
    var builder = ModelBuilder(
      input: InputSchema(
        columns: (0..<columns).map { InputColumn(name: "c\($0)", kind: .numeric) }))
    let slots = build(&builder)
    builder.outputs = [ModelOutput(.raw, slots: Array(slots))]
    let built = try builder.build()
    let stored = try TreeModel(tirBytes: built.tirBytes().span)
    #expect(stored.operations == built.operations)
    var all: [[[Double?]]] = []
    for predictor in [Predictor.reference(stored), Predictor(built)] {
      var workspace = predictor.makeWorkspace()
      let numbers = rows.flatMap { $0 }
      let scored = try Scored(predictor, numbers[...], count: rows.count, .raw, &workspace)
      let values = scored.bits.map { Double(bitPattern: $0) }
      all.append(
        rows.indices.map { row in
          values[row * slots.count..<(row + 1) * slots.count].map { $0.isNaN ? nil : $0 }
        })
    }
    #expect(all[0] == all[1])
    return all[0]
  }

  // MARK: Votes

  private static func votes(
    _ rows: [[Double]], weights: [Double] = [1, 1, 1], skipsMissing: Bool = false
  ) throws -> [[Double?]] {
    try results(3, rows) { builder in
      builder.vote(
        weights.enumerated().map { Vote.Ballot($0, weight: $1) }, classes: [10, 20],
        skipsMissing: skipsMissing)
    }
  }

  @Test func `The class with the most votes wins, and the first of those that have as many`() throws
  {
    let found = try Self.votes([[10, 20, 20], [20, 10, 30], [30, 10, 20]])
    #expect(found[0] == [20, 1.0 / 3, 2.0 / 3])
    #expect(found[1] == [20, 1.0 / 3, 1.0 / 3])
    #expect(found[2] == [30, 1.0 / 3, 1.0 / 3])
  }

  @Test func `Votes have weights`() throws {
    let found = try Self.votes([[10, 20, 20], [20, 10, 30]], weights: [3, 1, 1])
    #expect(found == [[10, 0.6, 0.4], [20, 0.2, 0.6]])
  }

  @Test func `Missing votes count against a class that has fewer`() throws {
    let rows: [[Double]] = [[10, .nan, .nan], [10, 10, .nan], [.nan, .nan, .nan]]
    #expect(try Self.votes(rows) == [[nil, nil, nil], [10, 1, 0], [nil, nil, nil]])
    #expect(
      try Self.votes(rows, skipsMissing: true) == [[10, 1, 0], [10, 1, 0], [nil, nil, nil]])
  }

  // MARK: Consensus

  /// Three segments with two shares and two places each; their predicates are three more columns.
  private static func consensus(
    _ method: Consensus.Method, _ rows: [[Double]], weights: [Double] = [1, 1, 1],
    candidates: [Int] = [0, 1]
  ) throws -> [[Double?]] {
    try results(15, rows) { builder in
      var segments: [Consensus.Segment] = []
      for (number, weight) in weights.enumerated() {
        let first = 4 * number
        let isCast = builder.compare(.slot(12 + number), .equal, .constant(1))
        segments.append(
          Consensus.Segment(
            shares: [first, first + 1], places: [first + 2, first + 3], predicate: isCast,
            weight: weight))
      }
      return builder.consensus(method, segments, classes: [10, 20], candidates: candidates)
    }
  }

  private static let usual: [Double] = [0, 1]
  private static let turned: [Double] = [1, 0]

  private static func row(_ shares: [(Double, Double)], _ places: [[Double]]) -> [Double] {
    zip(shares, places).flatMap { [$0.0, $0.1] + $1 } + [1, 1, 1]
  }

  @Test func `An average is weighted, and the class that is met first wins a tie`() throws {
    let rows = [
      Self.row([(0.5, 0.5), (0.25, 0.75), (0.75, 0.25)], [Self.usual, Self.usual, Self.turned]),
      Self.row([(0.5, 0.5), (0.25, 0.75), (0.75, 0.25)], [Self.turned, Self.usual, Self.turned]),
    ]
    #expect(try Self.consensus(.average, rows) == [[10, 0.5, 0.5], [20, 0.5, 0.5]])
    #expect(
      try Self.consensus(.average, rows, weights: [1, 2, 1])
        == [[20, 0.4375, 0.5625], [20, 0.4375, 0.5625]])
  }

  @Test func `Segments that take no part do not count`() throws {
    var row = Self.row(
      [(0.5, 0.5), (0.25, 0.75), (0.75, 0.25)], [Self.usual, Self.usual, Self.usual])
    row[12] = 0
    var none = row
    (none[13], none[14]) = (0, 0)
    var gap = row
    (gap[4], gap[5], gap[6], gap[7]) = (.nan, .nan, .nan, .nan)
    let found = try Self.consensus(.average, [row, none, gap])
    #expect(found == [[10, 0.5, 0.5], [nil, nil, nil], [nil, nil, nil]])
  }

  @Test func `The largest and the middle share choose segments`() throws {
    let row = Self.row(
      [(0.625, 0.375), (0.125, 0.875), (0.5, 0.5)], [Self.usual, Self.usual, Self.usual])
    #expect(try Self.consensus(.maximum, [row]) == [[20, 0.125, 0.875]])
    #expect(try Self.consensus(.median, [row]) == [[10, 0.5, 0.5]])
    // Only those that are named may win.
    #expect(try Self.consensus(.maximum, [row], candidates: [0]) == [[10, 0.625, 0.375]])
    #expect(try Self.consensus(.maximum, [row], candidates: []) == [[nil, nil, nil]])
  }

  @Test func `Places in a list of those that know a class are places in the list of all`() throws {
    let row = Self.row(
      [(1, 0), (0.125, 0.875), (0.5, 0.5)], [[0, .nan], Self.usual, Self.usual])
    // The second segment is the first that knows class 20.
    #expect(try Self.consensus(.maximum, [row], candidates: [1]) == [[10, 1, 0]])
  }
}
