import TextCodec

/// The part of the text form before the trees.
struct LightGBMTextHeader {
  private(set) var header = LightGBMHeader()
  /// Number of `tree_sizes`, which is that of the trees.
  private(set) var declaredTreeCount: Int?
  private var keys = KeySet<LightGBMHeader.Key>()

  /// Reads the lines up to the first tree, which stays unread.
  init(_ cursor: inout ByteCursor) throws(Fault) {
    // The first line is the word by which the format is recognized.
    _ = cursor.nextLine()
    var start = cursor.position
    while let line = cursor.nextLine() {
      if LightGBMTextLine.endsHeader(cursor.bytes.extracting(line)) {
        cursor.position = start
        return
      }
      // The line may have been cut, so that its value is not worth a complaint.
      guard !cursor.isAtEnd else { throw truncation(line, cursor.bytes) }
      if !line.isEmpty { try readLine(line, cursor.bytes) }
      start = cursor.position
    }
    throw truncation(start..<start, cursor.bytes)
  }

  /// The failure of a file that ends with `line` of the header.
  private func truncation(_ line: Range<Int>, _ bytes: Span<UInt8>) -> Fault {
    let end = TextField.keyEnd(of: line, in: bytes)
    let cut = LightGBMHeader.Key.matching(bytes.extracting(line.lowerBound..<end), after: nil)
    let needed: [LightGBMHeader.Key] = [
      .version, .classCount, .maxFeatureIndex, .featureNames, .featureInfos,
    ]
    let next = needed.first { !keys.contains($0) && $0 != cut }
    return Fault(
      .truncated, at: line.lowerBound, key: cut?.name ?? "",
      "the file ends within the header, before \(next?.name ?? "the first tree")",
      remedy: Remedy.completeCopy)
  }

  private mutating func readLine(_ line: Range<Int>, _ bytes: Span<UInt8>) throws(Fault) {
    let equals = TextField.keyEnd(of: line, in: bytes)
    let spelled = bytes.extracting(line.lowerBound..<equals)
    guard let key = LightGBMHeader.Key.matching(spelled, after: nil) else {
      throw unknownKey(quoted(spelled), at: line.lowerBound)
    }
    guard keys.insert(key) else {
      throw Fault(
        .malformed, at: line.lowerBound, key: key.name, "the key stands twice in the header")
    }
    header.offsets[key] = line.lowerBound
    let value = min(equals + 1, line.upperBound)..<line.upperBound
    let field = TextField(key: key.text, range: value)
    guard (equals == line.upperBound) == (key == .averageOutput) else {
      throw field.fault(.malformed, "a flag has no value, and every other key has one")
    }
    try readValue(of: key, field, bytes)
  }

  private mutating func readValue(
    of key: LightGBMHeader.Key, _ field: TextField, _ bytes: Span<UInt8>
  ) throws(Fault) {
    switch key {
    case .version: header.version = try field.readString(bytes)
    case .classCount: header.classCount = try integer(field, bytes)
    case .treesPerIteration: header.treesPerIteration = try integer(field, bytes)
    case .maxFeatureIndex: header.maxFeatureIndex = try integer(field, bytes)
    case .objective: header.objective = try field.readString(bytes)
    case .averageOutput: header.averagesOutput = true
    case .featureNames:
      header.featureNames = try words(field, bytes) { word throws(Fault) in
        try word.readString(bytes)
      }
    case .featureInfos:
      header.featureInfos = try words(field, bytes) { word throws(Fault) in
        try LightGBMTextLine.featureInfo(word, bytes)
      }
    case .treeSizes:
      // The sizes themselves go wrong as soon as somebody saves the file with other line
      // ends; that there is one for each tree still shows whether trees are missing.
      declaredTreeCount = try words(field, bytes) { _ throws(Fault) in () }.count
    case .labelIndex, .monotoneConstraints: break
    case .name, .treeInfo, .featureImportances, .pandasCategorical:
      throw unknownKey(quoted(key.name), at: field.range.lowerBound)
    }
  }

  private func integer(_ field: TextField, _ bytes: Span<UInt8>) throws(Fault) -> Int {
    Int(try field.readElement(bytes, as: Int64.self))
  }

  /// The words of a line, which blanks separate, each turned into an element.
  private func words<Element>(
    _ field: TextField, _ bytes: Span<UInt8>,
    _ element: (TextField) throws(Fault) -> Element
  ) throws(Fault) -> [Element] {
    // A header asks for no more words than it has features or trees, but the number of
    // trees is only known at the end, so that the text itself is the bound.
    var elements: [Element] = []
    var position = field.range.lowerBound
    while position < field.range.upperBound {
      let start = position
      while position < field.range.upperBound, bytes[position] != 0x20 { position += 1 }
      if position > start {
        elements.append(try element(TextField(key: field.key, range: start..<position)))
      }
      position += 1
    }
    return elements
  }

  private func unknownKey(_ name: String, at offset: Int) -> Fault {
    guard header.version != nil else { return header.missingVersion() }
    return Fault(
      .unsupported, at: offset, key: name,
      "this is no key of a LightGBM header, so it is uncertain what the model predicts",
      remedy: Remedy.newerTreec)
  }
}

/// Lines of the text form that are no `key=value`.
enum LightGBMTextLine {
  /// Whether trees, or what follows them, begin with the line.
  static func endsHeader(_ line: Span<UInt8>) -> Bool {
    line.hasPrefix("Tree=") || isEndOfTrees(line) || isImportances(line)
  }

  static func isEndOfTrees(_ line: Span<UInt8>) -> Bool {
    line.equals("end of trees")
  }

  /// LightGBM 2.x spelled the title with a blank.
  static func isImportances(_ line: Span<UInt8>) -> Bool {
    line.equals("feature_importances:") || line.equals("feature importances:")
  }

  /// `none`, `[least:greatest]`, or codes with colons between.
  static func featureInfo(
    _ word: TextField, _ bytes: Span<UInt8>
  ) throws(Fault) -> LightGBMHeader.FeatureInfo {
    let text = bytes.extracting(word.range)
    if text.equals("none") { return .none }
    var position = word.range.lowerBound
    guard bytes[position] == UInt8(ascii: "[") else {
      return .codes(try codes(word, bytes))
    }
    position += 1
    guard let low = DecimalParser.parseDouble(bytes, at: &position),
      consume(":", bytes, &position, word.range),
      let high = DecimalParser.parseDouble(bytes, at: &position),
      consume("]", bytes, &position, word.range), position == word.range.upperBound
    else { throw notAnInfo(word) }
    return .range(low, high)
  }

  private static func codes(_ word: TextField, _ bytes: Span<UInt8>) throws(Fault) -> [Int] {
    var codes: [Int] = []
    var position = word.range.lowerBound
    repeat {
      guard let code = DecimalParser.parseInt32(bytes, at: &position) else {
        throw notAnInfo(word)
      }
      if code >= 0 { codes.append(Int(code)) }
    } while consume(":", bytes, &position, word.range)
    guard position == word.range.upperBound else { throw notAnInfo(word) }
    return codes
  }

  private static func consume(
    _ character: Unicode.Scalar, _ bytes: Span<UInt8>, _ position: inout Int, _ range: Range<Int>
  ) -> Bool {
    guard position < range.upperBound, bytes[position] == UInt8(ascii: character) else {
      return false
    }
    position += 1
    return true
  }

  private static func notAnInfo(_ word: TextField) -> Fault {
    word.fault(
      .malformed, "an entry is none of 'none', '[least:greatest]' and codes with colons between")
  }
}
