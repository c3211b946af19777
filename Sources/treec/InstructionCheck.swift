import Evaluator

/// Says loudly when `TREEC_ISA` asks for what cannot be had.
enum InstructionCheck {
  static func run() throws {
    guard let name = InstructionSet.requestedName else { return }
    let available = InstructionSet.available.map(\.rawValue)
    guard available.contains(name) else {
      let known = InstructionSet.allCases.map(\.rawValue).contains(name)
      throw Failure(
        "TREEC_ISA=\(name) \(known ? "is not to be had on this machine" : "names no instructions")"
          + "; it may be \(available.joined(separator: ", "))")
    }
  }
}
