import TreeIR

/// Which column of a block holds what: one for every slot that is named, in the order of slots, so
/// that a range of slots is a range of columns; then constants, and numbers that only an operation
/// itself needs.
struct ColumnNumbers {
  /// The slots that have a column, ascending.
  let slots: [Int]
  private(set) var count: Int
  private(set) var constants: [GraphPlan.Constant] = []
  private let columns: [Int: Int]
  private var constantColumns: [UInt64: Int] = [:]

  init(of slots: Set<Int>) {
    self.slots = slots.sorted()
    columns = Dictionary(
      uniqueKeysWithValues: self.slots.enumerated().map { ($0.element, $0.offset) })
    count = self.slots.count
  }

  /// The column of a slot that is known to have one.
  func column(_ slot: Int) -> Int {
    guard let column = columns[slot] else { preconditionFailure("slot \(slot) has no column") }
    return column
  }

  func columns(_ slots: Range<Int>) -> Range<Int> {
    guard let first = slots.first else { return 0..<0 }
    return column(first)..<column(first) + slots.count
  }

  mutating func column(_ operand: Operand) -> Int {
    switch operand {
    case .slot(let slot): return column(slot)
    case .constant(let value):
      if let column = constantColumns[value.bitPattern] { return column }
      let column = addColumn()
      constantColumns[value.bitPattern] = column
      constants.append(GraphPlan.Constant(value: value, column: column))
      return column
    }
  }

  /// A column that no other operation knows.
  mutating func addColumn() -> Int {
    count += 1
    return count - 1
  }
}
