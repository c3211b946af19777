import Foundation
import Importers
import TextCodec
import TreeIR

/// The models of the repository's `fixtures` folder.
enum Fixtures {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures")

  /// Names of the LightGBM cases.
  static let lightGBM: [String] = contents(of: "lightgbm")
  /// Those that have a JSON dump.
  static let lightGBMWithJSON = lightGBM.filter { exists("lightgbm/\($0)/model.json") }

  static func path(_ relative: String) -> String {
    root.appending(path: relative).path(percentEncoded: false)
  }

  static func bytes(_ relative: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: relative)))
  }

  static func text(_ relative: String) throws -> String {
    String(decoding: try bytes(relative), as: UTF8.self)
  }

  static func exists(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: path(relative))
  }

  /// The options that a case's `meta.json` asks for.
  static func options(of lightGBMCase: String) throws -> ImportOptions {
    var options = ImportOptions()
    let meta = try bytes("lightgbm/\(lightGBMCase)/meta.json")
    var reader = JSONReader(meta.span)
    try reader.enterObject()
    while let key = try reader.nextKey() {
      guard key.equals("categorical") else {
        try reader.skipValue()
        continue
      }
      try reader.enterArray()
      while try reader.nextElement() {
        options.categoricalColumns.append(try reader.readString())
      }
    }
    return options
  }

  /// Rows of a CSV file without quotes, the header left out.
  static func rows(_ relative: String) throws -> [[String]] {
    try text(relative).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static func contents(of folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: path(folder))
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }
}
