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
    case .sorted: sort(&slots)
    case .increasingInFloat: accumulateInFloat(&slots)
    case .logLogistic: map(&slots) { -log(1 + exp(-$0)) }
    case .fastExponential: fastExponential(&slots)
    case .fastSoftmax: fastSoftmax(&slots)
    case .fastLogSoftmax: fastLogSoftmax(&slots)
    case .powerInFloat: mapInFloat(&slots) { Self.power($0) }
    case .logisticOfPower: mapInFloat(&slots) { 1 / (1 + Self.power(-$0)) }
    case .softmaxOfPower: softmaxOfPower(&slots)
    case .normalDistribution: map(&slots) { 0.5 * erfc(-$0 / 2.0.squareRoot()) }
    case .complementaryLogLog(.float64): map(&slots) { 1 - exp(-exp($0)) }
    case .complementaryLogLog(.float32):
      mapInFloat(&slots) { 1 - Self.power(-Self.power($0)) }
    case .logLog(.float64): map(&slots) { exp(-exp(-$0)) }
    case .logLog(.float32): mapInFloat(&slots) { Self.power(-Self.power(-$0)) }
    case .cauchyDistribution(.float64): map(&slots) { 0.5 + (1 / .pi) * atan($0) }
    case .cauchyDistribution(.float32):
      mapInFloat(&slots) { 0.5 + (1 / Float(Double.pi)) * Float(atan(Double($0))) }
    }
  }

  // MARK: JPMML's arithmetic in Float

  /// JPMML-Evaluator's `exp` of a Float.
  private static func power(_ exponent: Float) -> Float { Float(pow(2.7182817, Double(exponent))) }

  private func softmaxOfPower(_ slots: inout [Double]) {
    var largest = -Float.infinity
    for input in inputs { largest = max(largest, Float(slots[input])) }
    var sum: Float = 0
    for (input, output) in zip(inputs, outputs) {
      let power = Self.power(Float(slots[input]) - largest)
      slots[output] = Double(power)
      sum += power
    }
    for output in outputs { slots[output] = Double(Float(slots[output]) / sum) }
  }

  private func map(_ slots: inout [Double], _ transform: (Double) -> Double) {
    for (input, output) in zip(inputs, outputs) { slots[output] = transform(slots[input]) }
  }

  // MARK: CatBoost's own exponential

  /// CatBoost takes inputs in groups of four, and those that are left one by one.
  private func fastExponential(_ slots: inout [Double]) {
    let exponential = FastExponential.shared
    for position in 0..<inputs.count {
      slots[outputs.lowerBound + position] = exponential(
        slots[inputs.lowerBound + position],
        position < inputs.count & ~3 ? .clamped : .overflowing)
    }
  }

  private func fastSoftmax(_ slots: inout [Double]) {
    let sum = fastExponentials(&slots, largest: largest(slots))
    for slot in outputs { slots[slot] /= sum }
  }

  private func fastLogSoftmax(_ slots: inout [Double]) {
    let largest = largest(slots)
    let logarithm = log(fastExponentials(&slots, largest: largest))
    for (input, output) in zip(inputs, outputs) {
      slots[output] = slots[input] - largest - logarithm
    }
  }

  /// The first largest input, as `std::max_element` finds it.
  private func largest(_ slots: [Double]) -> Double {
    var largest = slots[inputs.lowerBound]
    for slot in inputs.dropFirst() where largest < slots[slot] { largest = slots[slot] }
    return largest
  }

  /// Fills the outputs with exponentials, and returns their sum.
  private func fastExponentials(_ slots: inout [Double], largest: Double) -> Double {
    for (input, output) in zip(inputs, outputs) { slots[output] = slots[input] - largest }
    Link(.fastExponential, from: outputs, to: outputs).fastExponential(&slots)
    var sum = 0.0
    for slot in outputs { sum += slots[slot] }
    return sum
  }

  private func sort(_ slots: inout [Double]) {
    for (count, input) in inputs.enumerated() {
      var place = outputs.lowerBound + count
      while place > outputs.lowerBound, slots[place - 1] > slots[input] {
        slots[place] = slots[place - 1]
        place -= 1
      }
      slots[place] = slots[input]
    }
  }

  private func accumulateInFloat(_ slots: inout [Double]) {
    var sum = Float(slots[inputs.lowerBound])
    slots[outputs.lowerBound] = Double(sum)
    for (input, output) in zip(inputs, outputs).dropFirst() {
      let x = Float(slots[input])
      let softplus = x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x))
      sum += 1e-6 + softplus
      slots[output] = Double(sum)
    }
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
