import Evaluator
import TreeIR

/// A model that is ready to be served: what its requests share, computed once.
///
/// A signature and a schema of parameters will lie here, next to the names. It is a
/// class because requests hand it on a lot, and a `Predictor` has many parts to copy.
public final class ServedModel: Sendable {
  /// Scores rows of numbers.
  public let predictor: Predictor
  /// What is answered.
  let output: PredictionOutput
  let encoder: RowEncoder
  let rules: LibraryRules
  let names: ColumnNames
  /// Where columns go, for a library that finds them by name.
  let bodyColumns: BodyColumns?
  /// How many numbers the model has for a row.
  let resultWidth: Int
  /// The classes as JSON, where labels are answered.
  let labels: [[UInt8]]
  /// What a record is made of, where the answer is records.
  let members: [ResultMember]
  /// For each column, whether its cells may be values of a dictionary or texts to hash; where
  /// there are ``bodyColumns``, for each of their places.
  let isEncoded: [Bool]
  /// Whether any column is.
  let hasEncodedColumns: Bool
  /// Whether any column has texts to hash.
  let hasHashedColumns: Bool
  /// Where numbers in frames are codes, which of them may be categories.
  let ambiguous: AmbiguousCategories

  /// Models of so many splits are prepared before the first request, in about a second, because
  /// what is measured at the start is to hold later; larger ones are prepared while requests are
  /// answered.
  private static let splitsToWaitFor = 1_000_000

  /// Prepares a model, of which is answered what it names itself, or else the prediction.
  ///
  /// - Parameters:
  ///   - model: What is to be scored.
  ///   - engines: How; models that are not large are prepared at once.
  public convenience init(_ model: TreeModel, engines: EngineOptions = EngineOptions()) {
    // Every model has a prediction: the validator asks for it.
    let output = PredictionOutput.usual(for: model)
    self.init(model, output, engines) { predictor in
      (try? predictor.columnCount(of: output)) ?? 0
    }
  }

  /// Prepares a model of which something else than the prediction is answered.
  ///
  /// - Parameters:
  ///   - model: What is to be scored.
  ///   - output: What is answered; labels as the library's classifiers give them.
  ///   - engines: How; models that are not large are prepared at once.
  /// - Throws: `PredictionError` when the model has no such output.
  public convenience init(
    _ model: TreeModel, output: PredictionOutput, engines: EngineOptions = EngineOptions()
  ) throws(PredictionError) {
    try self.init(model, output, engines) { predictor throws(PredictionError) in
      try predictor.columnCount(of: output)
    }
  }

  private init<Failure: Error>(
    _ model: TreeModel, _ output: PredictionOutput, _ engines: EngineOptions,
    width: (Predictor) throws(Failure) -> Int
  ) throws(Failure) {
    let splits = model.ensembles.reduce(0) { $0 + $1.splits.count }
    var engines = engines
    if splits <= Self.splitsToWaitFor { engines.preparation = .immediate }
    predictor = Predictor(model, engines: engines)
    self.output = output
    labels = output == .label ? model.classLabels.map(PythonJSON.text) : []
    members = output == .fields ? ResultMember.members(of: model.resultFields) : []
    encoder = predictor.makeRowEncoder()
    rules = LibraryRules(model)
    names = ColumnNames(model)
    resultWidth = try width(predictor)
    bodyColumns = rules.readsObjects ? BodyColumns(model) : nil
    isEncoded =
      bodyColumns?.holdsCategories
      ?? model.input.columns.map { column in
        switch column.kind {
        case .numeric, .categoryCodes, .ignored: false
        case .dictionary, .hashedText, .field: true
        }
      }
    hasEncodedColumns = isEncoded.contains(true)
    hasHashedColumns = model.input.columns.contains { column in
      if case .hashedText = column.kind { true } else { false }
    }
    ambiguous = AmbiguousCategories(rules.framesHoldCodes ? model.input.columns : [])
  }

  var columns: [InputColumn] { predictor.model.input.columns }
  var columnCount: Int { names.count }

  /// Whether rows of `count` columns can be scored.
  func takes(columnCount count: Int) -> Bool {
    // Which of them are the model's is known by then.
    if rules.readsFields { return true }
    if let bodyColumns { return (bodyColumns.minimumWidth...names.keyLimit).contains(count) }
    return count == columnCount || (rules.takesNarrowRows && count < columnCount)
  }

  /// The order of columns called `keys`, if those are the model's names in any order; see
  /// `ColumnMatch` for when two names are the same.
  ///
  /// - Parameter isStrict: Whether only the model's library is asked.
  func order(of keys: [[UInt8]], isStrict: Bool) -> ColumnOrder? {
    if let bodyColumns, bodyColumns.areFoundByName(keys, in: names) {
      return bodyColumns.order(of: keys, in: names, isStrict: isStrict)
    }
    if isStrict { return nil }
    guard keys.count == columnCount else { return nil }
    guard let columns = names.columns(called: keys) ?? columnsByMatch(keys) else { return nil }
    return columns.elementsEqual(columns.indices) ? .model : .permuted(columns)
  }

  /// Finds the columns also where a blank stands for an underscore.
  private func columnsByMatch(_ keys: [[UInt8]]) -> [Int]? {
    let blank = UInt8(ascii: " ")
    guard keys.contains(where: { $0.contains(blank) }) else { return nil }
    let texts = keys.map { String(decoding: $0, as: UTF8.self) }
    guard let match = try? ColumnMatch(texts, to: predictor.model) else { return nil }
    var columns = [Int](repeating: 0, count: columnCount)
    for (column, position) in match.positions.enumerated() { columns[position] = column }
    return columns
  }
}

extension PredictionOutput {
  /// What is answered unless somebody asks for something else: what the model names itself, or
  /// the prediction.
  public static func usual(for model: TreeModel) -> PredictionOutput {
    model.resultFields.isEmpty ? .prediction : .fields
  }
}
