import TreeIR

/// What a model gives for a row, in slots; all are missing where it gives nothing.
struct PMMLPrediction {
  /// The number, or the class.
  var value: PMMLField
  var isClassification: Bool
  /// The probabilities of classes, in the order in which they are met; empty where the model has
  /// none.
  var shares: [(label: Double, slot: Int)] = []
  var confidences: [(label: Double, slot: Int)] = []
  /// By position in ``shares``, the slot of the class's place in the row's own list, missing where
  /// it is not there; empty where all rows have the classes of ``shares``.
  var places: [Int] = []
  /// Whether classes are values of the target's type for JPMML, and not texts.
  var keysAreTyped = false
  /// The number or name of the leaf.
  var entity: PMMLField?
  /// What the model calls its results, in order; those of models inside it first.
  var outputs: [(name: String, field: PMMLField)] = []
  /// Those of ``outputs`` that the model's own Output has.
  var ownOutputs: [(name: String, field: PMMLField)] = []
  /// The segments by id, where they are scored one by one.
  var segments: [String: PMMLPrediction] = [:]
  /// By class, what it is shown as.
  var displayTexts: [(label: Double, text: String)] = []
  /// The results of segments before the last of a chain, which are no results of the model.
  var chained: [(name: String, field: PMMLField)] = []
  /// The predictions of segments that all give results; empty for other models.
  var parts: [PMMLPrediction] = []
  /// Whether the value is the text of a list.
  var isList = false
  /// The name of the target; nil where the model has none.
  var target: String?
  /// Where it depends on the row which model is chosen, and so which target there is: the slot of
  /// the code of its name, −1 for none.
  var targetSlot: Int?
}

/// What is asked of a model beside its value.
struct PMMLNeeds {
  var shares = false
  /// Whether it matters where each class stands in the list of them that a row has.
  var places = false
  var confidences = false
  var entity = false

  func union(_ other: PMMLNeeds) -> PMMLNeeds {
    PMMLNeeds(
      shares: shares || other.shares, places: places || other.places,
      confidences: confidences || other.confidences,
      entity: entity || other.entity)
  }
}

/// Where a model stands.
struct PMMLContext {
  var scope: PMMLScope
  /// The type of the class labels of the models around; nil where there are none.
  var labelType: FieldType?
  var needs = PMMLNeeds()
  /// Whether the models around, as far as they put results together, have a target.
  var inheritsKeys = false
  /// The classes that the target's DataField lists.
  var targetTexts: [String] = []
}
