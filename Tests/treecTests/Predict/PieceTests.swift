import Evaluator
import Foundation
import Importers
import TestSupport
import Testing

@testable import treec

/// Answers must not depend on where the input is cut, nor on the number of threads.
@Suite struct PieceTests {
  private static let header = "region,population,sex,age,education,income,status_quo_support"
  private let predictor: Predictor
  private let folder: URL

  init() throws {
    predictor = Predictor(
      try Importer.load(Fixture.root.appending(path: "demo/model.txt").path))
    folder = FileManager.default.temporaryDirectory.appending(path: "treec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func run(
    _ text: [UInt8], pieceSize: Int, threads: Int = 1, order: ColumnOrder = .name,
    outputFormat: RowFormat? = nil, model: Predictor? = nil,
    output: PredictionOutput = .prediction
  ) throws -> String {
    let input = folder.appending(path: "input")
    let result = folder.appending(path: "output")
    try Data(text).write(to: input)
    try? FileManager.default.removeItem(at: result)
    let predictor = model ?? predictor
    var run = PredictionRun(
      predictor: predictor, output: output, options: PredictionOptions(), order: order,
      outputFormat: outputFormat, threadCount: threads)
    run.pieceSize = pieceSize
    try run.run(
      from: input.path, to: result.path, columns: try predictor.columnNames(of: output),
      showsProgress: false)
    return try String(contentsOf: result, encoding: .utf8)
  }

  private func failure(
    _ text: [UInt8], pieceSize: Int, threads: Int = 1, order: ColumnOrder = .name
  ) throws -> String? {
    do {
      _ = try run(text, pieceSize: pieceSize, threads: threads, order: order)
      return nil
    } catch let error as Failure {
      return error.description.replacing(folder.path + "/", with: "")
    }
  }

  private static let texts = [
    "\(header)\nN,1,M,3,P,4,5\nS,2,F,,PS,1e4,-0.5\nSA,,,20,,,0.25\n",
    "\u{FEFF}\(header),\"a \"\"note\"\"\"\r\nN,1,M,3,P,4,5,\"x\r\n\"\"y,\"\r\n\r\n\"S\",\"2\",F,,PS,1e4, -0.5 ,z\"z\r\nSA,,,20,,,0.25,\"\n\n\"",
    "\n\n\(header)\r\rN,1,M,3,P,4,5\r\rS,2,F,,PS,1e4,-0.5\rSA,,,20,,,0.25",
  ]

  @Test(arguments: texts)
  func `Pieces of every size give the same answers`(text: String) throws {
    let text = Array(text.utf8)
    let whole = try run(text, pieceSize: 1 << 20)
    #expect(whole.split(separator: "\n").count == 4)
    for size in 1...text.count + 1 {
      #expect(try run(text, pieceSize: size, threads: 1 + size % 3) == whole, "size \(size)")
    }
  }

  @Test func `All texts that say the same have the same answers`() throws {
    let answers = try Self.texts.map { try run(Array($0.utf8), pieceSize: 1 << 20) }
    #expect(Set(answers).count == 1)
    let objects = """
      {"region": "N", "population": 1, "sex": "M", "age": 3, "education": "P", "income": 4,
       "status_quo_support": 5}
      """.replacing("\n", with: "")
    let rows =
      objects + "\r\n\n"
      + #"{"status_quo_support":-0.5,"extra":[{"a":"\n"}],"income":1e4,"education":"PS","#
      + #""age":null,"s\u0065x":"F","population":2,"region":"S"}"# + "\n"
      + #"  {"region":"SA","age":20.0,"status_quo_support":0.25}"#
    for size in [1, 7, 50, 1 << 20] {
      for threads in 1...3 {
        let found = try run(
          Array(rows.utf8), pieceSize: size, threads: threads, outputFormat: .csv)
        #expect(found == answers[0])
      }
    }
  }

  @Test func `Many rows stay in order`() throws {
    var rows = Self.header + "\n"
    for row in 0..<5000 { rows += "N,\(row),M,\(row % 90),P,\(row * 7),\(Double(row % 31) / 10)\n" }
    let text = Array(rows.utf8)
    let whole = try run(text, pieceSize: 1 << 20)
    for threads in [1, 2, 5] {
      for size in [100, 3000, 20_000] {
        #expect(try run(text, pieceSize: size, threads: threads) == whole)
      }
    }
  }

  @Test func `Results beyond what a piece may hold are written in order`() throws {
    // 12 leaves a row and so many rows in a piece that they are written before it is done.
    var rows = Self.header + "\n"
    for row in 0..<250_000 { rows += ",,,\(row % 90),,,\n" }
    let text = Array(rows.utf8)
    let whole = try run(text, pieceSize: 1 << 24, output: .leaf)
    #expect(whole.utf8.count > 1 << 22)
    #expect(try run(text, pieceSize: 1 << 21, threads: 3, output: .leaf) == whole)
  }

  @Test(arguments: [
    ("N,1,M,old,P,4,5", "input, line 6: column 'age': 'old' is not a number"),
    ("N,1,M", "input, line 6: 3 fields where 7 are expected"),
    ("N,1,M,3,P,4,5,6", "input, line 6: 8 fields where 7 are expected"),
    ("\"N\"x,1,M,3,P,4,5", "must be followed by a delimiter or a line end"),
    ("N,\"1", "input: a quoted field has no closing quote at line 6, column 3 (record 5)"),
  ])
  func `An error names its line wherever the input is cut`(line: String, message: String) throws {
    let rows =
      "\(Self.header)\nN,1,M,3,P,4,5\n\nN,1,\"a\nb\",3,P,4,5\n\(line)\nN,1,M,young,P,4,5\n"
    let text = Array(rows.utf8)
    let whole = try #require(try failure(text, pieceSize: 1 << 20))
    #expect(whole.contains(message), "\(whole)")
    for size in 1...text.count {
      #expect(
        try failure(text, pieceSize: size, threads: 1 + size % 3) == whole, "size \(size)")
    }
  }

  @Test func `The first error in the order of the file is told`() throws {
    for (first, second) in [("N,1,M,old,P,4,5", "N"), ("N", "N,1,M,old,P,4,5")] {
      let text = Array("\(Self.header)\n\(first)\nN,1,M,3,P,4,5\n\(second)\n".utf8)
      for size in [1, 40, 90, 1 << 20] {
        let said = try failure(text, pieceSize: size, threads: 4)
        #expect(said?.contains("line 2") == true, "\(said ?? "nothing")")
      }
    }
  }

  @Test func `A record that is too long is an error that names its line`() throws {
    let long = String(repeating: "x", count: PieceReader.longestRecord + 1)
    let text = Array("\(Self.header)\nN,1,M,3,P,4,5\n\(long)\n".utf8)
    for size in [100, 1 << 20] {
      let said = try failure(text, pieceSize: size)
      #expect(
        said == "input: the record is longer than the limit of 16777216 bytes at line 3, column 1 "
          + "(record 3)")
    }
    let objects = try failure(Array("{}\n{\"a\":\"\(long)\"}".utf8), pieceSize: 1 << 20)
    #expect(objects?.contains("line 2: the line is longer than the limit") == true)
  }

  @Test func `Rows without a header can be cut too`() throws {
    let text = Array("\nN,1,M,3,P,4,5\n\u{FEFF}S,2,F,4,P,5,-1\n".utf8)
    let whole = try run(text, pieceSize: 1 << 20, order: .positionWithoutHeader)
    for size in 1...text.count {
      #expect(try run(text, pieceSize: size, order: .positionWithoutHeader) == whole)
    }
    #expect(try run([], pieceSize: 9, order: .positionWithoutHeader) == "prediction_0\n")
  }
}
