import TextCodec
import TreeIR

/// Recognizes formats by their content; names of files play no part.
enum FormatSniffer {
  /// Formats that can be read.
  enum Format {
    case lightGBMText
    case json
  }

  static let readableFormats =
    "LightGBM text (save_model), LightGBM JSON (dump_model) and treec's own .tir"

  /// The format of `bytes`.
  ///
  /// - Throws: ``Fault`` that says what the bytes look like instead.
  static func format(of bytes: Span<UInt8>) throws(Fault) -> Format {
    if LightGBMTextReader.recognizes(bytes) { return .lightGBMText }
    var cursor = ByteCursor(bytes)
    cursor.skipWhitespace()
    guard let first = cursor.peek() else { throw unrecognized("it is empty") }
    if let owner = ownerOfBinary(bytes) { throw unrecognized("it looks like \(owner)") }
    switch first {
    case UInt8(ascii: "{"): return .json
    case UInt8(ascii: "["):
      // JSON that is broken is told apart from JSON that is something else.
      var json = SourceJSONReader(bytes, in: 0..<bytes.count)
      try json.skipValue()
      throw unrecognized("it is a JSON array")
    case UInt8(ascii: "<"): throw unrecognized("it looks like XML, such as PMML")
    default: throw unrecognized("its beginning is that of no known format")
    }
  }

  /// The program that writes JSON objects with `key` at the top.
  static func owner(ofJSONKey key: String) -> String? {
    switch key {
    case "learner": "an XGBoost JSON model"
    case "oblivious_trees", "trees", "features_info", "model_info", "scale_and_bias", "ctr_data":
      "a CatBoost JSON model"
    default: nil
    }
  }

  static func unrecognized(_ appearance: String) -> Fault {
    Fault(
      .unrecognized, at: nil, "this is no model that treec reads: \(appearance)",
      remedy: "Formats that are read: \(readableFormats)")
  }

  private static func ownerOfBinary(_ bytes: Span<UInt8>) -> String? {
    if bytes.hasPrefix("CBM1") { return "a CatBoost cbm model" }
    if bytes.hasPrefix("binf") { return "an XGBoost binary model of an old version" }
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
    // An object in UBJSON: a brace, then the length of a key.
    case (0x7B, 0x4C, _, _), (0x7B, 0x69, _, _), (0x7B, 0x55, _, _):
      return "a UBJSON file, such as an XGBoost model"
    // Fields 1 (IR version) and 2 (producer) of ONNX's ModelProto.
    case (0x08, 1...32, 0x12, _): return "an ONNX model"
    default: return nil
    }
  }
}
