import Foundation
import TestSupport
import Testing

/// `treec serve`, as a process.
@Suite struct ServeCommandTests {
  private let model = Fixture.root.appending(path: "demo/model.txt").path

  private static let request: String = {
    let body = """
      region,population,sex,age,education,income,status_quo_support
      N,175000.0,M,65.0,P,35000.0,1.0082

      """
    return "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }()

  /// The row has its answer, and the first signal ends the server well.
  private func checkAnswerAndEnd(_ process: Process, _ port: Int) async throws {
    try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(Self.request)
      let answer = connection.receive(answers: 1).answers.first
      #expect(answer?.body == "{\"predictions\": [0.837398559135932]}")
    }
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func `It answers, and the first signal ends it well`() async throws {
    let (process, port) = try Program.serve([model])
    try await checkAnswerAndEnd(process, port)
  }

  @Test func `A second signal ends it at once`() async throws {
    let (process, port) = try Program.serve([model, "--shutdown-timeout", "600"])
    try await onThread {
      let connection = try RawConnection(port: port)
      connection.send(String(Self.request.dropLast(5)))
      // Once the server refuses connections, it has had the first signal.
      pause(milliseconds: 500)
      process.terminate()
      while (try? RawConnection(port: port)) != nil { pause(milliseconds: 20) }
      #expect(process.isRunning)
      process.interrupt()
      process.waitUntilExit()
      connection.close()
    }
    #expect(process.terminationStatus == 128 + SIGINT)
  }

  @Test func `A port that is taken is an error that names it`() async throws {
    let (process, port) = try Program.serve([model])
    let outcome = try Program.run(["serve", model, "--port", String(port)])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("127.0.0.1 port \(port)"))
    process.terminate()
    process.waitUntilExit()
  }

  @Test func `Overwriting the model file does not touch the model that is served`() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).tir")
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try Program.run(["convert", model, "-o", file.path]).status == 0)
    let (process, port) = try Program.serve([file.path])
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: 100)
    try handle.close()
    try await checkAnswerAndEnd(process, port)
  }

  static let refused: [[String]] = [
    ["--port", "65536"], ["--port", "-1"], ["--max-body", "0"], ["--idle-timeout", "0"],
    ["--threads", "0"], ["--max-buffered", "1"], ["--log-level", "loud"],
    ["--shutdown-timeout", "-1"], ["--max-depth", "0"],
    ["--max-header", "9223372036854775807"],
  ]

  @Test(arguments: refused)
  func `Options that make no sense are refused`(options: [String]) throws {
    #expect(try Program.run(["serve", model] + options).status == 64)
  }
}
