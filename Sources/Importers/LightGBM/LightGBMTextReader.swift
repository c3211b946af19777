import TextCodec
import TreeIR

/// Reads a LightGBM model in the text form of `save_model`.
enum LightGBMTextReader {
  static let formatName = "LightGBM text"

  /// Whether `bytes` begin like a LightGBM text model: with the line `tree`.
  static func recognizes(_ bytes: Span<UInt8>) -> Bool {
    bytes.hasPrefix("tree\n") || bytes.hasPrefix("tree\r\n") || bytes.equals("tree")
  }

  static func read(
    _ bytes: Span<UInt8>, options: ImportOptions, source: SourceID, meter: inout ReadingMeter
  ) throws(Fault) -> TreeModel {
    var cursor = ByteCursor(bytes)
    let header = try LightGBMTextHeader(&cursor)
    let signature = try LightGBMSignature(
      header.header, limits: options.limits, objectiveIsKnown: true)
    var model = LightGBMModelAssembler(signature, limits: options.limits)
    try readTrees(&cursor, into: &model, meter: &meter)
    if let declared = header.declaredTreeCount, declared != model.treeCount {
      throw header.header.fault(
        .invalid, .treeSizes, "\(declared) trees are declared, but there are \(model.treeCount)")
    }
    var dictionaries = try LightGBMTextFooter.read(&cursor, features: signature.features)
    dictionaries.listedColumns = dictionaries.listedColumns ?? []
    return try model.model(
      dictionaries: dictionaries, options: options, format: formatName, source: source)
  }

  /// Reads the blocks `Tree=0`, `Tree=1`, … up to the line after the last.
  private static func readTrees(
    _ cursor: inout ByteCursor, into model: inout LightGBMModelAssembler,
    meter: inout ReadingMeter
  ) throws(Fault) {
    var reader = LightGBMTextTree(featureNames: model.signature.featureNames)
    while true {
      let start = cursor.position
      guard let line = cursor.nextLine() else { throw truncation(at: start) }
      if line.isEmpty { continue }
      let text = cursor.bytes.extracting(line)
      if LightGBMTextLine.isEndOfTrees(text) { return }
      if LightGBMTextLine.isImportances(text) {
        // Before 2.2 the importances follow without any word between.
        cursor.position = start
        return
      }
      guard !cursor.isAtEnd else { throw truncation(at: start) }
      try checkTitle(line, cursor.bytes, tree: model.treeCount)
      try reader.read(&cursor, into: &model)
      meter.reached(cursor.position)
    }
  }

  private static func truncation(at offset: Int) -> Fault {
    Fault(
      .truncated, at: offset, "the file ends without the line 'end of trees'",
      remedy: Remedy.completeCopy)
  }

  private static func checkTitle(
    _ line: Range<Int>, _ bytes: Span<UInt8>, tree: Int
  ) throws(Fault) {
    let prefix = 5
    guard bytes.hasPrefix("Tree=", at: line.lowerBound) else {
      throw Fault(
        .malformed, at: line.lowerBound,
        "a tree ('Tree=\(tree)') or the line 'end of trees' should stand here")
    }
    let field = TextField(key: "Tree", range: line.lowerBound + prefix..<line.upperBound)
    let number = try field.readElement(bytes, as: Int64.self)
    guard number == tree else {
      throw field.fault(.invalid, "tree \(number) stands where tree \(tree) should")
    }
  }
}
