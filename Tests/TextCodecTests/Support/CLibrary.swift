#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's own conversions: the oracle of the number tests.
enum CLibrary {
  static func double(_ text: [UInt8]) -> Double {
    terminated(text) { strtod($0, nil) }
  }

  static func float(_ text: [UInt8]) -> Float {
    terminated(text) { strtof($0, nil) }
  }

  /// `value` as `%.<digits - 1>e` prints it: that many significant digits.
  static func scientific(_ value: Double, digits: Int) -> [UInt8] {
    format("%.*e", CInt(digits - 1), value)
  }

  /// All digits of `value`, which ends at the latest 1074 places after the point.
  static func exact(_ value: Double, places: Int = 1074) -> [UInt8] {
    format("%.*f", CInt(places), value)
  }

  private static func format(_ pattern: String, _ precision: CInt, _ value: Double) -> [UInt8] {
    withVaList([precision, value]) { arguments in
      [UInt8](unsafeUninitializedCapacity: 1600) { buffer, count in
        count = buffer.withMemoryRebound(to: CChar.self) {
          Int(vsnprintf($0.baseAddress, $0.count, pattern, arguments))
        }
      }
    }
  }

  private static func terminated<Value>(
    _ text: [UInt8], _ body: (UnsafePointer<CChar>) -> Value
  ) -> Value {
    (text + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
    }
  }
}
