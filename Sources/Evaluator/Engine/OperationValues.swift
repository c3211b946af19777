import TreeIR

// What each operation of the scoring graph computes; slots hold NaN where a value is
// missing, and truth values as 1 and 0.

extension Operand {
  func value(_ slots: [Double]) -> Double {
    switch self {
    case .slot(let slot): slots[slot]
    case .constant(let value): value
    }
  }
}

extension NumericProfile.Precision {
  /// `op(left, right)`, rounded once.
  func apply(_ op: Arithmetic.Operator, _ left: Double, _ right: Double) -> Double {
    switch self {
    case .float64: Self.apply(op, left, right)
    case .float32: Double(Self.apply(op, Float(left), Float(right)))
    }
  }

  private static func apply<Value: BinaryFloatingPoint>(
    _ op: Arithmetic.Operator, _ left: Value, _ right: Value
  ) -> Value {
    switch op {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    }
  }
}

extension Arithmetic {
  func value(_ slots: [Double]) -> Double {
    precision.apply(op, left.value(slots), right.value(slots))
  }
}

extension Comparison {
  func value(_ slots: [Double]) -> Double {
    let left = left.value(slots)
    let right = right.value(slots)
    if left.isNaN || right.isNaN { return .nan }
    return condition.holds(left, right) ? 1 : 0
  }
}

extension Logic {
  func value(_ slots: [Double]) -> Double {
    switch op {
    case .and: decided(by: 0, slots)
    case .or: decided(by: 1, slots)
    case .not: 1 - slots[inputs[0]]
    case .isMissing: inputs.contains { slots[$0].isNaN } ? 1 : 0
    }
  }

  /// One input with the deciding value settles it; else an unknown one leaves it unknown.
  private func decided(by deciding: Double, _ slots: [Double]) -> Double {
    var result = 1 - deciding
    for slot in inputs {
      if slots[slot] == deciding { return deciding }
      if slots[slot].isNaN { result = .nan }
    }
    return result
  }
}

extension Aggregate {
  func run(_ slots: inout [Double]) {
    switch method {
    case .sum, .average: add(&slots)
    case .median, .weightedMedian:
      for position in 0..<outputs.count {
        slots[outputs.lowerBound + position] = middle(at: position, slots)
      }
    }
  }

  private func add(_ slots: inout [Double]) {
    var totalWeight = 0.0
    for slot in outputs { slots[slot] = 0 }
    var anySegment = false
    for segment in segments {
      if let predicate = segment.predicate, slots[predicate] != 1 { continue }
      anySegment = true
      totalWeight = precision.apply(.add, totalWeight, segment.weight)
      for (output, slot) in zip(outputs, segment.values) {
        let value =
          segment.weight == 1
          ? slots[slot] : precision.apply(.multiply, segment.weight, slots[slot])
        slots[output] = precision.apply(.add, slots[output], value)
      }
    }
    for slot in outputs {
      if !anySegment {
        slots[slot] = .nan
      } else if method == .average {
        slots[slot] = precision.apply(.divide, slots[slot], totalWeight)
      }
    }
  }

  private func middle(at position: Int, _ slots: [Double]) -> Double {
    var values: [(value: Double, weight: Double)] = []
    for segment in segments {
      if let predicate = segment.predicate, slots[predicate] != 1 { continue }
      let value = slots[segment.values.lowerBound + position]
      if value.isNaN { return .nan }
      // Those of the same value stay in their order.
      let place = values.firstIndex { $0.value > value } ?? values.count
      values.insert((value, segment.weight), at: place)
    }
    if values.isEmpty { return .nan }
    if method == .median {
      let upper = values[values.count / 2].value
      guard values.count % 2 == 0 else { return upper }
      let lower = values[values.count / 2 - 1].value
      let half = precision.apply(.multiply, 0.5, precision.apply(.subtract, upper, lower))
      return precision.apply(.add, lower, half)
    }
    let half = 0.5 * values.reduce(0) { $0 + $1.weight }
    var weight = 0.0
    for (value, share) in values {
      weight += share
      if weight >= half { return value }
    }
    return values[values.count - 1].value
  }
}

extension Vote {
  func run(_ slots: inout [Double]) {
    var sums: [(label: Double, weight: Double)] = []
    var missing = 0.0
    var total = 0.0
    for ballot in ballots {
      if let predicate = ballot.predicate, slots[predicate] != 1 { continue }
      let label = slots[ballot.slot]
      if label.isNaN {
        missing = precision.apply(.add, missing, ballot.weight)
        continue
      }
      total = precision.apply(.add, total, ballot.weight)
      if let place = sums.firstIndex(where: { $0.label == label }) {
        sums[place].weight = precision.apply(.add, sums[place].weight, ballot.weight)
      } else {
        sums.append((label, ballot.weight))
      }
    }
    var elected: (label: Double, weight: Double)?
    for sum in sums where sum.weight > elected?.weight ?? -.infinity { elected = sum }
    if let weight = elected?.weight, !skipsMissing, missing > weight { elected = nil }
    slots[outputs.lowerBound] = elected?.label ?? .nan
    for (position, label) in classes.enumerated() {
      let weight = sums.first { $0.label == label }?.weight ?? 0
      slots[outputs.lowerBound + 1 + position] =
        elected == nil ? .nan : precision.apply(.divide, weight, total)
    }
  }
}

extension Select {
  func value(_ slots: [Double]) -> Double {
    switch slots[condition] {
    case 1: then.value(slots)
    case 0: otherwise.value(slots)
    default: .nan
    }
  }
}

extension LinearSum {
  func value(_ slots: [Double]) -> Double {
    var sum = start
    for term in terms where !slots[term.slot].isNaN {
      let product = precision.apply(.multiply, slots[term.slot], term.coefficient)
      sum = precision.apply(.add, sum, product)
    }
    return sum
  }
}

extension Argmax {
  func position(_ slots: [Double]) -> Int {
    var best = 0
    for position in inputs.indices {
      let value = slots[inputs[position]]
      if value.isNaN && nanRule == .isLargest { return position }
      if value > slots[inputs[best]] { best = position }
    }
    return best
  }
}
