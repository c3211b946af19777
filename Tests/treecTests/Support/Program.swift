import Foundation

/// The program that lies beside the test bundle.
enum Program {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  private static let url = URL(filePath: CommandLine.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "treec")

  /// Starts `treec serve` on a free port, and waits until it listens.
  static func serve(_ arguments: [String]) throws -> (process: Process, port: Int) {
    let process = Process()
    process.executableURL = url
    process.arguments = ["serve", "--port", "0"] + arguments
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    var text = ""
    while !text.contains("\n") {
      let data = errors.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      text += String(decoding: data, as: UTF8.self)
    }
    let digits = text.reversed().drop { !$0.isNumber }.prefix { $0.isNumber }
    guard text.hasPrefix("treec: listening on http://127.0.0.1:"),
      let port = Int(String(digits.reversed()))
    else { throw NotListening(said: text) }
    return (process, port)
  }

  struct NotListening: Error { let said: String }

  /// Runs `treec` with `input` on its standard input.
  static func run(_ arguments: [String], input: String? = nil) throws -> Outcome {
    try run(arguments, data: Data((input ?? "").utf8))
  }

  /// Runs `treec` with `data` on its standard input.
  static func run(_ arguments: [String], data: Data) throws -> Outcome {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    let output = Pipe()
    let errors = Pipe()
    let source = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = source
    try process.run()
    try source.fileHandleForWriting.write(contentsOf: data)
    try source.fileHandleForWriting.close()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let messages = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: messages, as: UTF8.self))
  }
}
