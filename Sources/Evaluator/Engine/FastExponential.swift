/// The exponential function by which CatBoost makes probabilities and predictions of Poisson
/// models: right to 1e-13 of the result and, unlike the C library's, the same on every machine.
///
/// Source: CatBoost's `library/cpp/fast_exp`, after Herumi's fmath `expd`: `x` is a multiple of
/// log 2 / 2048, taken from a table, and a rest, of which three terms of the series are summed.
struct FastExponential: Sendable {
  /// What becomes of numbers whose exponential is no normal number.
  enum Range {
    /// They are clamped: CatBoost's loop over groups of four.
    case clamped
    /// 0 or infinity: CatBoost's loop over what remains of the groups.
    case overflowing
  }

  static let shared = FastExponential()

  /// The fractions of 2^(i/2048), as the bits of a Double.
  private let fractions: [UInt64]

  private static let lowest = -708.396_418_532_264_08
  private static let highest = 709.782_725_693_683_97
  /// Beyond it the overflowing form gives infinity.
  private static let overflow = 709.782_712_893_383_97
  private static let tableBits: UInt64 = 11
  private static let tableSize: UInt64 = 1 << tableBits
  private static let multiplesOfLog2 = Double(tableSize) / 0.693_147_180_559_945_3
  private static let rest = 1 / multiplesOfLog2
  /// Added to a number, it leaves the nearest integer in the low bits.
  private static let rounder = 6_755_399_441_055_744.0

  /// `exp(x)`, nearly.
  func callAsFunction(_ x: Double, _ range: Range) -> Double {
    var x = x
    switch range {
    case .clamped:
      // As minpd and maxpd have it, NaN becomes a bound.
      x = x < Self.highest ? x : Self.highest
      x = x > Self.lowest ? x : Self.lowest
    case .overflowing:
      if x <= Self.lowest { return 0 }
      if x >= Self.overflow { return .infinity }
    }
    let scaled = x * Self.multiplesOfLog2
    let rounded = scaled + Self.rounder
    let bits = rounded.bitPattern
    let whole = (rounded - Self.rounder) * Self.rest
    let t = whole - x
    let exponent = ((bits &+ (Self.tableSize << 10) &- Self.tableSize) >> Self.tableBits) << 52
    let square = t * t
    let cubic = (3.000_000_002_795_539_4 - t) * square
    var series = cubic * 0.166_666_666_852_278_350_64
    series = (series - t) + 1
    let power = Double(bitPattern: exponent | fractions[Int(bits & (Self.tableSize - 1))])
    return series * power
  }

  private init() {
    // The fractions of 2^(1/2), 2^(1/4) … 2^(1/2048), in 128 bits.
    let roots: [UInt128] = [
      0x6A09_E667_F3BC_C908_B2FB_1366_EA95_7D3E, 0x306F_E0A3_1B71_52DE_8D5A_4630_5C85_EDED,
      0x172B_83C7_D517_ADCD_F7C8_C50E_B14A_7920, 0x0B55_86CF_9890_F629_8B92_B718_42A9_8364,
      0x059B_0D31_5857_43AE_7C54_8EB6_8CA4_17FE, 0x02C9_A3E7_7806_0EE6_F7CA_CA4F_7A29_BDE9,
      0x0163_DA9F_B333_56D8_4A66_AE33_6DCD_FA40, 0x00B1_AFA5_ABCB_ED61_29AB_13EC_11DC_9544,
      0x0058_C86D_A1C0_9EA1_FF19_D294_CF2F_679C, 0x002C_605E_2E8C_EC50_6D21_BFC8_9A23_A011,
      0x0016_2F39_0405_1FA1_28BC_A9C5_5C31_E5E0,
    ]
    fractions = (0..<Int(Self.tableSize)).map { number in
      var fraction: UInt128 = 0
      for (position, root) in roots.enumerated()
      where number >> (roots.count - 1 - position) & 1 == 1 {
        // (1 + fraction)(1 + root) - 1
        fraction += root + fraction.multipliedFullWidth(by: root).high
      }
      return UInt64((fraction + (1 << 75)) >> 76)
    }
  }
}
