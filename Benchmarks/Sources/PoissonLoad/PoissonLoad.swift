import Glibc

/// An open-loop HTTP load: requests leave at the times of a Poisson process, whether or not
/// earlier ones are answered, and each latency counts from the time that its request was due,
/// so waiting for a free connection is part of it. Prints one JSON object.
///
///     PoissonLoad --port 5000 --body request.json --expect answer.json --rate 1000
///
/// It spins instead of sleeping: give it a core of its own.
@main
enum PoissonLoad {
  static func main() {
    do {
      let options = try Options(CommandLine.arguments.dropFirst())
      var load = try Load(options)
      try load.warmUp()
      try load.run()
      print(load.summary())
    } catch {
      let text = Array("PoissonLoad: \(error)\n".utf8)
      write(STDERR_FILENO, text, text.count)
      exit(1)
    }
  }
}

struct LoadError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }

  /// A failed call of the system, with the reason in `errno`.
  static func system(_ call: String) -> LoadError {
    LoadError("\(call): \(String(cString: strerror(errno)))")
  }
}
