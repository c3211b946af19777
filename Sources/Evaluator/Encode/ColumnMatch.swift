import TreeIR

/// Finds the columns of a model among named columns, such as the header of a CSV file.
/// Names are compared as the bytes they are.
public struct ColumnMatch: Sendable {
  /// For each column of the model, the position among the names; that of any name where the
  /// column is ignored and not among them.
  public let positions: [Int]

  /// Names that cannot be matched.
  public enum Failure: Error, Sendable, Equatable {
    /// Columns of the model that are not among the names.
    case missing([String])
    /// A column of the model stands among the names more than once.
    case ambiguous(String)
  }

  /// Matches `names` with the columns of `model`; other names are passed over.
  ///
  /// LightGBM saves a blank in a name as an underscore, so for its models a name with blanks
  /// matches too. Where both spellings are there, nobody knows which one was trained on.
  ///
  /// - Throws: ``Failure`` with the names of the model.
  public init(_ names: [String], to model: TreeModel) throws(Failure) {
    let blanksAreSaved = model.provenance.library != "LightGBM"
    let found = Self.positions(of: blanksAreSaved ? names : names.map(Self.withoutBlanks))
    var positions: [Int] = []
    var missing: [String] = []
    for column in model.input.columns {
      guard let candidates = found[.string(column.name)] else {
        if column.kind == .ignored {
          positions.append(0)
        } else {
          missing.append(column.name)
        }
        continue
      }
      guard candidates.count == 1 else { throw .ambiguous(column.name) }
      positions.append(candidates[0])
    }
    guard missing.isEmpty else { throw .missing(missing) }
    self.positions = positions
  }

  /// By scalar, because a blank and a combining mark behind it are one character.
  private static func withoutBlanks(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.map { $0 == " " ? "_" : $0 }))
  }

  private static func positions(of names: [String]) -> [CategoryValue: [Int]] {
    Dictionary(grouping: names.indices) { .string(names[$0]) }
  }
}
