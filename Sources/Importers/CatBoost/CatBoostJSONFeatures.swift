import TextCodec

/// Reads `features_info`.
enum CatBoostJSONFeatures {
  @_lifetime(json: copy json)
  static func read(_ json: inout SourceJSONReader) throws(Fault) -> CatBoostFeatures {
    var features = CatBoostFeatures()
    // Where all features have been dropped.
    if try json.peekKind() == .null {
      try json.readNull()
      return features
    }
    try json.readMembers {
      (key: CatBoostFeaturesKey, json: inout SourceJSONReader) throws(Fault) in
      if try json.peekKind() == .null {
        try json.readNull()
        return
      }
      let offset = json.position
      switch key {
      case .numeric:
        try json.readList(path(key)) { (json, place) throws(Fault) in
          features.numeric.append(try readNumeric(&json, place))
        }
      case .categorical:
        try json.readList(path(key)) { (json, place) throws(Fault) in
          try readCategorical(&json, place, into: &features)
        }
      case .statistics:
        try json.readList(path(key)) { (json, place) throws(Fault) in
          features.statistics.append(try readStatistic(&json, place))
        }
      case .texts:
        try json.readList { (json, _) throws(Fault) in
          features.texts.append(try readText(&json))
        }
      case .text, .embedding:
        try json.enterArray()
        guard try !json.nextElement() else {
          throw CatBoostRemedy.unsupportedFeatures(
            key == .text ? "text" : "embedding", SourcePlace(offset: offset))
        }
      }
    }
    return features
  }

  private static func path(_ key: CatBoostFeaturesKey) -> String {
    "\(CatBoostFileKey.features.name).\(key.name)"
  }

  /// The name stands twice in files of newer versions, and may be empty.
  @_lifetime(json: copy json)
  private static func readName(
    _ json: inout SourceJSONReader, into name: inout String
  ) throws(Fault) {
    let text = try json.readString()
    if name.isEmpty { name = text }
  }

  @_lifetime(json: copy json)
  private static func readNumeric(
    _ json: inout SourceJSONReader, _ place: SourcePlace
  ) throws(Fault) -> CatBoostFeatures.Numeric {
    var feature = CatBoostFeatures.Numeric()
    feature.place = place
    try json.readMembers(requiring: [
      .borders, .index, .column, .hasMissing, .missingTreatment,
    ]) {
      (key: CatBoostFeatureKey, json: inout SourceJSONReader) throws(Fault) in
      let offset = json.position
      switch key {
      case .borders:
        if try json.peekKind() == .null {
          try json.readNull()
        } else {
          try json.readFloats(into: &feature.borders)
        }
      case .id, .name: try readName(&json, into: &feature.name)
      case .index: feature.index = try json.readInteger()
      case .column: feature.column = try json.readInteger()
      case .hasMissing: feature.hasMissing = try json.readBool()
      case .missingTreatment:
        switch try json.readString() {
        case "AsIs": feature.treatment = .asIs
        case "AsFalse": feature.treatment = .asFalse
        case "AsTrue": feature.treatment = .asTrue
        case let text:
          throw Fault(
            .unsupported, at: offset,
            "\(quoted(text)) is none of the treatments AsIs, AsFalse and AsTrue",
            remedy: Remedy.newerTreec)
        }
      case .stringValues, .usedInModel, .values: try json.skipValue()
      }
    }
    return feature
  }

  @_lifetime(json: copy json)
  private static func readCategorical(
    _ json: inout SourceJSONReader, _ place: SourcePlace, into features: inout CatBoostFeatures
  ) throws(Fault) {
    var feature = CatBoostFeatures.Categorical()
    feature.place = place
    var oneHot: CatBoostFeatures.OneHot?
    try json.readMembers(requiring: [.index, .column]) {
      (key: CatBoostFeatureKey, json: inout SourceJSONReader) throws(Fault) in
      switch key {
      case .id, .name: try readName(&json, into: &feature.name)
      case .index: feature.index = try json.readInteger()
      case .column: feature.column = try json.readInteger()
      case .values:
        if try json.peekKind() == .null {
          try json.readNull()
        } else {
          var values: [Int32] = []
          let offset = json.position
          try json.readIntegers(into: &values)
          oneHot = CatBoostFeatures.OneHot(
            values: values, place: SourcePlace(offset: offset, path: place.path + ".values"))
        }
      case .borders, .hasMissing, .missingTreatment, .stringValues, .usedInModel:
        try json.skipValue()
      }
    }
    features.categorical.append(feature)
    if var oneHot {
      oneHot.feature = feature.index
      features.oneHot.append(oneHot)
    }
  }

  @_lifetime(json: copy json)
  private static func readStatistic(
    _ json: inout SourceJSONReader, _ place: SourcePlace
  ) throws(Fault) -> CatBoostFeatures.Statistic {
    var statistic = CatBoostFeatures.Statistic()
    statistic.place = place
    try json.readMembers(requiring: [
      .borders, .type, .elements, .priorDenominator, .priorNumerator, .scale, .shift,
      .targetBorder,
    ]) {
      (key: CatBoostStatisticKey, json: inout SourceJSONReader) throws(Fault) in
      switch key {
      case .borders: try json.readFloats(into: &statistic.borders)
      case .type: statistic.key.type = try readType(&json)
      case .elements: try readElements(&json, into: &statistic.key)
      case .identifier: try json.skipValue()
      case .priorDenominator: statistic.priorDenominator = try json.readFiniteFloat()
      case .priorNumerator: statistic.priorNumerator = try json.readFiniteFloat()
      case .scale: statistic.scale = try json.readFiniteFloat()
      case .shift: statistic.shift = try json.readFiniteFloat()
      case .targetBorder: statistic.targetBorder = try json.readInteger()
      }
    }
    return statistic
  }

  @_lifetime(json: copy json)
  static func readType(
    _ json: inout SourceJSONReader
  ) throws(Fault) -> CatBoostStatisticType {
    let offset = json.position
    let text = try json.readText()
    for type in CatBoostStatisticType.allCases where text.equals(type.name) { return type }
    throw Fault(
      .unsupported, at: offset, "\(quoted(text.makeString())) is an unknown type of CTR",
      remedy: Remedy.newerTreec)
  }

  /// Adds the features of a combination to `key`.
  @_lifetime(json: copy json)
  static func readElements(
    _ json: inout SourceJSONReader, into key: inout CatBoostTableKey
  ) throws(Fault) {
    try json.readList { (json, _) throws(Fault) in
      let start = json.position
      var feature: (numeric: Int?, categorical: Int?)
      var border: Float?
      var value: Int32?
      var kind = ""
      try json.readMembers(requiring: [.kind]) {
        (key: CatBoostElementKey, json: inout SourceJSONReader) throws(Fault) in
        switch key {
        case .border: border = try json.readFloat()
        case .categoricalFeature: feature.categorical = try json.readInteger()
        case .kind: kind = try json.readString()
        case .numericFeature: feature.numeric = try json.readInteger()
        case .value: value = try json.readHash()
        }
      }
      switch (kind, feature.categorical, feature.numeric, border, value) {
      case ("cat_feature_value", let feature?, nil, nil, nil): key.categories.append(feature)
      case ("float_feature", nil, let feature?, let border?, nil):
        key.floatSplits.append(.init(feature: feature, border: border))
      case ("cat_feature_exact_value", let feature?, nil, nil, let value?):
        key.oneHotTests.append(.init(feature: feature, value: value))
      default:
        throw Fault(
          .unsupported, at: start,
          "\(quoted(kind)) is an unknown element of a combination, or one of its keys is missing",
          remedy: Remedy.newerTreec)
      }
    }
  }

  @_lifetime(json: copy json)
  private static func readText(
    _ json: inout SourceJSONReader
  ) throws(Fault) -> (hash: Int32, text: String) {
    var hash: Int32 = 0
    var text = ""
    try json.readMembers(requiring: [.hash, .value]) {
      (key: CatBoostTextKey, json: inout SourceJSONReader) throws(Fault) in
      switch key {
      case .hash: hash = try json.readHash()
      case .value: text = try json.readString()
      }
    }
    return (hash, text)
  }
}
