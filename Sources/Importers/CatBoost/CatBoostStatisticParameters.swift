import TextCodec

/// Reads from the parameters of training how statistics of categories (CTRs) were made.
enum CatBoostStatisticParameters {
  /// The types of statistics that one list of descriptions has with several binarizations of the
  /// target.
  ///
  /// - Parameter json: Before the value of `cat_feature_params`.
  @_lifetime(json: copy json)
  static func ambiguousTypes(_ json: inout SourceJSONReader) throws(Fault) -> Set<String> {
    var ambiguous: Set<String> = []
    try json.enterObject()
    while let name = try json.nextName() {
      switch name {
      case "simple_ctrs", "combinations_ctrs": try readList(&json, &ambiguous)
      case "per_feature_ctrs":
        guard try json.peekKind() == .object else {
          try json.skipValue()
          continue
        }
        try json.enterObject()
        while try json.nextKey() != nil { try readList(&json, &ambiguous) }
      default: try json.skipValue()
      }
    }
    return ambiguous
  }

  @_lifetime(json: copy json)
  private static func readList(
    _ json: inout SourceJSONReader, _ ambiguous: inout Set<String>
  ) throws(Fault) {
    guard try json.peekKind() == .array else { return try json.skipValue() }
    var binarizations: [String: String] = [:]
    try json.enterArray()
    while try json.nextElement() {
      guard try json.peekKind() == .object else {
        try json.skipValue()
        continue
      }
      var type = ""
      var binarization = ""
      try json.enterObject()
      while let name = try json.nextName() {
        switch name {
        case "ctr_type": type = try json.readString()
        case "target_binarization":
          let value = try json.readRawValue()
          binarization = value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        default: try json.skipValue()
        }
      }
      if let other = binarizations.updateValue(binarization, forKey: type), other != binarization {
        ambiguous.insert(type)
      }
    }
  }
}
