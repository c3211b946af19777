// swift-tools-version: 6.2

import PackageDescription

/// Coverage-guided fuzzing with libFuzzer, one program a parser; `run.sh` builds and runs
/// them. A package of its own, because the whole of it is compiled for the fuzzer.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"]),
]

let package = Package(
  name: "FuzzTesting",
  dependencies: [.package(name: "treec", path: "..")],
  targets: [
    .executableTarget(
      name: "FuzzTIR",
      dependencies: [
        .product(name: "TreeIR", package: "treec"), .product(name: "Evaluator", package: "treec"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "FuzzImporters",
      dependencies: [
        .product(name: "Importers", package: "treec"),
        .product(name: "Evaluator", package: "treec"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "FuzzCSV", dependencies: [.product(name: "TextCodec", package: "treec")],
      swiftSettings: settings),
    .executableTarget(
      name: "FuzzServe",
      dependencies: [
        .product(name: "Serve", package: "treec"), .product(name: "Importers", package: "treec"),
      ], swiftSettings: settings),
  ]
)
