import TextCodec
import TreeIR

/// What a model says of itself besides its trees: `model_info` in JSON, `InfoMap` in cbm. A value
/// is JSON in the one and text of JSON in the other, or in JSON too, if it is old.
struct CatBoostInfo {
  /// What was trained for.
  struct Loss {
    /// Without its parameters; empty where the file does not say.
    var type = ""
    /// With its parameters, as users write it: `Quantile:alpha=0.7`.
    var text = ""
  }

  private var ownLoss: Loss?
  /// What the sum of several models has instead of parameters of training.
  private var sumLoss: Loss?
  /// The version of CatBoost; empty where the file does not say.
  private(set) var version = ""
  /// What old files say of classes among the parameters of training.
  private var oldClasses = CatBoostClasses()
  private var ownClasses: CatBoostClasses?
  /// Above which probability a row is of class 1.
  private(set) var probabilityThreshold: Double?
  /// What else there is, short texts only.
  private(set) var attributes: [Provenance.Attribute] = []

  var classes: CatBoostClasses { ownClasses ?? oldClasses }

  var loss: Loss { ownLoss ?? sumLoss ?? Loss() }

  private(set) var lossPlace = SourcePlace()

  /// Whether the file has the parameters of training.
  private(set) var hasParameters = false
  /// Types of statistics (CTRs) that training made with several binarizations of the target for
  /// the same features.
  private(set) var ambiguousStatistics: Set<String> = []

  /// What training was told, which has no effect on predictions.
  private static let skipped: Set<String> = ["output_options", "training"]

  /// Reads the entry `name`, whose value is the next one of `json`.
  @_lifetime(json: copy json)
  mutating func read(_ name: String, _ json: inout SourceJSONReader) throws(Fault) {
    let place = SourcePlace(offset: json.position, path: "model_info.\(name)")
    if try json.peekKind() == .string {
      try read(name, text: try json.readString(), place)
      return
    }
    switch name {
    case "params":
      lossPlace = place
      do {
        try readParameters(&json)
      } catch {
        throw error.key.hasPrefix(place.path) ? error : error.inside(place.path)
      }
    case "loss_function": sumLoss = try Self.readLoss(&json)
    case "class_params", "multiclass_params":
      do {
        ownClasses = try CatBoostClasses.read(&json)
      } catch {
        throw error.inside(place.path)
      }
      ownClasses?.place = place
    case "binclass_probability_threshold":
      try read(name, text: "\(try json.readFiniteDouble())", place)
    default: try json.skipValue()
    }
  }

  /// Takes the entry `name`, whose value is `text`.
  mutating func read(_ name: String, text: String, _ place: SourcePlace) throws(Fault) {
    switch name {
    case "params", "class_params", "multiclass_params", "loss_function":
      if text.isEmpty { return }
      let bytes = Array(text.utf8)
      do {
        var json = SourceJSONReader(bytes.span, in: 0..<bytes.count)
        try read(name, &json)
        try json.expectEnd()
      } catch {
        // Offsets in the text are none in the file.
        var fault = error
        fault.offset = place.offset
        fault.key = place.path
        throw fault
      }
      if name == "params" { lossPlace = place }
      if name.hasSuffix("class_params") { ownClasses?.place = place }
    case "binclass_probability_threshold":
      let digits = Array(text.utf8)
      guard let threshold = Double(decimalText: digits.span), (0...1).contains(threshold) else {
        throw place.fault(
          .invalid, "the probability \(quoted(text)) is not a number from 0 to 1")
      }
      probabilityThreshold = threshold
    case "catboost_version_info": version = Self.version(in: text)
    case _ where Self.skipped.contains(name): break
    default:
      if text.utf8.count <= 1000 { attributes.append(.init(name: name, value: text)) }
    }
  }

  /// The version in a description that ends a line with `tags/v1.2.10`, or has it otherwise.
  private static func version(in description: String) -> String {
    for mark in ["tags/v", "CatBoost release ", "release "] {
      guard let start = description.ranges(of: mark).first?.upperBound else { continue }
      let version = description[start...].prefix { $0.isNumber || $0 == "." }
      if version.contains(".") { return String(version) }
    }
    return ""
  }

  // MARK: The loss

  @_lifetime(json: copy json)
  private mutating func readParameters(_ json: inout SourceJSONReader) throws(Fault) {
    hasParameters = true
    try json.enterObject()
    while let name = try json.nextName() {
      do {
        switch name {
        case "cat_feature_params":
          ambiguousStatistics = try CatBoostStatisticParameters.ambiguousTypes(&json)
        case "loss_function": ownLoss = try Self.readLoss(&json)
        case "data_processing_options":
          oldClasses = try CatBoostClasses.read(&json)
        default: try json.skipValue()
        }
      } catch {
        throw error.inside("model_info.params.\(name)")
      }
    }
  }

  @_lifetime(json: copy json)
  private static func readLoss(_ json: inout SourceJSONReader) throws(Fault) -> Loss {
    var type = ""
    var parameters: [String] = []
    try json.enterObject()
    while let name = try json.nextName() {
      switch name {
      case "type": type = try json.readString()
      case "params":
        guard try json.peekKind() == .object else {
          try json.skipValue()
          continue
        }
        try json.enterObject()
        while let parameter = try json.nextName() {
          // How CatBoost keeps the order of the others.
          if parameter == "__params_key_order" {
            try json.skipValue()
          } else if try json.peekKind() == .string {
            parameters.append("\(parameter)=\(try json.readString())")
          } else {
            let value = try json.readRawValue()
            let text = value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            parameters.append("\(parameter)=\(text)")
          }
        }
      default: try json.skipValue()
      }
    }
    return Loss(
      type: type, text: parameters.isEmpty ? type : "\(type):\(parameters.joined(separator: ";"))")
  }
}
