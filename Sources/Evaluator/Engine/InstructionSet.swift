#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The instructions that kernels are compiled for. All give the same bits.
public enum InstructionSet: String, Sendable, Hashable, CaseIterable, Comparable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline = "sse2"
  /// x86-64-v3: AVX2, FMA, BMI2.
  case avx2
  /// x86-64-v4: AVX-512 F, BW, CD, DQ and VL.
  case avx512

  public static func < (left: InstructionSet, right: InstructionSet) -> Bool {
    left.level < right.level
  }

  private var level: Int {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    }
  }

  /// The sets that this processor has and this program was compiled for, the slowest first.
  public static let available: [InstructionSet] = {
    #if TREEC_X86_KERNELS
      let flags = processorFlags()
      return allCases.filter { $0.flags.isSubset(of: flags) }
    #else
      return [.baseline]
    #endif
  }()

  /// The set that kernels use: the one that the environment variable `TREEC_ISA` names, or the
  /// fastest. A name that is none of ``available`` has no effect here; the `treec` program
  /// refuses it.
  public static let current: InstructionSet = requested ?? fastest

  /// The fastest of ``available``.
  public static var fastest: InstructionSet { available.max() ?? .baseline }

  /// The name in the environment variable `TREEC_ISA`; nil where there is none.
  public static var requestedName: String? {
    guard let value = getenv("TREEC_ISA") else { return nil }
    let name = String(cString: value)
    return name.isEmpty ? nil : name
  }

  private static var requested: InstructionSet? {
    requestedName.flatMap(InstructionSet.init(rawValue:)).flatMap {
      available.contains($0) ? $0 : nil
    }
  }

  /// Names in /proc/cpuinfo; Linux lists there what it also saves when it switches threads.
  private var flags: Set<Substring> {
    let v3: Set<Substring> = ["avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
    switch self {
    case .baseline: return []
    case .avx2: return v3
    case .avx512: return v3.union(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"])
    }
  }

  private static func processorFlags() -> Set<Substring> {
    guard let file = fopen("/proc/cpuinfo", "r") else { return [] }
    defer { fclose(file) }
    // The first processor's part, which has all the flags, is some kilobytes long.
    let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
      count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix("flags") }) else { return [] }
    return Set(line.split(separator: " "))
  }
}
