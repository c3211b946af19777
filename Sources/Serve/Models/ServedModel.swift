import Evaluator
import TreeIR

/// A model that is ready to be served: what its requests share, computed once.
///
/// A signature and a schema of parameters will lie here, next to the names. It is a
/// class because requests hand it on a lot, and a `Predictor` has many parts to copy.
public final class ServedModel: Sendable {
  /// Scores rows of numbers.
  public let predictor: Predictor
  let encoder: RowEncoder
  let rules: LibraryRules
  let names: ColumnNames
  /// How many numbers the model has for a row.
  let resultWidth: Int
  /// For each column, whether its cells may be values of a dictionary or texts to hash.
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

  /// Prepares a model.
  ///
  /// - Parameters:
  ///   - model: What is to be scored.
  ///   - engines: How; models that are not large are prepared at once.
  public init(_ model: TreeModel, engines: EngineOptions = EngineOptions()) {
    let splits = model.ensembles.reduce(0) { $0 + $1.splits.count }
    var engines = engines
    if splits <= Self.splitsToWaitFor { engines.preparation = .immediate }
    predictor = Predictor(model, engines: engines)
    encoder = predictor.makeRowEncoder()
    rules = LibraryRules(model)
    names = ColumnNames(model)
    // Every model has a prediction: the validator asks for it.
    resultWidth = (try? predictor.columnCount(of: .prediction)) ?? 0
    isEncoded = model.input.columns.map { column in
      switch column.kind {
      case .numeric, .categoryCodes: false
      case .dictionary, .hashedText: true
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
    count == columnCount || (rules.takesNarrowRows && count < columnCount)
  }

  /// The order of columns called `keys`, if those are the model's names in any order; see
  /// `ColumnMatch` for when two names are the same.
  func order(of keys: [[UInt8]]) -> ColumnOrder? {
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
