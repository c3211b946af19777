// swift-tools-version: 6.2

import PackageDescription

/// What the benchmarks need beside the treec program. A package of its own, so that building
/// treec builds none of it.
let settings: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "treec", path: ".."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .executableTarget(
      name: "EchoServer",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .executableTarget(name: "PoissonLoad", swiftSettings: settings),
    .executableTarget(
      name: "ScoringBenchmark",
      dependencies: [
        .product(name: "Evaluator", package: "treec"),
        .product(name: "Importers", package: "treec"),
        .product(name: "Serve", package: "treec"),
        .product(name: "TreeIR", package: "treec"),
      ],
      swiftSettings: settings),
  ]
)
