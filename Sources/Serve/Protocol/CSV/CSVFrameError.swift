import TextCodec

/// Why a CSV body is no table. A table with cells that are no numbers is not such an error; see
/// ``Frame/fault``.
struct CSVFrameError: Error, Sendable, Equatable {
  enum Kind: Sendable {
    /// The body is not UTF-8, which MLflow finds out before pandas sees the text.
    case encoding
    /// The text is not CSV, for pandas.
    case syntax
    /// The table would take far more memory than the body. pandas has no such limit.
    case size
  }

  let kind: Kind
  /// Line, what is wrong and the remedy; for ``Kind/syntax`` in strict mode the words of pandas.
  let message: String
}

extension CSVFrameError {
  static func notUTF8(at offset: Int, in text: Span<UInt8>) -> CSVFrameError {
    CSVFrameError(
      kind: .encoding,
      message: "line \(line(of: offset, in: text)): byte \(offset) of the body is not UTF-8; "
        + "send the text in UTF-8")
  }

  static func noHeader(isStrict: Bool) -> CSVFrameError {
    CSVFrameError(
      kind: .syntax,
      message: isStrict
        ? "No columns to parse from file"
        : "line 1: the body is empty; it needs a header line with the names of the columns")
  }

  /// - Parameters:
  ///   - offset: Where the record begins.
  ///   - count: The lines that pandas counted, this one among them.
  static func tooManyFields(
    _ found: Int, expected: Int, at offset: Int, in text: Span<UInt8>, lineCount count: Int,
    isStrict: Bool
  ) -> CSVFrameError {
    CSVFrameError(
      kind: .syntax,
      message: isStrict
        ? "Error tokenizing data. C error: Expected \(expected) fields in line \(count), "
          + "saw \(found)\n"
        : "line \(line(of: offset, in: text)): \(found) fields where header and first row have "
          + "\(expected); a cell with a comma in it must be in quotes")
  }

  /// - Parameters:
  ///   - offset: Where the field begins.
  ///   - count: The lines that pandas counted before it.
  static func unterminatedQuote(
    at offset: Int, in text: Span<UInt8>, lineCount count: Int, isStrict: Bool
  ) -> CSVFrameError {
    CSVFrameError(
      kind: .syntax,
      message: isStrict
        ? "Error tokenizing data. C error: EOF inside string starting at row \(count)"
        : "line \(line(of: offset, in: text)): a field has an opening quote and no closing "
          + "one; a quote in a quoted field is written twice")
  }

  static func tooManyMissingCells(
    at offset: Int, in text: Span<UInt8>, limit: Int
  ) -> CSVFrameError {
    CSVFrameError(
      kind: .size,
      message: "line \(line(of: offset, in: text)): with the cells that are left out the table "
        + "has more than \(limit) cells; write out missing cells, or send fewer rows")
  }

  /// The line of a byte, from 1; lines end as those of CSV do.
  private static func line(of offset: Int, in text: Span<UInt8>) -> Int {
    var line = 1
    for index in 0..<offset {
      switch text[index] {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: "\r"):
        if index + 1 == text.count || text[index + 1] != UInt8(ascii: "\n") { line += 1 }
      default: break
      }
    }
    return line
  }
}
