import ArgumentParser

@main
struct Treec: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "treec",
    abstract: "Runs tree models exactly as the library that trained them.",
    discussion: """
      A MODEL is a .tir file made by 'treec convert', or any file that can be imported: a \
      LightGBM text model, a LightGBM dump_model JSON, an XGBoost model as JSON or UBJSON, or \
      a CatBoost model as cbm or JSON. Formats are recognised by content.
      """,
    version: "0.1.0",
    subcommands: [Convert.self, Predict.self, Serve.self, Verify.self, Inspect.self, Bench.self])

  /// Runs commands that need not wait on the main thread: memory grows faster there than on others
  /// with the GNU C library, which asks the system for every page of theirs.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      exit(withError: error)
    }
  }
}
