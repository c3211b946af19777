import TextCodec
import TreeIR

/// Reads a split of a tree, and compares what it says with the split that its index names.
struct CatBoostJSONSplit {
  let splits: CatBoostSplits

  @_lifetime(json: copy json)
  func read(_ json: inout SourceJSONReader) throws(Fault) -> Split {
    let start = json.position
    var index = -1
    var indexOffset = start
    var kind = ""
    var border: Float?
    var value: Int32?
    var feature: Int?
    var target: Int?
    try json.readMembers(requiring: [.index, .kind]) {
      (key: CatBoostSplitKey, json: inout SourceJSONReader) throws(Fault) in
      switch key {
      case .border: border = try json.readFloat()
      case .categoricalFeature, .numericFeature: feature = try json.readInteger()
      case .targetBorder: target = try json.readInteger()
      case .index:
        indexOffset = json.position
        index = try json.readInteger()
      case .kind: kind = try json.readString()
      case .value: value = try json.readHash()
      }
    }
    let place = SourcePlace(offset: indexOffset, path: CatBoostSplitKey.index.name)
    let split = try splits.split(index, at: place)
    let agrees: Bool
    switch (kind, splits.descriptions[index]) {
    case ("FloatFeature", .numeric(let number, let limit)):
      agrees = feature == number && border == limit
    case ("OneHotFeature", .oneHot(let number, let hash)):
      agrees = feature == number && value == hash
    case ("OnlineCtr", .statistic(let number, let limit)):
      agrees = target == number && border == limit
    case ("FloatFeature", _), ("OneHotFeature", _), ("OnlineCtr", _): agrees = false
    default:
      throw Fault(
        .unsupported, at: start, key: CatBoostSplitKey.kind.name,
        "\(quoted(kind)) is none of the splits FloatFeature, OneHotFeature and OnlineCtr",
        remedy: Remedy.newerTreec)
    }
    guard agrees else {
      throw place.fault(
        .invalid,
        "split \(index) of the features, \(splits.descriptions[index]), is another than this "
          + "\(kind) says")
    }
    return split
  }
}
