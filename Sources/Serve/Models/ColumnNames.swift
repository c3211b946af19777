import Evaluator
import TextCodec
import TreeIR

/// The names of a model's columns as bytes, so that a body's names are compared with them
/// where they lie.
struct ColumnNames: Sendable {
  private let model: TreeModel
  private let bytes: [UInt8]
  /// Where each name ends in ``bytes``; the first entry is 0.
  private let ends: [Int]

  init(_ model: TreeModel) {
    self.model = model
    var bytes: [UInt8] = []
    var ends = [0]
    for column in model.input.columns {
      bytes.append(contentsOf: column.name.utf8)
      ends.append(bytes.count)
    }
    self.bytes = bytes
    self.ends = ends
  }

  var count: Int { ends.count - 1 }

  /// Whether column `column` is called `name`.
  func isName(_ name: Span<UInt8>, ofColumn column: Int) -> Bool {
    bytes.span.extracting(ends[column]..<ends[column + 1]).equals(name)
  }

  func bytes(ofColumn column: Int) -> [UInt8] { Array(bytes[ends[column]..<ends[column + 1]]) }

  /// The order of columns called `names`, if those are the model's names in any order; see
  /// `ColumnMatch` for when two names are the same.
  func order(of names: [String]) -> ColumnOrder? {
    guard names.count == count, let match = try? ColumnMatch(names, to: model) else {
      return nil
    }
    var columns = [Int](repeating: 0, count: count)
    for (column, position) in match.positions.enumerated() { columns[position] = column }
    return columns.elementsEqual(columns.indices) ? .model : .permuted(columns)
  }
}

/// Which columns of the model the columns of a body are.
enum ColumnOrder: Sendable, Equatable {
  /// The first is the model's first, and so on.
  case model
  /// The column of the model for each column of the body, all different.
  case permuted([Int])
}
