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
    var features = CatBoostFeatures()
    var tables: [CatBoostTableKey: CatBoostTable] = [:]
    if let place = places[.info] {
      var json = SourceJSONReader(bytes, in: place..<bytes.count)
      try readInfo(&json, into: &info)
    }
    if let place = places[.features] {
      var json = SourceJSONReader(bytes, in: place..<bytes.count)
      do {
        features = try CatBoostJSONFeatures.read(&json)
      } catch {
        throw error.inside(CatBoostFileKey.features.name)
      }
    }
    if let place = places[.tables] {
      var json = SourceJSONReader(bytes, in: place..<bytes.count)
      do {
        tables = try CatBoostJSONTables.read(&json, &meter)
      } catch {
        throw error.inside(CatBoostFileKey.tables.name)
      }
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
    if let place = places[.scaleAndBias] {
      var json = SourceJSONReader(bytes, in: place..<bytes.count)
      do {
        scale = try readScale(&json)
      } catch {
        throw error.inside(CatBoostFileKey.scaleAndBias.name)
      }
    }
    try CatBoostJSONCollisions.check(features, info)
    let assembler = try CatBoostModelAssembler(
      info: info, features: features, tables: tables, scale: scale, options: options)
    let trees: CatBoostTrees
    switch (places[.obliviousTrees], places[.trees]) {
    case (let place?, nil):
      var json = SourceJSONReader(bytes, in: place..<bytes.count)
      do {
        var reader = CatBoostJSONObliviousTrees(assembler.splits, limits: options.limits)
        trees = try reader.read(&json, &meter)
      } catch {
        throw error.inside(CatBoostFileKey.obliviousTrees.name)
      }
    case (nil, let place?):
      var json = SourceJSONReader(bytes, in: place..<bytes.count)
      do {
        var reader = CatBoostJSONTrees(assembler.splits, limits: options.limits)
        trees = try reader.read(&json, &meter)
      } catch {
        throw error.inside(CatBoostFileKey.trees.name)
      }
    case (nil, nil), (_?, _?):
      throw Fault(
        .invalid, at: places[.trees] ?? 0,
        "there must be either oblivious_trees or trees")
    }
    return try assembler.model(trees, format: "CatBoost JSON", source: source)
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
    scale.place = CatBoostPlace(
      offset: json.position, path: CatBoostFileKey.scaleAndBias.name)
    var count = 0
    try json.enterArray()
    while try json.nextElement() {
      defer { count += 1 }
      switch count {
      case 0: scale.scale = try json.readDouble()
      case 1:
        if try json.peekKind() == .array {
          scale.bias = []
          try json.enterArray()
          while try json.nextElement() { scale.bias.append(try json.readDouble()) }
        } else {
          scale.bias = [try json.readDouble()]
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
  var place = CatBoostPlace()
}
