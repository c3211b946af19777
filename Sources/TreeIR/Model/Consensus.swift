/// Puts together the shares of classes that segments give (PMML's `average`, `max` and `median` of a
/// classification).
///
/// The first output is the class with the largest share, among those with the same share the one
/// that is met first: in the first segment that has it, and there by its place. The others are the
/// shares of ``classes``. All are missing where no segment takes part, where one that does has no
/// shares, and where no candidate has a share.
public struct Consensus: Sendable, Equatable {
  public enum Method: UInt8, Sendable, Hashable, CaseIterable {
    /// (Σ weight · share) ÷ (Σ weight), over the segments that take part.
    case average = 0
    /// The average of the segments that are nearest to the candidate with the largest share.
    ///
    /// Of each candidate the segments that know it are listed, and of the candidate that wins the
    /// places in its list with the share nearest to the winning number. The segments with the same
    /// places among all that take part are averaged: as JPMML-Evaluator does, also where they are
    /// others.
    case maximum = 1
    /// As ``maximum``, with the middle share of a candidate in place of its largest.
    case median = 2
  }

  public struct Segment: Sendable, Equatable {
    /// By class, the slot of its share.
    public var shares: [Int]
    /// By class, the slot of its place among the segment's classes; missing where the segment does
    /// not know the class.
    public var places: [Int]
    /// The segment takes no part unless this slot is 1; nil means that it always does.
    public var predicate: Int?
    public var weight: Double

    public init(shares: [Int], places: [Int], predicate: Int? = nil, weight: Double = 1) {
      self.shares = shares
      self.places = places
      self.predicate = predicate
      self.weight = weight
    }
  }

  public var method: Method
  public var segments: [Segment]
  /// The numbers of the classes.
  public var classes: [Double]
  /// Positions of classes that may win by ``Method/maximum`` or ``Method/median``, in the order in
  /// which they are preferred.
  public var candidates: [Int]
  /// Each product, sum and quotient is rounded to it.
  public var precision: NumericProfile.Precision
  /// One more than classes.
  public var outputs: Range<Int>

  public init(
    _ method: Method, _ segments: [Segment], classes: [Double], candidates: [Int],
    precision: NumericProfile.Precision, outputs: Range<Int>
  ) {
    self.method = method
    self.segments = segments
    self.classes = classes
    self.candidates = candidates
    self.precision = precision
    self.outputs = outputs
  }

  /// The slots that it reads.
  package var operands: [Int] {
    segments.flatMap { $0.shares + $0.places + [$0.predicate].compactMap { $0 } }
  }
}
