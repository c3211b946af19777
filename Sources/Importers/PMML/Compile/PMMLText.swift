import TextCodec
import TreeIR

/// The texts of values.
enum PMMLText {
  /// The number that stands for a value of a type; nil where the text is none.
  static func number(_ text: String, _ type: FieldType) -> Double? {
    let bytes = Array(text.utf8)
    switch type {
    case .double: return Double(decimalText: bytes.span).map { $0 == 0 ? 0 : $0 }
    case .float: return Double(decimalText: bytes.span).map { Double(Float($0)) }
    case .integer: return Double(decimalText: bytes.span).flatMap { Int32(exactly: $0) }.map(Double.init)
    case .boolean: return text == "true" ? 1 : text == "false" ? 0 : Double(decimalText: bytes.span)
    default: return nil
    }
  }
}
