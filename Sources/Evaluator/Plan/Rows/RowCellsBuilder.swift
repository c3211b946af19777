/// The contents of a cell table.
struct RowCellTables: Sendable {
  var columns: [UInt16] = []
  var starts: [UInt32] = []
  var values: [UInt8] = []

  /// Which cell and bound each predicate compares.
  struct Numbering: Sendable {
    var places: [(cell: Int, bound: Int)] = []
    var count = 0
    /// The first `rankCount` cells hold ranks, the others 0 or 1.
    var rankCount = 0
    /// Per rank cell and at the end, the number of its first predicate byte.
    var starts = [0]
    var byteCount = 0
    /// A predicate of each cell.
    var examples: [Int] = []

    init(_ predicates: [RowPredicate], _ columns: [RowColumn]) {
      struct Key: Hashable {
        var column: Int
        var missing: Int
      }
      var known: [Key: Int] = [:]
      for (p, predicate) in predicates.enumerated() {
        guard case .above(let column, let index, let side) = predicate,
          case .thresholds(let list, let rank) = columns[column]
        else {
          places.append((0, 255))
          continue
        }
        let missing = side == .column ? rank : side == .right ? list.count : 0
        let key = Key(column: column, missing: missing)
        let cell = known[key, default: count]
        if cell == count {
          known[key] = cell
          add(p, states: list.count + 2)
          starts.append(starts[cell] + list.count)
        }
        places.append((cell, index))
      }
      rankCount = count
      for (p, predicate) in predicates.enumerated() {
        guard case .isMember(_, let classes) = predicate else { continue }
        places[p] = (count, 0)
        add(p, states: classes.count)
      }
    }

    /// The number of predicate bytes.
    var predicateCount: Int { starts[rankCount] + count - rankCount }

    /// The number of a predicate's byte.
    func byte(_ predicate: Int) -> Int {
      let (cell, bound) = places[predicate]
      return cell < rankCount ? starts[cell] + bound : starts[rankCount] + cell - rankCount
    }

    private mutating func add(_ predicate: Int, states: Int) {
      examples.append(predicate)
      count += 1
      byteCount += states + 6
    }
  }

  init(_ numbering: Numbering, predicates: [RowPredicate], columns: [RowColumn]) {
    for p in numbering.examples {
      self.columns.append(UInt16(predicates[p].column))
      starts.append(UInt32(values.count))
      switch predicates[p] {
      case .isMember(_, let classes):
        values += classes.map { $0 ? 1 : 0 }
      case .above(let column, _, let side):
        guard case .thresholds(let list, let own) = columns[column] else { continue }
        let missing = side == .column ? own : side == .right ? list.count : 0
        values += (0...list.count).map { UInt8($0) } + [UInt8(missing)]
      }
    }
  }
}
