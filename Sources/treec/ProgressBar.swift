#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A line on the terminal that tells how far a long piece of work has come. It appears only
/// on a terminal, and only once the work has taken a while.
final class ProgressBar {
  private let label: String
  private let start = Terminal.now()
  private let isEnabled: Bool
  private var lastShown: Double
  private var isVisible = false

  /// Work that takes less than this many seconds needs no bar.
  private static let patience = 0.5
  private static let interval = 0.1

  /// - Parameter isEnabled: Whether the bar may be shown, if somebody watches.
  init(label: String, isEnabled: Bool = true) {
    self.label = label
    self.isEnabled = isEnabled && Terminal.isWatched
    lastShown = start + Self.patience - Self.interval
  }

  /// Shows how much is done.
  ///
  /// - Parameters:
  ///   - total: nil when nobody knows how much there is to do.
  ///   - detail: Follows the bar, such as a rate.
  func show(done: Int, of total: Int?, detail: @autoclosure () -> String = "") {
    guard isEnabled else { return }
    let now = Terminal.now()
    guard now - lastShown >= Self.interval else { return }
    lastShown = now
    isVisible = true
    var line = label
    if let total, total > 0 {
      let fraction = min(1, Double(done) / Double(total))
      let filled = Int(fraction * 24)
      line += " ["
      line += String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
      line += "] \(Int(fraction * 100))%"
    }
    let detail = detail()
    if !detail.isEmpty { line += " \(detail)" }
    Terminal.write("\r\u{1B}[K\(line)")
  }

  /// Replaces the line, if it was shown, by `message`.
  func finish(_ message: @autoclosure () -> String) {
    guard isVisible else { return }
    clear()
    Terminal.say(message())
  }

  /// Removes the line.
  func clear() {
    if isVisible { Terminal.write("\r\u{1B}[K") }
    isVisible = false
  }

  /// Seconds since the work began.
  var elapsed: Double { Terminal.now() - start }
}
