/// One step of the scoring graph.
///
/// Values live in numbered slots, one number each: the input columns come first, then the
/// results of the operations, which write every slot exactly once and read only slots
/// written before. A missing value is NaN. A truth value is 1 or 0, and NaN where it is
/// unknown.
public struct Operation: Sendable, Equatable {
  public var kind: Kind
  /// The slot of a truth value; unless it is 1 the operation does not run and its results
  /// are missing.
  public var guardSlot: Int?

  public init(_ kind: Kind, guardedBy guardSlot: Int? = nil) {
    self.kind = kind
    self.guardSlot = guardSlot
  }

  public enum Kind: Sendable, Equatable {
    case ensemble(EnsembleScore)
    case categoryStatistic(CategoryStatistic)
    case arithmetic(Arithmetic)
    case comparison(Comparison)
    case logic(Logic)
    case aggregate(Aggregate)
    case link(Link)
    case argmax(Argmax)
    case select(Select)
    case requirement(Requirement)
    case linear(LinearSum)
    case computation(FieldComputation)
    case vote(Vote)
    case consensus(Consensus)
  }

  /// The slots that the operation writes.
  public var results: Range<Int> {
    switch kind {
    case .ensemble(let score):
      score.outputs.lowerBound..<score.outputs.upperBound + (score.reportsRange ? 2 : 0)
    case .categoryStatistic(let statistic): statistic.output..<statistic.output + 1
    case .arithmetic(let arithmetic): arithmetic.output..<arithmetic.output + 1
    case .comparison(let comparison): comparison.output..<comparison.output + 1
    case .logic(let logic): logic.output..<logic.output + 1
    case .aggregate(let aggregate): aggregate.outputs
    case .link(let link): link.outputs
    case .argmax(let argmax): argmax.output..<argmax.output + 1
    case .select(let select): select.output..<select.output + 1
    case .requirement(let requirement): requirement.position..<requirement.position
    case .linear(let sum): sum.output..<sum.output + 1
    case .computation(let computation): computation.output..<computation.output + 2
    case .vote(let vote): vote.outputs
    case .consensus(let consensus): consensus.outputs
    }
  }
}

/// A slot or a constant.
public enum Operand: Sendable, Equatable {
  case slot(Int)
  case constant(Double)
}

/// Sums the trees of an ensemble: its raw scores.
public struct EnsembleScore: Sendable, Equatable {
  /// Which ensemble of the model.
  public var ensemble: Int
  /// One slot an output.
  public var outputs: Range<Int>
  /// Whether two slots right after the outputs tell about the range of boosting iterations
  /// that the caller asked for: how many they are (LightGBM's rf divides by it), and
  /// whether they start with the first (CatBoost adds its bias only then).
  public var reportsRange: Bool
  /// Another ensemble that gives the same scores for some rows, at less cost.
  public var shortcut: Shortcut?

  /// An ensemble that may take the place of another one.
  public struct Shortcut: Sendable, Equatable {
    public var ensemble: Int
    /// The slot that is 1 for rows for which both give the same.
    public var condition: Int

    public init(ensemble: Int, where condition: Int) {
      self.ensemble = ensemble
      self.condition = condition
    }
  }

  public init(
    ensemble: Int, outputs: Range<Int>, reportsRange: Bool = false, shortcut: Shortcut? = nil
  ) {
    self.ensemble = ensemble
    self.outputs = outputs
    self.reportsRange = reportsRange
    self.shortcut = shortcut
  }
}

/// `output = left op right`, rounded once to `precision`.
public struct Arithmetic: Sendable, Equatable {
  public enum Operator: UInt8, Sendable, Hashable, CaseIterable {
    case add = 0
    case subtract = 1
    case multiply = 2
    case divide = 3
  }

  public var op: Operator
  public var left: Operand
  public var right: Operand
  public var precision: NumericProfile.Precision
  public var output: Int

  public init(
    _ op: Operator, _ left: Operand, _ right: Operand,
    precision: NumericProfile.Precision = .float64, output: Int
  ) {
    self.op = op
    self.left = left
    self.right = right
    self.precision = precision
    self.output = output
  }
}

/// `output = left condition right`; unknown when either side is missing.
public struct Comparison: Sendable, Equatable {
  public var condition: SplitCondition
  public var left: Operand
  public var right: Operand
  public var output: Int

  public init(_ left: Operand, _ condition: SplitCondition, _ right: Operand, output: Int) {
    self.condition = condition
    self.left = left
    self.right = right
    self.output = output
  }
}

/// Kleene's three-valued logic over truth values.
public struct Logic: Sendable, Equatable {
  public enum Operator: UInt8, Sendable, Hashable, CaseIterable {
    case and = 0
    case or = 1
    /// Of exactly one input.
    case not = 2
    /// Whether any of the inputs, which may be of any type, is missing; never unknown.
    case isMissing = 3
  }

  public var op: Operator
  public var inputs: [Int]
  public var output: Int

  public init(_ op: Operator, _ inputs: [Int], output: Int) {
    self.op = op
    self.inputs = inputs
    self.output = output
  }
}

/// Combines the results of segments (PMML's Segmentation), in order.
public struct Aggregate: Sendable, Equatable {
  public enum Method: UInt8, Sendable, Hashable, CaseIterable {
    /// Σ weight · value.
    case sum = 0
    /// (Σ weight · value) ÷ (Σ weight).
    case average = 1
    /// The middle value, or `a + 0.5 · (b − a)` of the two in the middle; weights play no part.
    /// Missing where any value is.
    case median = 2
    /// The first value, from the smallest on, at which half of the weight is reached. Missing
    /// where any value is.
    case weightedMedian = 3
  }

  public struct Segment: Sendable, Equatable {
    /// As many slots as the aggregate has outputs.
    public var values: Range<Int>
    /// The segment takes no part unless this slot is 1; nil means that it always does.
    public var predicate: Int?
    /// A weight of 1 adds the value itself.
    public var weight: Double

    public init(values: Range<Int>, predicate: Int? = nil, weight: Double = 1) {
      self.values = values
      self.predicate = predicate
      self.weight = weight
    }
  }

  public var method: Method
  public var segments: [Segment]
  /// Each product and sum is rounded to it.
  public var precision: NumericProfile.Precision
  public var outputs: Range<Int>

  public init(
    _ method: Method, _ segments: [Segment], precision: NumericProfile.Precision,
    outputs: Range<Int>
  ) {
    self.method = method
    self.segments = segments
    self.precision = precision
    self.outputs = outputs
  }
}

/// Turns raw scores into the objective's natural output.
public struct Link: Sendable, Equatable {
  public enum Function: Sendable, Equatable {
    /// `1 / (1 + exp(-scale · x))`
    case logistic(scale: Double)
    /// `exp(x)`
    case exponential
    /// `log1p(exp(x))`
    case logOnePlusExp
    /// `log(1 + exp(x))`, the sum rounded before the logarithm (LightGBM before 3.3)
    case logOfRoundedOnePlusExp
    /// `sign(x) · x · x`, left to right
    case signedSquare
    /// `exp(x − max) / Σ exp(x − max)`, summed in order from 0
    case softmax
    /// `1 / (exp(min(−x, 88.7)) + 1 + 1e-16)`, each step rounded to Float (XGBoost)
    case logisticInFloat
    /// `exp(x)` in Float
    case exponentialInFloat
    /// As ``softmax``, each step rounded to Float but for the sum, which is in Double and
    /// rounded to Float in the end (XGBoost)
    case softmaxInFloat
    /// 1 where `x > 0`, else 0, also where x is missing (XGBoost's hinge)
    case unitStep
    /// The inputs from the smallest to the largest, by insertion while the one before is larger,
    /// which decides where NaN goes (XGBoost's quantiles)
    case sorted
    /// The first input, then each time `softplus(x) + 1e-6` more, in Float (XGBoost's
    /// expectiles)
    case increasingInFloat
    /// `-log(1 + exp(-x))`: the logarithm of ``logistic(scale:)`` (CatBoost)
    case logLogistic
    /// `exp(x)` by CatBoost's own approximation, the same on every machine
    case fastExponential
    /// As ``softmax``, by CatBoost's approximation of `exp`
    case fastSoftmax
    /// `x - max - log(Σ exp(x - max))`, by CatBoost's approximation of `exp`
    case fastLogSoftmax
    /// `(Float)pow(2.7182817, x)`: JPMML's `exp` of a Float
    case powerInFloat
    /// `1 / (1 + exp(-x))` in Float with ``powerInFloat``
    case logisticOfPower
    /// As ``softmax``, each step rounded to Float, with ``powerInFloat``
    case softmaxOfPower
    /// The distribution function of the standard normal distribution (probit)
    case normalDistribution
    /// `1 - exp(-exp(x))`, with ``powerInFloat`` in Float
    case complementaryLogLog(NumericProfile.Precision)
    /// `exp(-exp(-x))`, with ``powerInFloat`` in Float
    case logLog(NumericProfile.Precision)
    /// `0.5 + atan(x) / π`, as `0.5 + (1 / π) · atan(x)`
    case cauchyDistribution(NumericProfile.Precision)
  }

  public var function: Function
  public var inputs: Range<Int>
  /// As many as inputs.
  public var outputs: Range<Int>

  public init(_ function: Function, from inputs: Range<Int>, to outputs: Range<Int>) {
    self.function = function
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// The position of the first largest input.
public struct Argmax: Sendable, Equatable {
  /// What becomes of NaN.
  public enum NaNRule: UInt8, Sendable, Hashable, CaseIterable {
    /// It counts as the largest, as in NumPy.
    case isLargest = 0
    /// Nothing is larger, and it is larger than nothing, so that it is found only as the
    /// first input, as by C++'s `std::max_element`.
    case comparesFalse = 1
  }

  public var inputs: [Int]
  public var nanRule: NaNRule
  public var output: Int

  public init(of inputs: [Int], nanRule: NaNRule = .isLargest, output: Int) {
    self.inputs = inputs
    self.nanRule = nanRule
    self.output = output
  }
}

/// `start + Σ coefficient · slot`, in order, each product and each sum rounded to `precision`;
/// terms whose slot is missing are left out (XGBoost's gblinear).
public struct LinearSum: Sendable, Equatable {
  /// `coefficient · slot`
  public struct Term: Sendable, Equatable {
    public var slot: Int
    public var coefficient: Double

    public init(slot: Int, coefficient: Double) {
      self.slot = slot
      self.coefficient = coefficient
    }
  }

  /// What the terms are added to, a number of the precision.
  public var start: Double
  /// Added in this order.
  public var terms: [Term]
  public var precision: NumericProfile.Precision
  public var output: Int

  public init(
    start: Double, terms: [Term], precision: NumericProfile.Precision, output: Int
  ) {
    self.start = start
    self.terms = terms
    self.precision = precision
    self.output = output
  }
}

/// `output = condition ? then : otherwise`; missing where the condition is unknown.
public struct Select: Sendable, Equatable {
  /// The slot of a truth value.
  public var condition: Int
  public var then: Operand
  public var otherwise: Operand
  public var output: Int

  public init(_ condition: Int, then: Operand, otherwise: Operand, output: Int) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
    self.output = output
  }
}

/// Refuses the row unless a truth value is 1 (PMML's `returnInvalid`). It writes no slot.
public struct Requirement: Sendable, Equatable {
  /// The slot of the truth value.
  public var condition: Int
  /// What the row's owner is told.
  public var reason: String
  /// The next free slot, as for operations that write some.
  public var position: Int

  public init(_ condition: Int, reason: String, position: Int) {
    self.condition = condition
    self.reason = reason
    self.position = position
  }
}

/// Counts the votes of segments for classes (PMML's `majorityVote`).
///
/// The first output is the class that is elected: the one with the largest sum of weights, among
/// those with the same sum the one that was voted for first. It is missing where there are no
/// votes, or where the weight of missing votes is above that of every class. The others are the
/// shares of ``classes`` in the weight of all votes that are not missing.
public struct Vote: Sendable, Equatable {
  public struct Ballot: Sendable, Equatable {
    /// The slot of the class; missing is a vote for none.
    public var slot: Int
    /// The ballot is not cast unless this slot is 1; nil means that it always is.
    public var predicate: Int?
    public var weight: Double

    public init(_ slot: Int, predicate: Int? = nil, weight: Double = 1) {
      self.slot = slot
      self.predicate = predicate
      self.weight = weight
    }
  }

  public var ballots: [Ballot]
  /// The numbers of the classes whose shares are wanted.
  public var classes: [Double]
  /// Whether missing votes are left out, and do not count against the others.
  public var skipsMissing: Bool
  /// Each sum and share is rounded to it.
  public var precision: NumericProfile.Precision
  /// One more than classes.
  public var outputs: Range<Int>

  public init(
    _ ballots: [Ballot], classes: [Double], skipsMissing: Bool,
    precision: NumericProfile.Precision, outputs: Range<Int>
  ) {
    self.ballots = ballots
    self.classes = classes
    self.skipsMissing = skipsMissing
    self.precision = precision
    self.outputs = outputs
  }
}
