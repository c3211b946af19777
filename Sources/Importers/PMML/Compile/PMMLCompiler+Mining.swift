import TreeIR

/// A Segment of a MiningModel.
struct PMMLSegment {
  var element: XMLElement
  var model: XMLElement
  var id: String
  var weight: Double
  var predicate: PMMLPredicate

  init(_ element: XMLElement, number: Int) throws(Fault) {
    self.element = element
    id = element["id"] ?? String(number + 1)
    weight = try element.optionalNumber("weight") ?? 1
    var predicate: PMMLPredicate?
    var model: XMLElement?
    for child in element.children {
      switch child.name {
      case "SimplePredicate", "SimpleSetPredicate", "CompoundPredicate", "True", "False":
        predicate = try PMMLPredicate(child)
      default: model = child
      }
    }
    guard let predicate else { throw element.fault("the segment has no predicate") }
    guard let model else { throw element.fault("the segment has no model") }
    self.predicate = predicate
    self.model = model
  }
}

extension PMMLCompiler {
  /// A MiningModel.
  func miningPrediction(
    _ element: XMLElement, _ context: PMMLContext
  ) throws(Fault) -> PMMLPrediction {
    guard let segmentation = element.child("Segmentation") else {
      throw element.fault(
        "the model has no Segmentation", .unsupported,
        remedy: "treec reads models in segments")
    }
    var segments: [PMMLSegment] = []
    var ids: Set<String> = []
    for (number, child) in segmentation.children("Segment").enumerated() {
      let segment = try PMMLSegment(child, number: number)
      guard ids.insert(segment.id).inserted else {
        throw child.fault("the id '\(segment.id)' stands twice")
      }
      segments.append(segment)
    }
    guard !segments.isEmpty else { throw segmentation.fault("there are no segments") }
    let isClassification = try isClassification(element)
    let precision = try NumericProfile.Precision(mathContextOf: element)
    let method = try segmentation.required("multipleModelMethod")
    let missing = try PMMLMissingTreatment(segmentation, isNew: document.isNewest)
    let combination = PMMLCombination(
      element: element, segmentation: segmentation, segments: segments, missing: missing,
      precision: precision)
    switch method {
    case "modelChain": return try chain(combination, context)
    case "x-multiModelChain": return try multipleChain(combination, context)
    case "selectFirst": return try firstOf(combination, context)
    case "selectAll": return try listOfAll(combination, context)
    case "max" where !isClassification:
      throw segmentation.fault("max is for classification", .unsupported)
    case "max", "sum", "weightedSum", "average", "weightedAverage", "median", "weightedMedian":
      return isClassification
        ? try averageOfShares(combination, method, context)
        : try combinedNumber(combination, method, context)
    case "majorityVote", "weightedMajorityVote":
      guard isClassification else {
        throw segmentation.fault("votes are for classification", .unsupported)
      }
      return try vote(combination, isWeighted: method == "weightedMajorityVote", context)
    default: throw segmentation.unknown("multipleModelMethod", method)
    }
  }
}

/// The segments of a model, and how they are put together.
struct PMMLCombination {
  var element: XMLElement
  var segmentation: XMLElement
  var segments: [PMMLSegment]
  var missing: PMMLMissingTreatment
  var precision: NumericProfile.Precision
}

/// What becomes of segments without a prediction.
struct PMMLMissingTreatment {
  /// They are left out, unless their share of the weight is above the threshold; nil where any of
  /// them leaves the model without a prediction.
  var skipThreshold: Double?
  /// Whether the first segment without a prediction ends everything.
  var returnsMissing = false
  /// The share of the weight that segments without a prediction may have.
  var threshold = 1.0

  /// - Parameter isNew: Whether the document is of PMML 4.4, which has attributes of its own.
  init(_ segmentation: XMLElement, isNew: Bool) throws(Fault) {
    let prefix = isNew ? "-" : "x-"
    if let text = segmentation["missingThreshold"] ?? segmentation[prefix + "missingThreshold"] {
      threshold = try segmentation.number(text, "missingThreshold")
    }
    switch segmentation["missingPredictionTreatment"]
      ?? segmentation[prefix + "missingPredictionTreatment"]
    {
    case nil, "continue": skipThreshold = nil
    case "returnMissing": returnsMissing = true
    case "skipSegment":
      skipThreshold = threshold
    case let name?: throw segmentation.unknown("missingPredictionTreatment", name)
    }
  }
}
