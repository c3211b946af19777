import TextCodec
import TreeIR

/// Reads a CatBoost model as `save_model(format="json")` writes it.
///
/// Source: CatBoost's `libs/model/model_export/json_model_helpers.cpp`. Decimal numbers are
/// rounded correctly here, which CatBoost's own reader does not do.
enum CatBoostJSONReader {
  /// Reads all of `bytes`.
  static func read(
    _ bytes: Span<UInt8>, options: ImportOptions, source: SourceID, meter: inout ReadingMeter
  ) throws(Fault) -> TreeModel {
    // Splits are positions in lists of features, which the file may have behind the trees.
    var places: [CatBoostFileKey: Int] = [:]
    var document = SourceJSONReader(bytes, in: 0..<bytes.count)
    try document.readMembers(requiring: [.info, .features]) {
      (key: CatBoostFileKey, document: inout SourceJSONReader) throws(Fault) in
      places[key] = document.position
      try document.skipValue()
    }
    try document.expectEnd()

    var info = CatBoostInfo()
    try read(.info, at: places, bytes) { (json) throws(Fault) in try readInfo(&json, into: &info) }
    var features = CatBoostFeatures()
    try read(.features, at: places, bytes) { (json) throws(Fault) in
      features = try CatBoostJSONFeatures.read(&json)
    }
    var tables: [CatBoostTableKey: CatBoostTable] = [:]
    try read(.tables, at: places, bytes) { (json) throws(Fault) in
      tables = try CatBoostJSONTables.read(&json, &meter)
    }
    guard
      places[.scaleAndBias] != nil || info.attributes.contains(where: { $0.name == "model_guid" })
    else {
      throw Fault(
        .unsupported, at: 0,
        "a CatBoost before 0.16 wrote the file, with 10 digits of each number, which predict "
          + "something else than the model did",
        remedy: "Save the model as cbm: model.save_model('model.cbm')")
    }
    var scale = CatBoostScale()
    try read(.scaleAndBias, at: places, bytes) { (json) throws(Fault) in
      scale = try readScale(&json)
    }
    guard (places[.obliviousTrees] == nil) != (places[.trees] == nil) else {
      throw Fault(
        .invalid, at: places[.trees] ?? 0, "there must be either oblivious_trees or trees")
    }
    try CatBoostJSONCollisions.check(features, info)
    let assembler = try CatBoostModelAssembler(
      info: info, features: features, tables: tables, scale: scale, options: options)
    var trees = CatBoostTrees(limits: options.limits)
    try read(.obliviousTrees, at: places, bytes) { (json) throws(Fault) in
      var reader = CatBoostJSONObliviousTrees(assembler.splits, limits: options.limits)
      trees = try reader.read(&json, &meter)
    }
    try read(.trees, at: places, bytes) { (json) throws(Fault) in
      var reader = CatBoostJSONTrees(assembler.splits, limits: options.limits)
      trees = try reader.read(&json, &meter)
    }
    return try assembler.model(trees, format: "CatBoost JSON", source: source)
  }

  /// Reads the value of `key`, where the file has it.
  private static func read(
    _ key: CatBoostFileKey, at places: [CatBoostFileKey: Int], _ bytes: Span<UInt8>,
    _ body: (inout SourceJSONReader) throws(Fault) -> Void
  ) throws(Fault) {
    guard let place = places[key] else { return }
    var json = SourceJSONReader(bytes, in: place..<bytes.count)
    do {
      try body(&json)
    } catch {
      throw error.key.hasPrefix(key.name) ? error : error.inside(key.name)
    }
  }

  @_lifetime(json: copy json)
  private static func readInfo(
    _ json: inout SourceJSONReader, into info: inout CatBoostInfo
  ) throws(Fault) {
    try json.enterObject()
    while let name = try json.nextName() { try info.read(name, &json) }
  }

  /// `[scale, [bias, …]]`, or `[scale, bias]` in old files.
  @_lifetime(json: copy json)
  private static func readScale(_ json: inout SourceJSONReader) throws(Fault) -> CatBoostScale {
    var scale = CatBoostScale()
    scale.place = SourcePlace(
      offset: json.position, path: CatBoostFileKey.scaleAndBias.name)
    var count = 0
    try json.enterArray()
    while try json.nextElement() {
      defer { count += 1 }
      switch count {
      case 0: scale.scale = try json.readFiniteDouble()
      case 1:
        if try json.peekKind() == .array {
          scale.bias = []
          try json.readFiniteDoubles(into: &scale.bias)
        } else {
          scale.bias = [try json.readFiniteDouble()]
        }
      default: break
      }
    }
    guard count == 2 else {
      throw Fault(
        .invalid, at: scale.place.offset, "\(count) elements; there should be a scale and biases")
    }
    return scale
  }
}

/// What is done to the sums of trees: `scale · sum + bias`.
struct CatBoostScale {
  var scale = 1.0
  /// One for all outputs, or one for each; the biases are added only where the range of trees
  /// starts with the first.
  var bias = [0.0]
  var place = SourcePlace()
}
