import Evaluator
import TextCodec
import TreeIR

/// Finds the columns of a model in the first record of a file, and says what is odd about it.
struct HeaderCheck {
  /// The fields of the first record; empty when the file has none.
  let names: [String]
  let file: String
  let model: TreeModel

  /// The field of each column, as `order` has it.
  func fields(_ order: ColumnOrder) throws(Failure) -> [Int] {
    switch order {
    case .name: try fieldsByName()
    case .position: try fieldsByPosition()
    case .positionWithoutHeader: try fieldsWithoutHeader()
    }
  }

  /// The field of each column, by name.
  private func fieldsByName() throws(Failure) -> [Int] {
    do {
      return try ColumnMatch(names, to: model).positions
    } catch {
      switch error {
      case .ambiguous(let name):
        throw Failure(
          "\(file): the column '\(name)' stands in the header twice; a blank counts as an "
            + "underscore, as which LightGBM saves it")
      case .missing(let missing):
        throw Failure(
          "\(file): the header lacks \(missing.count == 1 ? "the column" : "the columns") "
            + "\(list(missing)) of the model; it has \(list(names)). \(remedy)")
      }
    }
  }

  /// The field of each column, by position.
  private func fieldsByPosition() throws(Failure) -> [Int] {
    let columns = model.input.columns
    guard names.isEmpty || names.count == columns.count else {
      throw Failure(
        "\(file): \(names.count) fields, but the model has \(columns.count) columns; by position "
          + "they must be as many")
    }
    return Array(columns.indices)
  }

  /// The field of each column, by position, in a file whose first record is a row.
  private func fieldsWithoutHeader() throws(Failure) -> [Int] {
    if !names.isEmpty && names == model.input.columns.map(\.name) {
      throw Failure(
        "\(file): the first line holds the names of the model's columns: leave out --no-header")
    }
    if names.count > 1 && isNumbered {
      Terminal.say(
        "note: \(file): the first line is 0, 1, 2, … and is scored as a row; if it is a header, "
          + "remove it")
    }
    return try fieldsByPosition()
  }

  private var remedy: String {
    guard let first = names.first else { return "The file is empty" }
    let bytes = Array(first.utf8)
    if bytes.starts(with: [0x1F]) { return "The file looks compressed: decompress it first" }
    if bytes.contains(0) { return "The file looks like UTF-16 or binary: it must be UTF-8" }
    if names.count == 1, let delimiter = first.first(where: { ";\t|".contains($0) }) {
      let name = delimiter == "\t" ? "tabs" : "'\(delimiter)'"
      return "Fields must be separated by commas; this file seems to use \(name)"
    }
    let byPosition =
      names.count == model.input.count
      ? "If the columns are in the order of the model's, use --by-position. " : ""
    return byPosition + "If the file has no header, use --no-header, which goes by position"
  }

  /// Whether the names are those that pandas gives to the columns of a matrix.
  private var isNumbered: Bool {
    names.enumerated().allSatisfy { $1 == String($0) }
  }

  private func list(_ names: [String]) -> String {
    let shown = names.prefix(5).map { name in
      let start = String(name.prefix(40)).escapingControlCharacters
      return "'\(start)\(name.count > 40 ? "…" : "")'"
    }
    let text = shown.joined(separator: ", ")
    return names.count > 5 ? "\(text) and \(names.count - 5) more" : text
  }
}
