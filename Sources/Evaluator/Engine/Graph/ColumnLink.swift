import TreeIR

/// Runs links, which are written for the slots of a row, on columns.
enum ColumnLink {
  /// Applies `function` to the columns `inputs` of a block whose memory is `columns`.
  ///
  /// - Parameter staging: Memory for one row's inputs and outputs.
  static func run(
    _ function: Link.Function, _ inputs: Range<Int>, to outputs: Range<Int>,
    _ columns: inout [Double], rows: Int, staging: inout [Double]
  ) {
    let stride = ColumnBlock.columnStride(rows: rows)
    if rows == 1 {
      // The columns of a single row are neighbours, as slots are.
      Link(function, from: inputs, to: outputs).run(&columns)
    } else if function.isElementwise {
      // Rows are to it what outputs are.
      for (input, output) in zip(inputs, outputs) {
        let (first, result) = (input * stride, output * stride)
        Link(function, from: first..<first + rows, to: result..<result + rows).run(&columns)
      }
    } else if inputs.count == 1 {
      let (first, result) = (inputs.lowerBound * stride, outputs.lowerBound * stride)
      for row in 0..<rows {
        Link(function, from: first + row..<first + row + 1, to: result + row..<result + row + 1)
          .run(&columns)
      }
    } else {
      let count = inputs.count
      let link = Link(function, from: 0..<count, to: count..<2 * count)
      if staging.count < 2 * count { staging = [Double](repeating: .nan, count: 2 * count) }
      for row in 0..<rows {
        for place in 0..<count {
          staging[place] = columns[(inputs.lowerBound + place) * stride + row]
        }
        link.run(&staging)
        for place in 0..<count {
          columns[(outputs.lowerBound + place) * stride + row] = staging[count + place]
        }
      }
    }
  }
}

extension Link.Function {
  /// Whether every output depends on the input in its place alone, and not on the place.
  var isElementwise: Bool {
    switch self {
    case .logistic, .exponential, .logOnePlusExp, .logOfRoundedOnePlusExp, .signedSquare,
      .logisticInFloat, .exponentialInFloat, .unitStep, .logLogistic, .powerInFloat,
      .logisticOfPower, .normalDistribution, .complementaryLogLog, .logLog, .cauchyDistribution:
      true
    // CatBoost's exponential takes four inputs in another way than one.
    case .softmax, .softmaxInFloat, .sorted, .increasingInFloat, .fastExponential, .fastSoftmax,
      .fastLogSoftmax, .softmaxOfPower:
      false
    }
  }
}
