import Evaluator
import TextCodec
import TreeIR

/// The names of a model's columns as bytes, so that a body's names are compared with them
/// where they lie.
struct ColumnNames: Sendable {
  private let bytes: [UInt8]
  /// Where each name ends in ``bytes``; the first entry is 0.
  private let ends: [Int]
  private let columns: KeyIndex
  /// The names as lists of JSON, as Python's `json` and as pandas write them.
  private let lists: [[UInt8]]

  init(_ model: TreeModel) {
    var bytes: [UInt8] = []
    var ends = [0]
    var columns = KeyIndex()
    for column in model.input.columns {
      bytes.append(contentsOf: column.name.utf8)
      ends.append(bytes.count)
      _ = columns.insert(Array(column.name.utf8).span)
    }
    self.bytes = bytes
    self.ends = ends
    self.columns = columns
    lists = Self.lists(model)
  }

  var count: Int { ends.count - 1 }

  /// How many different names a body's columns may have: those of bodies that have nothing to
  /// do with the model are not kept.
  var keyLimit: Int { max(4 * count, 1 << 16) }

  /// What is said of a body with more of them.
  var tooManyKeys: String { "there are more than \(keyLimit) columns; the model has \(count)" }

  private static func lists(_ model: TreeModel) -> [[UInt8]] {
    let names = model.input.columns.map(\.name)
    // Others are not always written in the same way.
    let isPlain = names.allSatisfy { name in
      name.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != 0x5C }
    }
    guard isPlain else { return [] }
    return [", ", ","].map { separator in
      Array("[\(names.map { "\"\($0)\"" }.joined(separator: separator))]".utf8)
    }
  }

  /// Skips the next value of a body if it is the list of the names, written in one of the
  /// usual ways.
  func skip(_ reader: inout JSONReader) throws(JSONError) -> Bool {
    for list in lists {
      if try reader.skipValue(writtenAs: list.span) { return true }
    }
    return false
  }

  /// Whether column `column` is called `name`.
  func isName(_ name: Span<UInt8>, ofColumn column: Int) -> Bool {
    bytes.span.extracting(ends[column]..<ends[column + 1]).equals(name)
  }

  /// Whether a list is the names in their order.
  func areNames(_ list: [[UInt8]]) -> Bool {
    guard list.count == count else { return false }
    for column in list.indices {
      let name = list[column]
      if !isName(name.span, ofColumn: column) { return false }
    }
    return true
  }

  /// The column called `name`.
  func column(called name: Span<UInt8>) -> Int? { columns.number(of: name) }

  /// The columns called `keys`, if each of them is the name of another column.
  func columns(called keys: [[UInt8]]) -> [Int]? {
    var columns: [Int] = []
    columns.reserveCapacity(keys.count)
    var isTaken = [Bool](repeating: false, count: count)
    for key in keys {
      guard let column = column(called: key.span), !isTaken[column] else { return nil }
      isTaken[column] = true
      columns.append(column)
    }
    return columns
  }

  func bytes(ofColumn column: Int) -> [UInt8] { Array(bytes[ends[column]..<ends[column + 1]]) }
}

/// Which columns of the model the columns of a body are.
enum ColumnOrder: Sendable, Equatable {
  /// The first is the model's first, and so on.
  case model
  /// The column of the model for each column of the body, all different.
  case permuted([Int])
  /// Places that may lie behind the model's columns; see ``BodyColumns``.
  case mapped(ColumnPlaces)
}
