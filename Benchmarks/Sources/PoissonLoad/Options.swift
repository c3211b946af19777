import Glibc

/// The command line.
struct Options {
  var port: UInt16 = 5000
  var path = "/invocations"
  var contentType = "application/json"
  /// The body of every request.
  var body: [UInt8] = []
  /// What every answer must be; nil checks the status alone.
  var expected: [UInt8]?
  /// Requests a second.
  var rate = 1000.0
  var seconds = 5.0
  var connections = 16
  var seed: UInt64 = 1
  /// A body that one more connection sends over and over.
  var background: [UInt8]?

  init(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw LoadError("\(name) lacks a value") }
      switch name {
      case "--port": port = try Self.number(name, value)
      case "--path": path = value
      case "--content-type": contentType = value
      case "--body": body = try Self.contents(of: value)
      case "--expect": expected = try Self.contents(of: value)
      case "--rate": rate = try Self.number(name, value)
      case "--seconds": seconds = try Self.number(name, value)
      case "--connections": connections = try Self.number(name, value)
      case "--seed": seed = try Self.number(name, value)
      case "--background": background = try Self.contents(of: value)
      default: throw LoadError("unknown option \(name)")
      }
    }
    guard !body.isEmpty, rate > 0, seconds > 0, connections > 0 else {
      throw LoadError("--body FILE, and positive --rate, --seconds and --connections, are needed")
    }
  }

  /// The bytes of a request.
  func request(_ body: [UInt8]) -> [UInt8] {
    let head =
      "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: \(contentType)\r\n"
      + "Content-Length: \(body.count)\r\n\r\n"
    return Array(head.utf8) + body
  }

  private static func number<Number: LosslessStringConvertible>(
    _ name: String, _ value: String
  ) throws -> Number {
    guard let number = Number(value) else { throw LoadError("\(name) \(value): no number") }
    return number
  }

  private static func contents(of path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw LoadError.system("open \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
