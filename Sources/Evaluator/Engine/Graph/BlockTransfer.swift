// Numbers go from rows to columns and back: some rows at a time, so that neither side is read or
// written over and over.

/// Rows that are taken together.
private let tileRows = 8

extension ColumnBlock {
  /// Fills the columns of constants and of the input columns of `rows` that operations read.
  func begin(_ rows: borrowing RowMatrix, _ graph: borrowing GraphPlan) {
    for constant in graph.constants { fill(constant.column, with: constant.value) }
    let inputs = graph.inputs
    let width = rows.stride
    rows.withBase { base in
      forTiles { tile in
        let first = base + tile.lowerBound &* width
        for input in inputs {
          let column = self[input.column] + tile.lowerBound
          copy(first + input.slot, width, to: column, 1, tile.count)
        }
      }
    }
  }

  /// Writes the inputs that trees read to rows of `width` numbers each, of which the others stay as
  /// they are.
  func packInputs(
    _ rows: borrowing RowMatrix, _ packing: borrowing GraphPlan.Packing,
    to packed: UnsafeMutablePointer<Double>, width: Int
  ) {
    let inputs = packing.inputs
    let inputWidth = rows.stride
    rows.withBase { base in
      forTiles { tile in
        let source = base + tile.lowerBound &* inputWidth
        let target = packed + tile.lowerBound &* width
        for slot in inputs {
          copy(source + slot, inputWidth, to: target + slot, width, tile.count)
        }
      }
    }
  }

  /// Writes the results of operations that trees read to the same rows.
  func packResults(
    _ packing: borrowing GraphPlan.Packing, to packed: UnsafeMutablePointer<Double>, width: Int
  ) {
    let results = packing.results
    forTiles { tile in
      let target = packed + tile.lowerBound &* width
      for result in results {
        let column = self[result.column] + tile.lowerBound
        copy(column, 1, to: target + result.slot, width, tile.count)
      }
    }
  }

  /// Finds rows in which an input is missing.
  func find(_ missing: GraphPlan.MissingInputs, in rows: borrowing RowMatrix) {
    let output = self[missing.output]
    let stride = rows.stride
    rows.withBase { base in
      for row in 0..<rowCount {
        let inputs = base + row &* stride
        var isMissing = SIMDMask<SIMD8<Int64>>(repeating: false)
        var isAny = false
        for run in missing.runs {
          var slot = run.lowerBound
          while slot &+ 8 <= run.upperBound {
            let values = UnsafeRawPointer(inputs + slot).loadUnaligned(as: SIMD8<Double>.self)
            isMissing .|= .!(values .== values)
            slot = slot &+ 8
          }
          while slot < run.upperBound {
            isAny = isAny || inputs[slot].isNaN
            slot = slot &+ 1
          }
        }
        output[row] = isAny || any(isMissing) ? 1 : 0
      }
    }
  }

  /// Takes numbers that lie a row after the other into the columns `outputs`, which follow one
  /// another.
  func take(_ rows: UnsafePointer<Double>, to outputs: Range<Int>) {
    let width = outputs.count
    forTiles { tile in
      let first = rows + tile.lowerBound &* width
      for (place, output) in outputs.enumerated() {
        copy(first + place, width, to: self[output] + tile.lowerBound, 1, tile.count)
      }
    }
  }

  /// Writes the columns `outputs` a row after the other.
  func put(_ outputs: [Int], to rows: UnsafeMutablePointer<Double>) {
    let width = outputs.count
    forTiles { tile in
      let first = rows + tile.lowerBound &* width
      for (place, output) in outputs.enumerated() {
        copy(self[output] + tile.lowerBound, 1, to: first + place, width, tile.count)
      }
    }
  }

  @inline(__always)
  private func forTiles(_ body: (Range<Int>) -> Void) {
    var first = 0
    while first < rowCount {
      let end = min(first &+ tileRows, rowCount)
      body(first..<end)
      first = end
    }
  }

  /// Copies a number of each of `count` rows: the numbers of rows are so many elements apart.
  @inline(__always)
  private func copy(
    _ source: UnsafePointer<Double>, _ sourceStep: Int,
    to target: UnsafeMutablePointer<Double>, _ targetStep: Int, _ count: Int
  ) {
    if count == tileRows {
      // Without a loop, because their number is known.
      for row in 0..<tileRows { target[row &* targetStep] = source[row &* sourceStep] }
    } else {
      for row in 0..<count { target[row &* targetStep] = source[row &* sourceStep] }
    }
  }
}
