import TreeIR

/// The texts of values.
enum PMMLText {
  /// The number that stands for a value of a type; nil where the text is none.
  static func number(_ text: String, _ type: FieldType) -> Double? { type.number(text) }
}
