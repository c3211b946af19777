// swift-tools-version: 6.2

import PackageDescription

/// Everything that `treec` the program needs from other packages hangs on the
/// `Tools` trait, so that a consumer of the libraries alone
/// (`.package(url: …, from: …, traits: [])`) downloads no package but this one.
let tools: TargetDependencyCondition? = .when(traits: ["Tools"])

/// `Lifetimes` lets readers borrow a `Span` instead of holding a pointer.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableExperimentalFeature("Lifetimes"),
]

/// Kernels are compiled three times on x86-64, from the same source, and the program chooses when
/// it starts. `TREEC_PORTABLE=1` leaves the two for newer processors out: for other processors
/// than that of the machine that builds.
#if arch(x86_64)
  let hasX86Kernels = Context.environment["TREEC_PORTABLE"] == nil
#else
  let hasX86Kernels = false
#endif

/// - Parameter flags: What the compiler may use. Gathers are slower than loads one by one on many
///   processors.
func kernels(_ name: String, flags: [String]) -> Target {
  .target(
    name: name, dependencies: ["KernelViews"],
    swiftSettings: [
      .swiftLanguageMode(.v6), .unsafeFlags(flags.flatMap { ["-Xcc", $0] }),
    ])
}

let x86Kernels: [Target] =
  hasX86Kernels
  ? [
    kernels("KernelsAVX2", flags: ["-march=x86-64-v3"]),
    kernels("KernelsAVX512", flags: ["-march=x86-64-v4", "-mno-gather"]),
  ] : []

let package = Package(
  name: "treec",
  products: [
    .library(name: "TreeIR", targets: ["TreeIR"]),
    .library(name: "Evaluator", targets: ["Evaluator"]),
    .library(name: "Importers", targets: ["Importers"]),
    .library(name: "TextCodec", targets: ["TextCodec"]),
    .library(name: "Serve", targets: ["Serve"]),
    .executable(name: "treec", targets: ["treec"]),
  ],
  traits: [
    .trait(name: "Tools", description: "The treec program: its command line and its server."),
    .trait(name: "PMML", description: "Reading PMML, with libxml2."),
    .default(enabledTraits: ["Tools", "PMML"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .target(name: "TextCodec", swiftSettings: settings),
    .target(name: "TreeIR", dependencies: ["TextCodec"], swiftSettings: settings),
    .target(name: "KernelViews", swiftSettings: [.swiftLanguageMode(.v6)]),
    .target(
      name: "KernelsBaseline", dependencies: ["KernelViews"],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .target(
      name: "Evaluator",
      dependencies: ["TreeIR", "TextCodec", "KernelViews", "KernelsBaseline"]
        + x86Kernels.map { .byName(name: $0.name) },
      swiftSettings: settings + (hasX86Kernels ? [.define("TREEC_X86_KERNELS")] : [])),
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Importers",
      dependencies: [
        "TreeIR", "TextCodec",
        .target(name: "CLibXML2", condition: .when(traits: ["PMML"])),
      ],
      swiftSettings: settings),
    .target(
      name: "Serve",
      dependencies: [
        "TreeIR", "TextCodec", "Evaluator",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio", condition: tools),
        .product(name: "NIOCore", package: "swift-nio", condition: tools),
        .product(name: "NIOPosix", package: "swift-nio", condition: tools),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: tools),
        .product(name: "Logging", package: "swift-log", condition: tools),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "treec",
      dependencies: [
        "TreeIR", "TextCodec", "Evaluator", "Importers", "Serve",
        .target(name: "CZlib", condition: tools),
        .product(
          name: "ArgumentParser", package: "swift-argument-parser", condition: tools),
        .product(name: "NIOCore", package: "swift-nio", condition: tools),
        .product(name: "Logging", package: "swift-log", condition: tools),
      ],
      resources: [
        // Compiled in: the program is one file.
        .embedInCode("Report/Page/report.html"),
        .embedInCode("Report/Page/report.css"),
        .embedInCode("Report/Page/report.js"),
      ],
      swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["TreeIR", "TextCodec"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "TextCodecTests", dependencies: ["TextCodec", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "TreeIRTests", dependencies: ["TreeIR", "TestSupport"], swiftSettings: settings),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "EvaluatorTests",
      dependencies: ["Evaluator", "TextCodec", "TestSupport", "CAllocationCounter"],
      swiftSettings: settings),
    .testTarget(
      name: "ImportersTests", dependencies: ["Importers", "Evaluator", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ServeTests",
      dependencies: ["Serve", "Evaluator", "Importers", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "treecTests", dependencies: ["treec", "TestSupport"], swiftSettings: settings),
  ] + x86Kernels
)
