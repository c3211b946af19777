import TextCodec
import TreeIR

/// The part of the text form after the trees: importances, parameters, and the line that
/// the Python package adds.
enum LightGBMTextFooter {
  static func read(
    _ cursor: inout ByteCursor, features: LightGBMFeatureNames
  ) throws(Fault) -> LightGBMDictionaries {
    let bytes = cursor.bytes
    var result = LightGBMDictionaries()
    var hasDictionaries = false
    var hasParameters = false
    while let line = cursor.nextLine() {
      let text = bytes.extracting(line)
      if line.isEmpty { continue }
      if LightGBMTextLine.isImportances(text) {
        skipImportances(&cursor)
      } else if text.equals("parameters:") {
        hasParameters = true
        try readSection(&cursor, end: "end of parameters") { parameter throws(Fault) in
          if let columns = try listedColumns(parameter, bytes, features) {
            result.listedColumns = columns
          }
        }
      } else if text.equals("parser:") {
        try readSection(&cursor, end: "end of parser") { _ throws(Fault) in }
      } else if text.hasPrefix("pandas_categorical:") {
        guard !hasDictionaries else {
          throw Fault(
            .malformed, at: line.lowerBound, key: "pandas_categorical", "it stands twice")
        }
        hasDictionaries = true
        let start = line.lowerBound + "pandas_categorical:".utf8.count
        result.offset = start
        result.values = try dictionaries(bytes, start..<line.upperBound)
      } else {
        throw Fault(
          .unsupported, at: line.lowerBound, key: quoted(text),
          "the line is unknown after the trees", remedy: Remedy.newerTreec)
      }
    }
    result.endsAfterTrees = !hasParameters && !hasDictionaries
    return result
  }

  private static func dictionaries(
    _ bytes: Span<UInt8>, _ range: Range<Int>
  ) throws(Fault) -> [[CategoryValue]] {
    var reader = SourceJSONReader(bytes, in: range)
    do {
      let values = try PandasCategories.read(&reader)
      try reader.expectEnd()
      return values
    } catch {
      throw error.inside("pandas_categorical")
    }
  }

  /// Lines `name=count` up to a blank one; a name may be any text.
  private static func skipImportances(_ cursor: inout ByteCursor) {
    while let line = cursor.nextLine(), !line.isEmpty {}
  }

  /// Hands the lines of a section to `body`.
  private static func readSection(
    _ cursor: inout ByteCursor, end: StaticString,
    _ body: (Range<Int>) throws(Fault) -> Void
  ) throws(Fault) {
    while let line = cursor.nextLine() {
      if cursor.bytes.extracting(line).equals(end) { return }
      try body(line)
    }
    throw Fault(
      .truncated, at: cursor.position, "the file ends without the line '\(end)'",
      remedy: Remedy.completeCopy)
  }

  /// The columns of a line `[categorical_feature: 0,2]` or `[categorical_feature: name:a,b]`,
  /// ascending; nil for other lines. Entries that are no column of the model have no part
  /// in it and are passed over, as LightGBM does.
  private static func listedColumns(
    _ line: Range<Int>, _ bytes: Span<UInt8>, _ features: LightGBMFeatureNames
  ) throws(Fault) -> [Int]? {
    let key: StaticString = "[categorical_feature:"
    guard bytes.hasPrefix(key, at: line.lowerBound), bytes[line.upperBound - 1] == 0x5D else {
      return nil
    }
    let field = TextField(
      key: "categorical_feature",
      range: line.lowerBound + key.utf8CodeUnitCount..<line.upperBound - 1)
    // Scalars, because a Character may be a comma or blank and what combines with it.
    var text = try field.readString(bytes).unicodeScalars.drop { $0 == " " }
    let prefix = "name:".unicodeScalars
    let byName = text.starts(with: prefix)
    if byName { text = text.dropFirst(prefix.count) }
    var positions: Set<Int> = []
    for entry in text.split(separator: ",") {
      if byName {
        if let position = features.position(ofTrained: entry) { positions.insert(position) }
      } else if let position = Int(Substring(entry)),
        features.names.indices.contains(position)
      {
        positions.insert(position)
      }
    }
    return positions.sorted()
  }
}
