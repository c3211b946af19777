import Foundation
import NIOCore
import TestSupport
import Testing

@testable import Serve

@Suite struct AccessLogTests {
  @Test func `Every request is a line of JSON, without its query`() async throws {
    let pipe = Pipe()
    let log = AccessLog(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    try await withServer(accessLog: log) { port in
      let connection = try RawConnection(port: port)
      connection.send(
        "GET /ping?token=secret HTTP/1.1\r\nHost: x\r\n\r\n" + Requests.scoring()
          + "GET /no\"where HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(connection.receive(answers: 3).statuses == [200, 200, 404])
    }
    try pipe.fileHandleForWriting.close()
    let text = try #require(try pipe.fileHandleForReading.readToEnd())
    let entries = try text.split(separator: UInt8(ascii: "\n")).map {
      try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
    }
    #expect(entries.map { $0["path"] as? String } == ["/ping", "/invocations", "/no\"where"])
    #expect(entries.map { $0["method"] as? String } == ["GET", "POST", "GET"])
    #expect(entries.map { $0["status"] as? Int } == [200, 200, 404])
    #expect(
      entries.map { $0["bytes_in"] as? Int } == [0, Requests.row.utf8.count, 0])
    #expect(
      entries.map { $0["bytes_out"] as? Int } == [1, Requests.answerToRow.utf8.count, 22])
    #expect(entries.allSatisfy { ($0["microseconds"] as? Int ?? -1) >= 0 })
    #expect(entries.allSatisfy { ($0["time_ms"] as? Int ?? 0) > 1_700_000_000_000 })
  }

  @Test func `A log that nobody reads holds up no request`() async throws {
    let pipe = Pipe()
    let log = AccessLog(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    let server = try await ScoringServer.start(
      ScoringService(ServedModel(try SampleModels.regression())),
      configuration: .with { _ in }, accessLog: log)
    let port = server.port
    try await onThread {
      let connection = try RawConnection(port: port)
      for _ in 0..<30 {
        connection.send(String(repeating: Requests.ping, count: 1000))
        #expect(connection.receive(answers: 1000).answers.count == 1000)
      }
    }
    let start = NIODeadline.now()
    await server.stop(within: .seconds(1))
    #expect(NIODeadline.now() - start < .seconds(20))
    // What was written waits in the pipe; reading it lets the rest be written.
    let reader = Task.detached { try pipe.fileHandleForReading.readToEnd() }
    log.flush(within: .seconds(60))
    try pipe.fileHandleForWriting.close()
    let text = String(decoding: try #require(try await reader.value), as: UTF8.self)
    #expect(text.contains("{\"dropped\":"))
  }
}
