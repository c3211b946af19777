import TreeIR

// What each operation computes, a column at a time: the same numbers as in OperationValues, which
// has them a row at a time.

extension ColumnOperation {
  /// Runs the operation on all rows of `block`. Links and requirements are run elsewhere: these
  /// need more than columns.
  func run(_ block: ColumnBlock, _ lists: borrowing ColumnLists) {
    let output = outputs.lowerBound
    switch kind {
    case .arithmetic(let op, let precision, let left, let right):
      Self.compute(op, precision, left, right, output, block)
    case .comparison(let condition, let left, let right):
      Self.compare(condition, left, right, output, block)
    case .logic(let op, let inputs): decide(op, inputs, block, lists)
    case .aggregate(let aggregate): run(aggregate, block, lists)
    case .argmax(let inputs, let nanRule, let largest):
      findLargest(inputs, nanRule, largest, block, lists)
    case .select(let condition, let then, let otherwise):
      let (condition, then, otherwise) = (block[condition], block[then], block[otherwise])
      let output = block[output]
      for row in 0..<block.rowCount {
        let truth = condition[row]
        output[row] = truth == 1 ? then[row] : truth == 0 ? otherwise[row] : .nan
      }
    case .linear(let start, let terms, let precision):
      switch precision {
      case .float64: add(terms, to: start, .float64, block, lists)
      case .float32: add(terms, to: start, .float32, block, lists)
      }
    case .link, .requirement, .rowwise: break
    }
  }

  /// Makes the results of rows missing for which the guard is not 1.
  @inline(__always)
  func applyGuard(_ block: ColumnBlock) {
    guard let guardColumn else { return }
    for output in outputs { block.keep(output, where: guardColumn) }
  }

  // MARK: Of two columns

  private static func compute(
    _ op: Arithmetic.Operator, _ precision: NumericProfile.Precision, _ left: Int, _ right: Int,
    _ output: Int, _ block: ColumnBlock
  ) {
    @inline(__always)
    func loop(_ op: Arithmetic.Operator, _ precision: NumericProfile.Precision) {
      block.map(left, right, to: output) { precision.apply(op, $0, $1) }
    }
    switch (precision, op) {
    case (.float64, .add): loop(.add, .float64)
    case (.float64, .subtract): loop(.subtract, .float64)
    case (.float64, .multiply): loop(.multiply, .float64)
    case (.float64, .divide): loop(.divide, .float64)
    case (.float32, .add): loop(.add, .float32)
    case (.float32, .subtract): loop(.subtract, .float32)
    case (.float32, .multiply): loop(.multiply, .float32)
    case (.float32, .divide): loop(.divide, .float32)
    }
  }

  private static func compare(
    _ condition: SplitCondition, _ left: Int, _ right: Int, _ output: Int, _ block: ColumnBlock
  ) {
    @inline(__always)
    func loop(_ condition: SplitCondition) {
      block.map(left, right, to: output) { left, right in
        let isUnknown = left.isNaN || right.isNaN
        return isUnknown ? .nan : condition.holds(left, right) ? 1 : 0
      }
    }
    switch condition {
    case .lessOrEqual: loop(.lessOrEqual)
    case .less: loop(.less)
    case .greater: loop(.greater)
    case .greaterOrEqual: loop(.greaterOrEqual)
    case .equal: loop(.equal)
    case .notEqual: loop(.notEqual)
    case .inCategorySet, .notInCategorySet: loop(.inCategorySet)
    }
  }

  // MARK: Of lists

  private func decide(
    _ op: Logic.Operator, _ inputs: Range<Int>, _ block: ColumnBlock,
    _ lists: borrowing ColumnLists
  ) {
    let output = outputs.lowerBound
    let first = lists.inputs[inputs.lowerBound]
    switch op {
    case .not: block.map(first, to: output) { 1 - $0 }
    case .isMissing:
      block.map(first, to: output) { $0.isNaN ? 1 : 0 }
      for place in inputs.dropFirst() {
        block.update(output, with: lists.inputs[place]) { known, value in value.isNaN ? 1 : known }
      }
    case .and, .or:
      let deciding: Double = op == .and ? 0 : 1
      block.fill(output, with: 1 - deciding)
      for place in inputs {
        block.update(output, with: lists.inputs[place]) { known, value in
          known == deciding || value == deciding ? deciding : value.isNaN ? .nan : known
        }
      }
    }
  }

  private func findLargest(
    _ inputs: Range<Int>, _ nanRule: Argmax.NaNRule, _ largest: Int, _ block: ColumnBlock,
    _ lists: borrowing ColumnLists
  ) {
    let output = outputs.lowerBound
    block.fill(output, with: 0)
    block.map(lists.inputs[inputs.lowerBound], to: largest) { $0 }
    let (positions, best) = (block[output], block[largest])
    for place in inputs.dropFirst() {
      let position = Double(place - inputs.lowerBound)
      let values = block[lists.inputs[place]]
      for row in 0..<block.rowCount {
        let value = values[row]
        // The first NaN that is the largest stays it.
        let isNaN = nanRule == .isLargest && value.isNaN && !best[row].isNaN
        let isLarger = value > best[row] || isNaN
        positions[row] = isLarger ? position : positions[row]
        best[row] = isLarger ? value : best[row]
      }
    }
  }

  @inline(__always)
  private func add(
    _ terms: Range<Int>, to start: Double, _ precision: NumericProfile.Precision,
    _ block: ColumnBlock, _ lists: borrowing ColumnLists
  ) {
    @inline(__always)
    func add(_ value: Double, _ coefficient: Double, to sum: Double) -> Double {
      let product = precision.apply(.multiply, value, coefficient)
      return value.isNaN ? sum : precision.apply(.add, sum, product)
    }
    let sums = block[outputs.lowerBound]
    // So few that beginning a loop would take longer than running it.
    guard block.rowCount > 4 else {
      for row in 0..<block.rowCount {
        var sum = start
        for place in terms {
          let term = lists.terms[place]
          sum = add(block[term.column][row], term.coefficient, to: sum)
        }
        sums[row] = sum
      }
      return
    }
    block.fill(outputs.lowerBound, with: start)
    for place in terms {
      let term = lists.terms[place]
      block.update(outputs.lowerBound, with: term.column) { sum, value in
        add(value, term.coefficient, to: sum)
      }
    }
  }

  // MARK: Segments

  private func run(
    _ aggregate: AggregateColumns, _ block: ColumnBlock, _ lists: borrowing ColumnLists
  ) {
    switch aggregate.precision {
    case .float64: run(aggregate, .float64, block, lists)
    case .float32: run(aggregate, .float32, block, lists)
    }
  }

  @inline(__always)
  private func run(
    _ aggregate: AggregateColumns, _ precision: NumericProfile.Precision, _ block: ColumnBlock,
    _ lists: borrowing ColumnLists
  ) {
    let wantsWeight = aggregate.method == .average
    for output in outputs { block.fill(output, with: 0) }
    if wantsWeight { block.fill(aggregate.totalWeight, with: 0) }
    if let hasSegment = aggregate.hasSegment { block.fill(hasSegment, with: 0) }
    for place in aggregate.segments {
      let segment = lists.segments[place]
      let weight = segment.weight
      for (number, output) in outputs.enumerated() {
        let values = segment.firstValue + number
        if weight == 1 {
          block.update(output, with: values, where: segment.predicate) {
            precision.apply(.add, $0, $1)
          }
        } else {
          block.update(output, with: values, where: segment.predicate) {
            precision.apply(.add, $0, precision.apply(.multiply, weight, $1))
          }
        }
      }
      if wantsWeight {
        let total = aggregate.totalWeight
        block.update(total, with: total, where: segment.predicate) { sum, _ in
          precision.apply(.add, sum, weight)
        }
      }
      if let hasSegment = aggregate.hasSegment {
        block.update(hasSegment, with: hasSegment, where: segment.predicate) { _, _ in 1 }
      }
    }
    if wantsWeight {
      for output in outputs {
        block.update(output, with: aggregate.totalWeight) { precision.apply(.divide, $0, $1) }
      }
    }
    guard let hasSegment = aggregate.hasSegment else { return }
    for output in outputs { block.keep(output, where: hasSegment) }
  }
}

extension ColumnBlock {
  /// `output = body(output, input)`, for the rows in which `condition` is 1, or for all.
  @inline(__always)
  fileprivate func update(
    _ output: Int, with input: Int, where condition: Int?,
    _ body: (Double, Double) -> Double
  ) {
    guard let condition else { return update(output, with: input, body) }
    let (input, output, truths) = (self[input], self[output], self[condition])
    for row in 0..<rowCount {
      let value = body(output[row], input[row])
      output[row] = truths[row] == 1 ? value : output[row]
    }
  }
}
