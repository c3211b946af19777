#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a model cannot be built, read or written.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is; more codes may be added.
  public struct Code: Sendable, Hashable {
    let name: String

    /// The operating system refused to open, read, map or write a file.
    public static let io = Code(name: "io")
    /// The file is not a `.tir` file.
    public static let notTIR = Code(name: "notTIR")
    /// The file was written by a version, or needs a section, that this one cannot read.
    public static let unsupported = Code(name: "unsupported")
    /// The file is damaged: truncated, or a checksum does not match.
    public static let corrupt = Code(name: "corrupt")
    /// The parts of the model contradict each other.
    public static let invalid = Code(name: "invalid")
    /// The model exceeds one of ``Limits``.
    public static let limit = Code(name: "limit")
  }

  public let code: Code
  /// Where: a path, a section, or a place in the model such as `ensemble 0, tree 3, node 7`.
  public let location: String
  /// What is wrong and what to do about it.
  public let message: String

  public init(_ code: Code, _ location: String, _ message: String) {
    self.code = code
    self.location = location
    self.message = message
  }

  public var description: String {
    location.isEmpty ? message : "\(location): \(message)"
  }

  /// The failure of a system call, described by `errno`.
  static func io(path: String, action: String) -> ModelError {
    ModelError(.io, path, "cannot \(action) the file: \(String(cString: strerror(errno)))")
  }
}
