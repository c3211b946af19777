import TextCodec
import TreeIR

/// Reads an XGBoost model as `save_model` writes it, in one pass: trees are made as they come,
/// and what they add to, which the file tells after them, is settled in the end.
struct XGBoostReader<Document: DocumentReader & ~Escapable> {
  private var header = XGBoostHeader()
  private var trees: XGBoostTreeBuilder
  private var meter: ReadingMeter
  /// Keys of the model itself, under whichever booster.
  private var modelKeys = KeySet<XGBoostModelKey>()

  private init(limits: Limits, sourceSize: Int, meter: ReadingMeter) {
    trees = XGBoostTreeBuilder(limits: limits, sourceSize: sourceSize)
    self.meter = meter
  }

  /// Reads all of `document`.
  ///
  /// - Parameter format: The name of the format, for the provenance.
  static func read(
    _ document: inout Document, options: ImportOptions, format: String, source: SourceID,
    meter: inout ReadingMeter
  ) throws(Fault) -> TreeModel {
    var reader = XGBoostReader(
      limits: options.limits, sourceSize: Int(clamping: source.size), meter: meter)
    defer { meter = reader.meter }
    try reader.readFile(&document)
    return try XGBoostModelAssembler(
      header: reader.header, trees: reader.trees, modelKeys: reader.modelKeys, options: options
    ).model(format: format, source: source)
  }

  private mutating func readFile(_ document: inout Document) throws(Fault) {
    try document.readMembers(requiring: [.learner, .version]) {
      (key: XGBoostFileKey, document: inout Document) throws(Fault) in
      switch key {
      case .pickledConfiguration, .pickledModel:
        throw Self.notSaved("a booster as Python pickles it", at: document.position)
      case .learner: try readLearner(&document)
      case .version:
        header.note(XGBoostPath.version, at: document.position)
        try document.readIntegers(into: &header.version)
      }
    }
    try document.expectEnd()
  }

  private mutating func readLearner(_ document: inout Document) throws(Fault) {
    try document.readMembers(requiring: [.booster, .parameters, .objective]) {
      (key: XGBoostLearnerKey, document: inout Document) throws(Fault) in
      header.note("learner.\(key.name)", at: document.position)
      switch key {
      case .configuration:
        throw Self.notSaved("the configuration of a booster (save_config)", at: document.position)
      case .attributes: try readAttributes(&document)
      case .featureNames: header.featureNames = try document.readStrings()
      case .featureTypes: header.featureTypes = try document.readStrings()
      case .booster: try readBooster(&document)
      case .parameters: try readParameters(&document)
      case .objective: try readObjective(&document)
      }
    }
  }

  private static func notSaved(_ what: String, at offset: Int) -> Fault {
    Fault(
      .unsupported, at: offset, "this is \(what), not a model",
      remedy: "Save the model with booster.save_model('model.ubj')")
  }

  private mutating func readAttributes(_ document: inout Document) throws(Fault) {
    try document.enterObject()
    while let name = try document.nextName() {
      do {
        let value = try document.readString()
        header.attributes.append(Provenance.Attribute(name: name, value: value))
      } catch {
        throw error.inside(quoted(name))
      }
    }
  }

  /// The name; parameters, which matter to training only, are skipped.
  private mutating func readObjective(_ document: inout Document) throws(Fault) {
    let start = document.position
    var name: String?
    try document.enterObject()
    while let key = try document.nextName() {
      guard key == "name" else {
        try document.skipValue()
        continue
      }
      guard name == nil else {
        throw Fault(.malformed, at: document.position, key: key, "the key stands twice")
      }
      header.note(XGBoostPath.objective, at: document.position)
      do {
        name = try document.readString()
      } catch {
        throw error.inside(key)
      }
    }
    guard let name else { throw Fault(.invalid, at: start, key: "name", "the key is missing") }
    header.objective = name
  }

  private mutating func readParameters(_ document: inout Document) throws(Fault) {
    try document.readMembers(requiring: [.baseScore, .columnCount]) {
      (key: XGBoostParameterKey, document: inout Document) throws(Fault) in
      header.note("learner.learner_model_param.\(key.name)", at: document.position)
      switch key {
      case .baseScore: try readBaseScore(&document)
      case .boostFromAverage: header.boostsFromAverage = try document.readCountAsText() != 0
      case .classCount: header.classCount = try document.readCountAsText()
      case .columnCount: header.columnCount = try document.readCountAsText()
      case .targetCount: header.targetCount = try document.readCountAsText()
      }
    }
  }

  /// A number, or from 3.1 on a list of numbers in brackets.
  private mutating func readBaseScore(_ document: inout Document) throws(Fault) {
    let offset = document.position
    let text = try document.readString()
    var list = text[...]
    if list.first == "[" && list.last == "]" { list = list.dropFirst().dropLast() }
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      let bytes = Array(word.utf8)
      guard let score = Float(decimalText: bytes.span), score.isFinite else {
        throw Fault(
          .malformed, at: offset, "\(quoted(text)) should be a number or a list of numbers")
      }
      header.baseScore.append(score)
    }
  }

  // MARK: The booster

  private mutating func readBooster(_ document: inout Document) throws(Fault) {
    let start = document.position
    let keys = try document.readMembers(requiring: [.name]) {
      (key: XGBoostBoosterKey, document: inout Document) throws(Fault) in
      switch key {
      case .trees: try readNestedTrees(&document)
      case .model: try readModel(&document)
      case .name: try readBoosterName(&document)
      case .weights: try readTreeWeights(&document)
      }
    }
    let other: XGBoostBoosterKey
    switch header.booster {
    case .nestedTrees:
      try keys.require(.trees, at: start)
      try keys.require(.weights, at: start)
      other = .model
    case .trees:
      try keys.require(.model, at: start)
      other = .trees
    case .linear:
      try keys.require(.model, at: start)
      other = keys.contains(.weights) ? .weights : .trees
    }
    guard !keys.contains(other) else {
      throw Fault(
        .invalid, at: start, key: other.name,
        "the booster's name says that there is no such key")
    }
  }

  private mutating func readTreeWeights(_ document: inout Document) throws(Fault) {
    guard header.treeWeights == nil else {
      throw Fault(.malformed, at: document.position, "the weights of the trees stand twice")
    }
    header.note(XGBoostPath.treeWeights, at: document.position)
    var weights: [Float] = []
    try document.readFloats(into: &weights)
    header.treeWeights = weights
  }

  private mutating func readBoosterName(_ document: inout Document) throws(Fault) {
    let offset = document.position
    let name = try document.readString()
    header.note(XGBoostPath.booster, at: offset)
    switch name {
    case "gbtree": header.booster = .trees
    case "dart": header.booster = .nestedTrees
    case "gblinear": header.booster = .linear
    default:
      throw Fault(
        .unsupported, at: offset,
        "\(quoted(name)) is none of the boosters gbtree, dart and gblinear",
        remedy: Remedy.newerTreec)
    }
  }

  /// The trees of dart before 3.3: an object like that of gbtree.
  private mutating func readNestedTrees(_ document: inout Document) throws(Fault) {
    trees.startsTreesFromZero = true
    try document.readMembers(requiring: [.model]) {
      (key: XGBoostBoosterKey, document: inout Document) throws(Fault) in
      switch key {
      case .model: try readModel(&document)
      case .name:
        let offset = document.position
        let name = try document.readString()
        guard name == "gbtree" else {
          throw Fault(.unsupported, at: offset, "\(quoted(name)) stands where gbtree should")
        }
      case .trees, .weights:
        throw Fault(.unsupported, at: document.position, "dart within dart is unknown")
      }
    }
  }

  private mutating func readModel(_ document: inout Document) throws(Fault) {
    modelKeys = try document.readMembers {
      (key: XGBoostModelKey, document: inout Document) throws(Fault) in
      // The booster's name, which decides between two paths, comes after this.
      for booster in [XGBoostHeader.Booster.trees, .nestedTrees] {
        header.note(XGBoostPath.model(key, of: booster), at: document.position)
      }
      switch key {
      case .boostedRounds: try document.skipValue()
      case .categories: header.dictionaries = try XGBoostCategories.read(&document)
      case .parameters: try readTreesParameters(&document)
      case .iterationStarts:
        var starts: [Int] = []
        try document.readIntegers(into: &starts)
        header.iterationStarts = starts
      case .treeOutputs: try document.readIntegers(into: &header.treeOutputs)
      case .trees: try readTrees(&document)
      case .treeWeights: try readTreeWeights(&document)
      case .weights:
        var weights: [Float] = []
        try document.readFloats(into: &weights)
        header.linearWeights = weights
      }
    }
  }

  private mutating func readTreesParameters(_ document: inout Document) throws(Fault) {
    try document.readMembers {
      (key: XGBoostTreesParameterKey, document: inout Document) throws(Fault) in
      switch key {
      case .parallelTrees: header.parallelTrees = try document.readCountAsText()
      case .treeCount: header.treeCount = try document.readCountAsText()
      case .leafSize: try document.skipValue()
      }
    }
  }

  private mutating func readTrees(_ document: inout Document) throws(Fault) {
    try document.enterArray()
    while try document.nextElement() {
      do {
        try trees.read(&document)
      } catch {
        throw error.inside("[\(trees.treeCount)]")
      }
      meter.reached(document.position)
    }
  }
}
