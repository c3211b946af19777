import TextCodec
import TreeIR

/// Recognizes formats by their content; names of files play no part.
enum FormatSniffer {
  /// Formats that can be read.
  enum Format {
    case lightGBMText
    case lightGBMJSON
    case xgBoostJSON
    case xgBoostUBJSON
    case catBoostJSON
    case catBoostBinary
    case pmml
  }

  static let readableFormats =
    "LightGBM text (save_model), LightGBM JSON (dump_model), XGBoost JSON and UBJSON "
    + "(save_model), CatBoost cbm and JSON (save_model), PMML and treec's own .tir"

  /// The format of `bytes`.
  ///
  /// - Throws: ``Fault`` that says what the bytes look like instead.
  static func format(of bytes: Span<UInt8>) throws(Fault) -> Format {
    if LightGBMTextReader.recognizes(bytes) { return .lightGBMText }
    var cursor = ByteCursor(bytes)
    cursor.skipWhitespace()
    guard let first = cursor.peek() else { throw unrecognized("it is empty") }
    if PMMLImporter.recognizes(bytes) { return .pmml }
    if bytes.hasPrefix("\u{FEFF}") {
      throw unrecognized("it begins with a byte order mark; save it without one")
    }
    if isUBJSONObject(bytes) { return .xgBoostUBJSON }
    if bytes.hasPrefix(CatBoostBinaryReader.magic) { return .catBoostBinary }
    if let owner = ownerOfBinary(bytes) { throw unrecognized("it looks like \(owner)") }
    if let fault = notSavedByXGBoost(bytes) { throw fault }
    switch first {
    case UInt8(ascii: "{"): return try formatOfJSON(bytes)
    case UInt8(ascii: "["):
      // JSON that is broken is told apart from JSON that is something else.
      var json = SourceJSONReader(bytes, in: 0..<bytes.count)
      try json.skipValue()
      throw unrecognized("it is a JSON array")
    case UInt8(ascii: "<"): return .pmml
    default: throw unrecognized("its beginning is that of no known format")
    }
  }

  /// The format of a JSON object, by the first key that tells.
  private static func formatOfJSON(_ bytes: Span<UInt8>) throws(Fault) -> Format {
    var json = SourceJSONReader(bytes, in: 0..<bytes.count)
    try json.enterObject()
    guard let key = try json.nextKey() else { return .lightGBMJSON }
    switch key {
    case "learner", "Config", "Model": return .xgBoostJSON
    case _ where CatBoostFileKey.matching(key.rawBytes, after: nil) != nil: return .catBoostJSON
    case "version": return try json.peekKind() == .array ? .xgBoostJSON : .lightGBMJSON
    default: return .lightGBMJSON
    }
  }

  /// A brace, then the length of a key, where JSON has a quotation mark or a blank.
  private static func isUBJSONObject(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 1, bytes[0] == UInt8(ascii: "{") else { return false }
    return "iUIulmLM".utf8.contains(bytes[1])
  }

  /// Whether this is XGBoost's deprecated binary format: "binf", or in the oldest versions
  /// nothing, then a structure of 136 bytes and the name of the objective behind its length.
  private static func isXGBoostBinary(_ bytes: Span<UInt8>) -> Bool {
    if bytes.hasPrefix("binf") { return true }
    let start = 136
    guard bytes.count > start + 8, bytes[start] < 64 else { return false }
    let name = start + 8..<start + 8 + Int(bytes[start])
    guard (start + 1..<start + 8).allSatisfy({ bytes[$0] == 0 }), name.upperBound <= bytes.count,
      name.contains(where: { bytes[$0] == UInt8(ascii: ":") })
    else { return false }
    return name.allSatisfy { (0x21...0x7E).contains(bytes[$0]) }
  }

  /// Whether this is what XGBoost's `dump_model` writes for people, which lacks what
  /// predictions need.
  private static func isXGBoostDump(_ bytes: Span<UInt8>) -> Bool {
    if bytes.hasPrefix("booster[0]:") { return true }
    var cursor = ByteCursor(bytes)
    cursor.skipWhitespace()
    guard cursor.consume(UInt8(ascii: "[")) else { return false }
    cursor.skipWhitespace()
    guard cursor.consume(UInt8(ascii: "{")) else { return false }
    cursor.skipWhitespace()
    return cursor.consume("\"nodeid\"")
  }

  /// What is to be said of files that XGBoost writes besides models.
  private static func notSavedByXGBoost(_ bytes: Span<UInt8>) -> Fault? {
    if isXGBoostBinary(bytes) {
      return Fault(
        .unsupported, at: nil, "it is an XGBoost model in the deprecated binary format",
        remedy: "Load it with an XGBoost from 1.7 to 3.0 and save it as UBJSON: "
          + "booster.save_model('model.ubj')")
    }
    if isXGBoostDump(bytes) {
      return Fault(
        .unsupported, at: nil,
        "it is what XGBoost's dump_model writes, which lacks what predictions need",
        remedy: "Save the model with booster.save_model('model.ubj')")
    }
    return nil
  }

  static func unrecognized(_ appearance: String) -> Fault {
    Fault(
      .unrecognized, at: nil, "this is no model that treec reads: \(appearance)",
      remedy: "Formats that are read: \(readableFormats)")
  }

  private static func ownerOfBinary(_ bytes: Span<UInt8>) -> String? {
    if bytes.hasPrefix("PK\u{3}\u{4}") {
      return "a zip archive, such as a skops, joblib or NumPy file"
    }
    if bytes.hasPrefix("BZh") { return "a file compressed by bzip2; decompress it first" }
    let beginning = (0..<min(4, bytes.count)).map { bytes[$0] }
    guard beginning.count == 4 else { return nil }
    switch (beginning[0], beginning[1], beginning[2], beginning[3]) {
    case (0x1F, 0x8B, _, _): return "a file compressed by gzip; decompress it first"
    case (0x28, 0xB5, 0x2F, 0xFD): return "a file compressed by zstd; decompress it first"
    case (0xFD, 0x37, 0x7A, 0x58): return "a file compressed by xz; decompress it first"
    case (0x78, 0x01, _, _), (0x78, 0x9C, _, _), (0x78, 0xDA, _, _):
      return "a zlib stream, such as a compressed joblib file"
    case (0x80, 2...5, _, _):
      return "a Python pickle or joblib file; save the booster with save_model instead"
    // Fields 1 (IR version) and 2 (producer) of ONNX's ModelProto.
    case (0x08, 1...32, 0x12, _): return "an ONNX model"
    default: return nil
    }
  }
}
