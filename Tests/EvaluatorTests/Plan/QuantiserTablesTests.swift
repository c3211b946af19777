import KernelViews
import KernelsBaseline
import Testing

@testable import Evaluator

/// How columns of few and of many thresholds are laid out for the kernels.
@Suite struct QuantiserTablesTests {
  private func parts(_ count: Int, slot: Int, missingMagnitude: Double = -1) -> [ThresholdColumn] {
    stride(from: 0, to: count, by: ThresholdColumn.capacity).map { first in
      let end = min(first + ThresholdColumn.capacity, count)
      return ThresholdColumn(
        slot: slot, thresholds: (first..<end).map { Double($0) },
        missingMagnitude: missingMagnitude)
    }
  }

  private func columns(_ sources: [ThresholdColumn]) -> [ByteColumn] {
    let plan = QuantiserPlan(sources, rowWidth: 16)
    return (0..<plan.columnCount).map { plan.view.columns[$0] }
  }

  @Test func `Thresholds of several parts follow each other and share a grid`() {
    let columns = columns(parts(10, slot: 0) + parts(600, slot: 1) + parts(10, slot: 2))
    #expect(columns.map(\.parts) == [1, 3, 1, 1, 1])
    #expect(columns.map(\.key) == [.lane, .uniform, .uniform, .uniform, .lane])
    #expect(columns.map(\.thresholdCount) == [10, 255, 255, 90, 10])
    let firsts = columns.map(\.firstThreshold)
    #expect(firsts[2] == firsts[1] + 255 && firsts[3] == firsts[2] + 255)
    // At least eight of +∞ behind them, because eight are compared at once.
    #expect(firsts[4] >= firsts[3] + 90 + 8)
  }

  @Test func `Columns in which 0 is missing are not parts of others`() {
    let columns = columns(parts(300, slot: 4) + parts(300, slot: 4, missingMagnitude: 1e-35))
    #expect(columns.map(\.parts) == [2, 1, 2, 1])
  }

  @Test func `No rank is that of a missing value`() {
    let columns = columns(parts(70_000, slot: 0))
    #expect(columns.count == 275)
    #expect(columns.filter { $0.parts > 1 }.map(\.parts) == [255, 20])
    #expect(255 * ThresholdColumn.capacity < Int(KeySpace.jointMissingRank))
  }
}
