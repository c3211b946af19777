import Foundation
import Testing

@testable import Evaluator

@Suite("CatBoost's exponential")
struct FastExponentialTests {
  private let exponential = FastExponential.shared

  /// Made with CatBoost 1.2.10 (`prediction_type="Exponent"`) and FORMATS' formula alike.
  @Test func itIsNearTheRightOneAndNotTheSame() {
    var differing = 0
    for step in -7000...7000 {
      let x = Double(step) / 10
      let right = exp(x)
      let value = exponential(x, .clamped)
      #expect(abs(value / right - 1) < 1e-13, "\(x)")
      #expect(exponential(x, .overflowing) == value)
      differing += value == right ? 0 : 1
    }
    #expect(differing > 1000)
  }

  @Test func powersOfTwoAreExact() {
    #expect(exponential(0, .clamped) == 1)
    #expect(exponential(-0.0, .overflowing) == 1)
  }

  @Test func numbersBeyondTheRangeAreClampedInGroupsOfFour() {
    let lowest = exponential(-708.396_418_532_264_08, .clamped)
    #expect(lowest > 0 && lowest < 1e-307)
    for x in [-709, -1e3, -1e308, -.infinity] as [Double] {
      #expect(exponential(x, .clamped) == lowest)
      #expect(exponential(x, .overflowing) == 0)
    }
    for x in [709.782_72, 709.8, 1e3, 1e308, .infinity] as [Double] {
      #expect(exponential(x, .clamped) == .infinity)
      #expect(exponential(x, .overflowing) == .infinity)
    }
    #expect(exponential(709.5, .clamped).isFinite)
    #expect(exponential(.nan, .clamped) == .infinity)
    #expect(exponential(.nan, .overflowing).isNaN)
  }
}
