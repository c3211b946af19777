import Foundation
import TextCodec

/// A case of `fixtures/`: a model of a real library, rows, and that library's answers.
public struct Fixture: Sendable, CustomStringConvertible {
  public let name: String
  private let folder: URL
  private let meta: Meta

  private struct Meta: Decodable {
    struct Arguments: Decodable {
      var startIteration: Int?
      var numIteration: Int?
      var predEarlyStop: Bool?
      var predEarlyStopFreq: Int?
      var predEarlyStopMargin: Double?
      /// XGBoost's first iteration and the one after the last; 0 for the model's own end.
      var iterationRange: [Int]?
    }

    var version: String
    var inputTypes: [String]
    var predictArgs: Arguments
    var categorical: [String]?
    var rows: Int
  }

  /// The folder `fixtures/` of the repository.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures")

  /// All cases of `format`, such as `lightgbm`, by name.
  public static func all(_ format: String) -> [Fixture] {
    let folder = root.appending(path: format)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { try? Fixture(folder.appending(path: $0)) }
  }

  /// The case `name` of `format`.
  public static func named(_ name: String, in format: String) throws -> Fixture {
    try Fixture(root.appending(path: format).appending(path: name))
  }

  private init(_ folder: URL) throws {
    self.folder = folder
    name = folder.lastPathComponent
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    meta = try decoder.decode(
      Meta.self, from: Data(contentsOf: folder.appending(path: "meta.json")))
  }

  public var description: String { name }

  /// The content of the file at `path` in `fixtures/`.
  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: path)))
  }

  /// The content of a file of the case.
  public func bytes(_ file: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: file)))
  }

  /// The path of a file of the case; nil when the case has no such file.
  public func path(_ file: String) -> String? {
    let path = folder.appending(path: file).path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Names for `--categorical`, where the model does not tell.
  public var categoricalColumns: [String] { meta.categorical ?? [] }

  /// The columns that hold text.
  public func textColumns() throws -> [String] {
    zip(try table("input.csv").header, meta.inputTypes).filter { $0.1 == "str" }.map(\.0)
  }

  /// The library's version.
  public var version: String { meta.version }

  public var startIteration: Int {
    meta.predictArgs.startIteration ?? meta.predictArgs.iterationRange?.first ?? 0
  }
  public var iterationCount: Int? {
    guard let range = meta.predictArgs.iterationRange else { return meta.predictArgs.numIteration }
    return range[1] == 0 ? nil : range[1] - range[0]
  }
  /// Margin and frequency of prediction early stopping, if the case uses it.
  public var earlyStopping: (margin: Double, frequency: Int)? {
    guard meta.predictArgs.predEarlyStop == true else { return nil }
    return (
      meta.predictArgs.predEarlyStopMargin ?? 10, meta.predictArgs.predEarlyStopFreq ?? 10
    )
  }

  /// A CSV file of the case.
  public func table(_ file: String) throws -> CSVContent {
    try CSVContent(Data(contentsOf: folder.appending(path: file)))
  }
}

/// The cells of a small CSV file.
public struct CSVContent {
  public let header: [String]
  public private(set) var rows: [[String]] = []

  public init(_ data: Data) throws {
    var reader = try CSVReader()
    reader.append(Array(data).span)
    reader.finish()
    var records: [[String]] = []
    while try reader.next() == .record {
      var record: [String] = []
      for field in 0..<reader.fieldCount { record.append(reader.field(at: field).makeString()) }
      records.append(record)
    }
    header = records.first ?? []
    rows = Array(records.dropFirst())
  }

  /// The columns whose names start with `prefix`, as numbers, in order; an empty cell is NaN.
  public func numbers(_ prefix: String) -> [[Double]] {
    header.indices.filter { header[$0].hasPrefix(prefix) }.map { column in
      rows.map { Double($0[column]) ?? .nan }
    }
  }
}
