import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Link {
  /// Computes the outputs with the C library's `exp` and `log1p`, in Double, as LightGBM's
  /// `ConvertOutput` functions do, or with its `expf`, as XGBoost's `PredTransform` does.
  func run(_ slots: inout [Double]) {
    switch function {
    case .logistic(let scale):
      map(&slots) { 1 / (1 + exp(-scale * $0)) }
    case .exponential:
      map(&slots) { exp($0) }
    case .logOnePlusExp:
      map(&slots) { log1p(exp($0)) }
    case .logOfRoundedOnePlusExp:
      map(&slots) { log(1 + exp($0)) }
    case .signedSquare:
      map(&slots) { ($0 > 0 ? 1.0 : $0 < 0 ? -1.0 : 0.0) * $0 * $0 }
    case .softmax:
      softmax(&slots)
    case .logisticInFloat:
      // 1e-16 is less than half an ulp of what it is added to. XGBoost guards against zero.
      mapInFloat(&slots) { 1 / (expf($0 < -88.7 ? 88.7 : -$0) + 1 + 1e-16) }
    case .exponentialInFloat:
      mapInFloat(&slots) { expf($0) }
    case .softmaxInFloat:
      softmaxInFloat(&slots)
    case .unitStep:
      map(&slots) { $0 > 0 ? 1 : 0 }
    }
  }

  private func map(_ slots: inout [Double], _ transform: (Double) -> Double) {
    for (input, output) in zip(inputs, outputs) { slots[output] = transform(slots[input]) }
  }

  private func mapInFloat(_ slots: inout [Double], _ transform: (Float) -> Float) {
    map(&slots) { Double(transform(Float($0))) }
  }

  private func softmaxInFloat(_ slots: inout [Double]) {
    var largest = Float(slots[inputs.lowerBound])
    // XGBoost takes fmaxf, which ignores NaN.
    for slot in inputs.dropFirst() { largest = fmaxf(largest, Float(slots[slot])) }
    var sum = 0.0
    for (input, output) in zip(inputs, outputs) {
      slots[output] = Double(expf(Float(slots[input]) - largest))
      sum += slots[output]
    }
    for slot in outputs { slots[slot] = Double(Float(slots[slot]) / Float(sum)) }
  }

  private func softmax(_ slots: inout [Double]) {
    var largest = slots[inputs.lowerBound]
    for slot in inputs.dropFirst() {
      // In this order a NaN that comes later replaces what was found so far.
      largest = slots[slot] < largest ? largest : slots[slot]
    }
    var sum = 0.0
    for (input, output) in zip(inputs, outputs) {
      slots[output] = exp(slots[input] - largest)
      sum += slots[output]
    }
    for slot in outputs { slots[slot] /= sum }
  }
}
