import Evaluator
import TreeIR

/// What else can be done about a cell, where it is not the cell that is wrong.
struct CellAdvice {
  /// Whether a column taken for numeric may be one of categories: LightGBM's files do not
  /// always tell which columns their dictionaries belong to.
  private let mayLackDictionary: Bool

  init(_ model: TreeModel) {
    mayLackDictionary =
      model.provenance.library == "LightGBM"
      && model.input.columns.contains { if case .dictionary = $0.kind { true } else { false } }
  }

  /// What to say after the error.
  func hint(against reason: CellError.Reason) -> String {
    switch reason {
    case .notANumber where mayLackDictionary:
      "; if the column holds categories, convert the model again with --categorical"
    case .unknownCategory: "; --unknown-category missing takes it as missing"
    case .notANumber, .wrongType, .notACategory, .refused: ""
    }
  }
}
