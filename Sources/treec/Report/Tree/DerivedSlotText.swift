import TreeIR

/// What a slot of the scoring graph holds, in words: the name of an expression, or how operations
/// make it of columns.
struct DerivedSlotText {
  private let model: TreeModel

  /// Operations in one another that are written out.
  private static let shownDepth = 4

  init(_ model: TreeModel) {
    self.model = model
  }

  func text(of slot: Int) -> String { text(of: slot, depth: 0) }

  private func text(of slot: Int, depth: Int) -> String {
    if slot < model.input.count { return model.input.columns[slot].name }
    guard depth < Self.shownDepth,
      let operation = model.operations.first(where: { $0.results.contains(slot) })
    else { return "value \(slot)" }
    func operand(_ operand: Operand) -> String {
      switch operand {
      case .slot(let slot): text(of: slot, depth: depth + 1)
      case .constant(let number): "\(number)"
      }
    }
    switch operation.kind {
    case .computation(let computation):
      return slot == computation.output ? computation.name : "\(computation.name) fails"
    case .arithmetic(let arithmetic):
      let (left, right) = (operand(arithmetic.left), operand(arithmetic.right))
      // A sum with nothing rounds to Float.
      if arithmetic.precision == .float32, arithmetic.op == .add,
        arithmetic.right == .constant(0)
      {
        return "float(\(left))"
      }
      return "(\(left) \(arithmetic.op.symbol) \(right))"
    case .comparison(let comparison):
      let right = category(comparison) ?? operand(comparison.right)
      return "(\(operand(comparison.left)) \(comparison.condition.symbol) \(right))"
    case .logic(let logic):
      let inputs = logic.inputs.map { text(of: $0, depth: depth + 1) }
      switch logic.op {
      case .and: return "(\(inputs.joined(separator: " and ")))"
      case .or: return "(\(inputs.joined(separator: " or ")))"
      case .not: return "not \(inputs[0])"
      case .isMissing: return "missing(\(inputs.joined(separator: ", ")))"
      }
    default: return "value \(slot)"
    }
  }

  /// The text that a column of strings is compared with.
  private func category(_ comparison: Comparison) -> String? {
    guard case .slot(let slot) = comparison.left, slot < model.input.count,
      case .field(let rules) = model.input.columns[slot].kind, rules.type == .string,
      case .constant(let number) = comparison.right, let code = Int(exactly: number)
    else { return nil }
    return model.text(code)?.quotedInList
  }
}

extension TreeModel {
  /// The text that a number stands for in slots of strings.
  func text(_ code: Int) -> String? {
    texts.indices.contains(code) ? texts[code] : nil
  }
}

extension Arithmetic.Operator {
  fileprivate var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    }
  }
}
