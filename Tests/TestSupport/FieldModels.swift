import TreeIR

extension SampleModels {
  /// Columns with the rules of PMML's fields, every kind of expression, votes, medians, and
  /// results with names and types.
  public static func fields() throws -> TreeModel {
    var builder = ModelBuilder(
      input: InputSchema(columns: fieldRules.map { InputColumn(name: $0, kind: .field($1)) }))
    builder.texts = ["", "red", "green", "été"]
    var results: [ResultField] = []
    for (number, expression) in expressions.enumerated() {
      let type: FieldType = number == expressions.count - 1 ? .string : .double
      let (value, hasFailed) = builder.compute(expression, type: type, name: "e\(number)")
      results.append(ResultField("e\(number)", type, slot: value))
      results.append(ResultField("failure of e\(number)", .boolean, slot: hasFailed))
    }
    let isPositive = builder.compare(.slot(0), .greater, .constant(0))
    let votes = builder.vote(
      [
        Vote.Ballot(2), Vote.Ballot(3, predicate: isPositive, weight: 0.5),
        Vote.Ballot(results[0].slot, weight: 2),
      ], classes: [1, 2], skipsMissing: true, precision: .float32)
    results.append(ResultField("elected", .string, slot: votes.lowerBound))
    results += votes.dropFirst().map { ResultField("share \($0)", .double, slot: $0) }
    for method in [Aggregate.Method.median, .weightedMedian] {
      let middle = builder.aggregate(
        method,
        [
          Aggregate.Segment(values: 0..<1, weight: 0.25),
          Aggregate.Segment(values: 1..<2, predicate: isPositive, weight: 3),
          Aggregate.Segment(values: 4..<5, weight: 0.5),
        ])
      results.append(ResultField("\(method)", .double, slot: middle.lowerBound))
    }
    builder.resultFields = results
    builder.outputs = [ModelOutput(.fields, slots: results.map(\.slot))]
    builder.statedResults = StatedResults(
      rowCount: 2,
      inputs: [
        StatedResults.Input(column: 0, cells: ["1.5", nil]),
        StatedResults.Input(column: 2, cells: ["red", "green"]),
      ],
      results: [
        StatedResults.Result(
          field: 0, texts: ["2.5", nil], precision: 1e-6, zeroThreshold: 1e-16)
      ])
    return try builder.build()
  }

  /// A column with each kind of rule.
  private static var fieldRules: [(String, FieldRules)] {
    var number = FieldRules(.double, .continuous)
    number.listed = [.init("-999", .missing), .init("13", .invalid)]
    number.intervals = [
      .init(lower: -100, upper: 100), .init(lower: 200, upper: .infinity, includesLower: false),
    ]
    (number.invalid, number.outliers) = (.asMissing, .asBound)
    (number.lowest, number.highest) = (-50, 50)
    var float = FieldRules(.float, .continuous)
    (float.missing, float.invalid) = (.replace("0.1"), .replace("0.2"))
    var color = FieldRules(.string, .categorical)
    color.listed = [.init("red", .valid), .init("green", .valid)]
    color.missing = .refuse()
    var free = FieldRules(.string, .categorical)
    (free.keepsTexts, free.invalid) = (true, .keep)
    var count = FieldRules(.integer, .ordinal)
    (count.outliers, count.missing) = (.asMissing, .refuse(later: "3"))
    return [
      ("number", number), ("float", float), ("color", color), ("free", free), ("count", count),
      ("flag", FieldRules(.boolean, .categorical)), ("day", FieldRules(.date, .ordinal)),
    ]
  }

  /// Each kind of expression; the last has a text.
  private static var expressions: [FieldExpression] {
    let number = FieldExpression.slot(0, .double, .continuous)
    let text = FieldExpression.slot(3, .string, .categorical)
    let one = FieldExpression.constant(.number(1, .integer))
    let sum = FieldExpression.apply(.init(.add, [number, one]))
    return [
      sum,
      .defined(number, where: 5),
      .apply(
        .init(
          .if, [.constant(.number(1, .boolean)), .marked(number, validWhere: 5)], defaultValue: "5",
          invalid: .asMissing)),
      .cast(.ifMissing(number, text: "7"), to: .integer, .continuous),
      .apply(
        .init(
          .divide, [one, number], mapMissingTo: "3", defaultValue: "4", invalid: .asMissing)),
      .call(
        .init(
          "twice", body: .apply(.init(.multiply, [.parameter(0), .parameter(1)])),
          arguments: [number, .constant(.number(2, .double))], mapMissingTo: "0",
          defaultValue: nil, invalid: .keep)),
      .rounded(number, .ceil),
      .normContinuous(
        .init(
          number, points: [.init(original: 0, normal: 0), .init(original: 10, normal: 1)],
          outliers: .asBound, ifMissing: 0.5)),
      .normDiscrete(text, equals: .string("été"), ifMissing: nil),
      .normDiscrete(number, equals: .number(3, .double), ifMissing: 1),
      .discretize(
        .init(
          number,
          bins: [
            .init(.init(lower: 0, upper: 1), text: "1"),
            .init(.init(lower: 1, upper: 9), text: "2"),
          ],
          defaultValue: "0", mapMissingTo: nil, type: .integer)),
      .mapValues(
        .init(
          keys: [.slot(2, .string, .categorical), .slot(4, .integer, .ordinal)],
          rows: [
            .init(keys: ["red", nil], result: "1"), .init(keys: ["green", "2"], result: nil),
          ],
          defaultValue: "9", mapMissingTo: "8", type: .double)),
      .textIndex(
        .init(
          text: text, term: .constant(.string("red")), weights: .logarithmic,
          isCaseSensitive: true, maxLevenshteinDistance: 1, countHits: .bestHits,
          pattern: "\\s+", patternIsOfWords: false,
          normalizations: [
            .init(
              rows: [.init(text: "r.d", stem: "red", isRegex: true)], isRecursive: true,
              isCaseSensitive: false)
          ])),
      .apply(
        .init(
          .lessThan,
          [.ordered(.slot(4, .integer, .ordinal), [.number(2, .integer), .missing]), one])),
      .apply(.init(.concat, [text, .constant(.string("!"))])),
    ]
  }
}
