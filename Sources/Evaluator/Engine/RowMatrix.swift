/// Rows whose values lie by slot, one row after the other: what engines read.
struct RowMatrix: ~Escapable {
  let values: Span<Double>
  /// The element of the first row's slot 0.
  let first: Int
  /// Elements from a row to the next.
  let stride: Int
  /// Slots of a row.
  let width: Int
  let count: Int

  /// - Precondition: all rows lie in `values`.
  @_lifetime(copy values)
  init(_ values: Span<Double>, first: Int = 0, stride: Int, width: Int, count: Int) {
    precondition(count >= 0 && first >= 0 && stride >= 0 && width >= 0)
    precondition(count == 0 || first + (count - 1) * stride + width <= values.count)
    self.values = values
    self.first = first
    self.stride = stride
    self.width = width
    self.count = count
  }

  /// The rows `range`.
  @_lifetime(copy self)
  func rows(_ range: Range<Int>) -> RowMatrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return RowMatrix(
      values, first: first + range.lowerBound * stride, stride: stride, width: width,
      count: range.count)
  }

  subscript(row: Int, slot: Int) -> Double {
    values[first + row * stride + slot]
  }

  /// Calls `body` with the address of the first row; not at all where there is none.
  @inline(__always)
  func withBase(_ body: (UnsafePointer<Double>) -> Void) {
    guard count > 0 else { return }
    values.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { body(base + first) }
    }
  }
}

/// Where the scores of some rows go: `first + row · stride + output` in a span of results.
struct ScorePlaces {
  var first: Int
  var stride: Int

  func rows(from row: Int) -> ScorePlaces {
    ScorePlaces(first: first + row * stride, stride: stride)
  }
}
