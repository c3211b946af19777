import TextCodec
import TreeIR

/// Reads a LightGBM model in the JSON form of `dump_model`.
struct LightGBMJSONReader: ~Escapable {
  static let formatName = "LightGBM JSON"

  private let bytes: Span<UInt8>
  private let limits: Limits
  private var header = LightGBMHeader()
  private var keys = KeySet<LightGBMHeader.Key>()
  private var infos: [NamedInfo] = []
  private var dictionaries = LightGBMDictionaries()
  /// Where the value of `tree_info` lies, once it was met.
  private var treesStart: Int?
  /// The trees, read under a header that did not change afterwards.
  private var assembler: LightGBMModelAssembler?

  private struct NamedInfo {
    let name: String
    let info: LightGBMHeader.FeatureInfo
    let offset: Int
  }

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, limits: Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  static func read(
    _ bytes: Span<UInt8>, options: ImportOptions, source: SourceID, meter: inout ReadingMeter
  ) throws(Fault) -> TreeModel {
    var reader = LightGBMJSONReader(bytes, limits: options.limits)
    try reader.readMembers(&meter)
    let assembler = try reader.finishedAssembler(&meter)
    return try assembler.model(
      dictionaries: reader.dictionaries, options: options, format: formatName, source: source)
  }

  /// LightGBM dumps every number from 1e300 on as 1e300, infinity too. Thresholds of
  /// infinity are common from version v3 on; before, training itself made them 1e300.
  static func unclamped(_ number: Double) -> Double {
    abs(number) == 1e300 ? number * .infinity : number
  }

  /// Reads all members. The trees are read in passing where the keys that they need came
  /// before, as LightGBM writes them, and skipped otherwise.
  @_lifetime(self: copy self)
  private mutating func readMembers(_ meter: inout ReadingMeter) throws(Fault) {
    var json = SourceJSONReader(bytes, in: 0..<bytes.count)
    try json.enterObject()
    var previous: LightGBMHeader.Key?
    while let spelled = try json.nextKey() {
      let name = spelled.makeString()
      guard let key = LightGBMHeader.Key.matching(name.utf8.span, after: previous) else {
        throw unknownKey(name, at: json.position)
      }
      previous = key
      guard keys.insert(key) else {
        throw Fault(.malformed, at: json.position, key: name, "the key stands twice")
      }
      header.offsets[key] = json.position
      switch key {
      case .treeInfo:
        treesStart = json.position
        if decidesTrees {
          assembler = try trees(&json, try signature(), &meter)
        } else {
          try json.skipValue()
        }
      default:
        do {
          try readMember(key, &json)
        } catch {
          throw error.inside(name)
        }
      }
    }
    try json.expectEnd()
  }

  /// Whether a key has come that other JSON is unlikely to have.
  private var looksLikeLightGBM: Bool {
    keys.contains(.treesPerIteration) || keys.contains(.maxFeatureIndex)
      || keys.contains(.treeInfo)
  }

  /// Whether all that trees are read under has been read. Files that end the header with
  /// the names have stated the objective before, if they do.
  private var decidesTrees: Bool {
    keys.contains(.version) && keys.contains(.classCount) && keys.contains(.treesPerIteration)
      && keys.contains(.maxFeatureIndex) && keys.contains(.averageOutput)
      && keys.contains(.featureNames)
  }

  private func signature() throws(Fault) -> LightGBMSignature {
    var header = header
    if keys.contains(.featureInfos), let names = header.featureNames {
      header.featureInfos = try infosByColumn(names)
    }
    // `average_output` and `objective` came with the same version.
    return try LightGBMSignature(
      header, limits: limits,
      objectiveIsKnown: keys.contains(.averageOutput) || keys.contains(.objective))
  }

  /// The assembler with all trees, after all members have been read.
  @_lifetime(self: copy self)
  private mutating func finishedAssembler(
    _ meter: inout ReadingMeter
  ) throws(Fault) -> LightGBMModelAssembler {
    if let assembler { return assembler }
    guard looksLikeLightGBM else {
      throw FormatSniffer.unrecognized("it is JSON without the keys of a LightGBM dump")
    }
    let signature = try signature()
    guard let treesStart else {
      throw header.fault(.invalid, .treeInfo, "the key is missing, so there are no trees")
    }
    var json = SourceJSONReader(bytes, in: treesStart..<bytes.count)
    return try trees(&json, signature, &meter)
  }

  private func trees(
    _ json: inout SourceJSONReader, _ signature: LightGBMSignature, _ meter: inout ReadingMeter
  ) throws(Fault) -> LightGBMModelAssembler {
    var assembler = LightGBMModelAssembler(signature, limits: limits)
    var reader = LightGBMJSONTree(
      signature: signature, sourceSize: bytes.count)
    do throws(Fault) {
      try json.enterArray()
      while try json.nextElement() {
        do throws(Fault) {
          try reader.read(&json, into: &assembler)
        } catch {
          throw error.inside("[\(assembler.treeCount)]")
        }
        meter.reached(json.position)
      }
    } catch {
      throw error.inside("tree_info")
    }
    return assembler
  }

  @_lifetime(self: copy self)
  private mutating func readMember(
    _ key: LightGBMHeader.Key, _ json: inout SourceJSONReader
  ) throws(Fault) {
    // What trees were read under has changed: they are read again in the end.
    switch key {
    case .name, .labelIndex, .monotoneConstraints, .featureImportances, .pandasCategorical: break
    default: assembler = nil
    }
    switch key {
    case .name: try checkName(&json)
    case .version: header.version = try json.readString()
    case .classCount: header.classCount = try json.readInt()
    case .treesPerIteration: header.treesPerIteration = try json.readInt()
    case .maxFeatureIndex: header.maxFeatureIndex = try json.readInt()
    case .objective: header.objective = try json.readString()
    case .averageOutput: header.averagesOutput = try json.readBool()
    case .featureNames: try readFeatureNames(&json)
    case .featureInfos: try readFeatureInfos(&json)
    case .pandasCategorical:
      dictionaries.offset = json.position
      dictionaries.values = try PandasCategories.read(&json)
    case .labelIndex, .monotoneConstraints, .featureImportances, .treeInfo:
      try json.skipValue()
    case .treeSizes:
      throw Fault(.unsupported, at: json.position, "this is a key of the text form only")
    }
  }

  private func checkName(_ json: inout SourceJSONReader) throws(Fault) {
    let offset = json.position
    let name = try json.readString()
    guard name == "tree" else {
      guard looksLikeLightGBM else {
        throw FormatSniffer.unrecognized("it is JSON with the name \(quoted(name))")
      }
      throw Fault(
        .unsupported, at: offset, "\(quoted(name)) is no kind of LightGBM model; 'tree' is one",
        remedy: Remedy.newerTreec)
    }
  }

  @_lifetime(self: copy self)
  private mutating func readFeatureNames(_ json: inout SourceJSONReader) throws(Fault) {
    var names: [String] = []
    try json.enterArray()
    while try json.nextElement() { names.append(try json.readString()) }
    header.featureNames = names
  }

  @_lifetime(self: copy self)
  private mutating func readFeatureInfos(_ json: inout SourceJSONReader) throws(Fault) {
    try json.enterObject()
    while let spelled = try json.nextKey() {
      let name = spelled.makeString()
      let offset = json.position
      do {
        infos.append(
          NamedInfo(name: name, info: try Self.featureInfo(&json), offset: offset))
      } catch {
        throw error.inside(quoted(name))
      }
    }
  }

  /// `{"min_value": 0, "max_value": 2, "values": [1, 0, 2]}`, where numeric columns have no
  /// values.
  private static func featureInfo(
    _ json: inout SourceJSONReader
  ) throws(Fault) -> LightGBMHeader.FeatureInfo {
    var low: Double?
    var high: Double?
    var codes: [Int] = []
    var isCategorical = false
    try json.enterObject()
    while let key = try json.nextKey() {
      switch key {
      case "min_value": low = unclamped(try json.readDouble())
      case "max_value": high = unclamped(try json.readDouble())
      case "values":
        try json.enterArray()
        while try json.nextElement() {
          isCategorical = true
          let code = try json.readInt()
          if code >= 0 { codes.append(code) }
        }
      default:
        throw Fault(
          .unsupported, at: json.position, key: quoted(key.makeString()),
          "the key is unknown", remedy: Remedy.newerTreec)
      }
    }
    if isCategorical { return .codes(codes) }
    guard let low, let high else { return .none }
    return .range(low, high)
  }

  private func infosByColumn(
    _ names: [String]
  ) throws(Fault) -> [LightGBMHeader.FeatureInfo] {
    let features = LightGBMFeatureNames(names)
    var columns = [LightGBMHeader.FeatureInfo](repeating: .none, count: names.count)
    for info in infos {
      guard let position = features.position(of: info.name) else {
        throw Fault(
          .invalid, at: info.offset, key: "feature_infos", feature: info.name,
          "feature_names does not have this feature")
      }
      columns[position] = info.info
    }
    return columns
  }

  private func unknownKey(_ name: String, at offset: Int) -> Fault {
    guard looksLikeLightGBM else {
      return FormatSniffer.unrecognized("it is JSON with the key \(quoted(name))")
    }
    return Fault(
      .unsupported, at: offset, key: quoted(name),
      "this is no key of a LightGBM dump, so it is uncertain what the model predicts",
      remedy: Remedy.newerTreec)
  }
}
