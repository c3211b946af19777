import KernelViews
import KernelsBaseline
import TestSupport
import Testing

@testable import Evaluator

/// However thresholds lie, the rank that a grid leads to is the number of thresholds below.
@Suite struct KeyGridTests {
  private func rank(_ x: Double, _ grid: KeyGrid, _ thresholds: [Double]) -> Int {
    let cells = grid.ranks.count
    let cell =
      grid.isLogarithmic
      ? logarithmicCell(x, grid.shift, grid.base, of: cells)
      : uniformCell(x, grid.lower, grid.scale, of: cells)
    let known = Int(grid.ranks[cell])
    return known + thresholds.dropFirst(known).prefix(grid.probes).count { $0 < x }
  }

  private func check(_ numbers: [Double]) {
    let all = Set(numbers.map { $0 + 0 }).sorted()
    guard !all.isEmpty else { return }
    check(Array(all.prefix(255)), KeyGrid(Array(all.prefix(255))))
    check(all, KeyGrid(all, cells: KeySpace.jointCellCount))
  }

  private func check(_ thresholds: [Double], _ grid: KeyGrid) {
    #expect(grid.probes >= 1 && grid.probes <= thresholds.count)
    let values =
      (thresholds + HardNumbers.special).flatMap { [$0.nextDown, $0, $0.nextUp] }
      + [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e305, -1e305]
    let wrong = values.filter { x in
      rank(x, grid, thresholds) != thresholds.count { $0 < x }
    }
    #expect(wrong.isEmpty, "\(thresholds.count) thresholds from \(thresholds[0])")
  }

  @Test(arguments: HardNumbers.Spread.allCases, [1, 2, 3, 7, 40, 255, 700])
  func `Ranks are exact`(_ spread: HardNumbers.Spread, count: Int) {
    for seed in 0..<20 {
      var random = SeededGenerator(seed: UInt64(seed))
      check(HardNumbers.list(count, spread, &random))
    }
  }

  @Test func `Powers on both sides of 0`() {
    for exponents in [-60..<60, -1000..<1000, 0..<100] {
      let numbers = stride(from: exponents.lowerBound, to: exponents.upperBound, by: 8).map {
        Double(sign: .plus, exponent: $0, significand: 1.5)
      }
      check(numbers)
      check(numbers.map { -$0 })
      check(numbers + numbers.map { -$0 })
      check(numbers + numbers.map { -$0 } + [0, .infinity, -.infinity])
    }
  }

  @Test func `Neighbours of every size`() {
    let starts: [Double] = [1e-320, 1e-300, 1e-30, 1, 1e30, 1e300]
    for start in starts + starts.map({ -$0 }) {
      var numbers = [start]
      for _ in 0..<100 { numbers.append((numbers.last ?? 0).nextUp) }
      check(numbers)
      check(numbers + [-.infinity, .infinity])
      check(numbers.enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
    }
  }

  @Test func `Sentinels do not spoil the grid`() {
    let tiny = Double(1e-35 as Float)
    let numbers = (0..<100).map { Double($0) + 0.5 } + [tiny, -tiny, 1.8e308.nextDown]
    let grid = KeyGrid(numbers.sorted())
    #expect(grid.probes <= 3)
    check(numbers)
  }

  @Test func `Heavy tails are found in a logarithmic grid`() {
    let numbers = (0..<200).map { place in
      Double(sign: .plus, exponent: place - 100, significand: 1.25)
    }
    let grid = KeyGrid(numbers)
    #expect(grid.isLogarithmic && grid.probes <= 2)
  }
}
