import TextCodec
import TreeIR

/// Reads a CatBoost model as `save_model` writes it by default: `CBM1`, the size of a FlatBuffers
/// buffer, the buffer, and then the parts that it names, such as tables of statistics.
enum CatBoostBinaryReader {
  /// How such a file begins.
  static let magic: StaticString = "CBM1"

  /// The one version of the format that there is.
  private static let formatVersion = "FlabuffersModel_v1"

  private typealias Core = CatBoostSchema.Core
  private typealias Trees = CatBoostSchema.Trees

  /// Reads all of `bytes`.
  static func read(
    _ bytes: Span<UInt8>, options: ImportOptions, source: SourceID, meter: inout ReadingMeter
  ) throws(Fault) -> TreeModel {
    let core = try coreRange(bytes)
    var buffer = FlatBuffer(bytes, in: core, format: "cbm")
    let root = try buffer.root("model")
    let version = try buffer.text(root, Core.formatVersion) ?? ""
    guard version == formatVersion else {
      throw buffer.place(root).fault(
        .unsupported,
        "the format is \(quoted(version)); \(quoted(formatVersion)) is known",
        remedy: Remedy.newerTreec)
    }
    var info = CatBoostInfo()
    for entry in try buffer.tables(root, Core.info) {
      let key = try buffer.text(entry, CatBoostSchema.Info.key) ?? ""
      let value = try buffer.text(entry, CatBoostSchema.Info.value) ?? ""
      let place = buffer.place(entry)
      try info.read(
        key, text: value, SourcePlace(offset: place.offset, path: "\(place.path) \(quoted(key))"))
    }
    guard let trees = try buffer.table(root, Core.trees) else {
      throw buffer.place(root).fault(.invalid, "there is no ModelTrees")
    }
    let features = try CatBoostBinaryFeatures.read(&buffer, trees)
    meter.reached(core.upperBound)
    let tables = try readParts(
      try buffer.texts(root, Core.parts), bytes, from: core.upperBound, &meter)
    var scale = CatBoostScale()
    scale.place = buffer.place(trees)
    scale.scale = try buffer.double(trees, Trees.scale, missing: 1)
    scale.bias = try buffer.doubles(trees, Trees.biases)
    if scale.bias.isEmpty { scale.bias = [try buffer.double(trees, Trees.bias, missing: 0)] }
    let assembler = try CatBoostModelAssembler(
      info: info, features: features, tables: tables, scale: scale, options: options)
    let ensemble = try CatBoostBinaryTrees.read(
      &buffer, trees, assembler.splits, limits: options.limits)
    return try assembler.model(ensemble, format: "CatBoost cbm", source: source)
  }

  private static func coreRange(_ bytes: Span<UInt8>) throws(Fault) -> Range<Int> {
    let start = 8
    guard bytes.count >= start else {
      throw Fault(
        .truncated, at: bytes.count, "the cbm ends before the size of the model",
        remedy: Remedy.completeCopy)
    }
    let size = (4..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * ($1 - 4)) }
    guard size <= bytes.count - start else {
      throw Fault(
        .truncated, at: 4,
        "the cbm's model should have \(size) bytes, of which "
          + "\(bytes.count - start) are there", remedy: Remedy.completeCopy)
    }
    return start..<start + size
  }

  private static func readParts(
    _ names: [String], _ bytes: Span<UInt8>, from start: Int, _ meter: inout ReadingMeter
  ) throws(Fault) -> [CatBoostTableKey: CatBoostTable] {
    var tables: [CatBoostTableKey: CatBoostTable] = [:]
    var position = start
    for name in names {
      switch name {
      case "static_provider_v1":
        guard tables.isEmpty else {
          throw Fault(.invalid, at: position, "there are two parts \(quoted(name))")
        }
        tables = try CatBoostBinaryTables.read(bytes, at: &position, &meter)
      case _ where name.hasPrefix("text_process"):
        throw CatBoostRemedy.unsupportedFeatures(
          "text", SourcePlace(offset: position, path: quoted(name)))
      case _ where name.hasPrefix("embed_process"):
        throw CatBoostRemedy.unsupportedFeatures(
          "embedding", SourcePlace(offset: position, path: quoted(name)))
      default:
        throw Fault(
          .unsupported, at: position, "the model has an unknown part \(quoted(name))",
          remedy: Remedy.newerTreec)
      }
    }
    guard position == bytes.count else {
      throw Fault(
        .malformed, at: position, "\(bytes.count - position) bytes follow the model's parts")
    }
    return tables
  }
}
