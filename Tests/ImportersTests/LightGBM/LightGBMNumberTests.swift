import Testing

@testable import Importers

/// The bits were printed by LightGBM's own conversion, `Common::Atof` of the sources of
/// version 4.7, compiled alone.
@Suite("LightGBM's quick conversion of decimals")
struct LightGBMNumberTests {
  static let exact: [(String, UInt64)] = [
    ("1", 0x3FF0_0000_0000_0000),
    ("0.5", 0x3FE0_0000_0000_0000),
    ("2", 0x4000_0000_0000_0000),
    ("0.1", 0x3FB9_9999_9999_999A),
    ("0.7", 0x3FE6_6666_6666_6666),
    ("0.333333", 0x3FD5_5553_EF6B_5D46),
    ("12.3456", 0x4028_B0F2_7BB2_FEC5),
    ("1e-05", 0x3EE4_F8B5_88E3_68F1),
    ("1.23457e-05", 0x3EE9_E40C_167F_4180),
    ("1.5e+06", 0x4136_E360_0000_0000),
    ("1E6", 0x412E_8480_0000_0000),
    ("+0.7", 0x3FE6_6666_6666_6666),
    (".5", 0x3FE0_0000_0000_0000),
    ("5.", 0x4014_0000_0000_0000),
    ("0000.7", 0x3FE6_6666_6666_6666),
    ("7e-58", 0x3411_936D_30AC_0594),
    ("-2.5", 0xC004_0000_0000_0000),
  ]

  static let inexact: [(String, UInt64)] = [
    ("9.99999e-07", 0x3EB0_C6F6_873C_557B),
    ("1.3e308", 0x7FE7_2409_614C_1E6E),
    ("1.5e308", 0x7FEA_B36D_48E1_ACF4),
    ("1.7e-308", 0x000C_396C_98F8_D896),
    ("4.9e-324", 0x0021_9E0D_730C_4733),
    ("1e309", 0x7FE1_CCF3_85EB_C8A3),
    ("1e-400", 0x0007_30D6_7819_E8D1),
    ("123456789012345678901234567890", 0x45F8_EE90_FF6C_373D),
    ("0.1234567890123456789", 0x3FBF_9ADD_3746_F661),
    ("-1.86874e-01", 0xBFC7_EB7C_BB3C_8190),
    ("1.86874", 0x3FFD_E65B_EA0B_A1F4),
    ("2.70271", 0x4005_9F26_6BA4_93C8),
    ("2.36324", 0x4002_E7EA_5F84_CAD6),
    ("2.24522", 0x4001_F635_E742_99D8),
    ("1.83252", 0x3FFD_5200_7DD4_4136),
    ("2.7726", 0x4006_2E48_E8A7_1DE6),
    ("2.06755", 0x4000_8A57_A786_C226),
    ("2.9601", 0x4007_AE48_E8A7_1DE6),
    ("1.60064", 0x3FF9_9C38_B04A_B606),
    ("1.36705", 0x3FF5_DF6F_D21F_F2E4),
  ]

  @Test("gives the nearest Double for most numbers", arguments: exact)
  func nearest(text: String, bits: UInt64) throws {
    #expect(LightGBMNumber.parse(text)?.bitPattern == bits)
    #expect(Double(text)?.bitPattern == bits)
  }

  @Test("and a neighbour, or at the ends of the range another number, for some", arguments: inexact)
  func notNearest(text: String, bits: UInt64) throws {
    #expect(LightGBMNumber.parse(text)?.bitPattern == bits)
    #expect(Double(text)?.bitPattern != bits)
  }

  @Test(
    "what is no number is refused",
    arguments: ["", "-", "+", ".", "e5", "1e", "1e+", "1x", "1 ", " 1", "--1", "nan", "inf", "0x1"])
  func refused(text: String) {
    #expect(LightGBMNumber.parse(text) == nil)
  }
}
