import Evaluator

/// Memory that answering requests needs, reused from request to request; one per thread.
public struct Scratch: Sendable {
  var workspace: Workspace
  var frame = Frame()
  /// Whether the frame is one row that came without a list around it, as its answer does.
  var isRow = false
  /// Results of the rows that are scored at once.
  var results: [Double] = []
  /// Encodes cells by the rules of fields, with texts that no other thread numbers; nil for
  /// models of which no column has such rules.
  let encoder: RowEncoder?

  init(workspace: Workspace, encoder: RowEncoder?) {
    self.workspace = workspace
    self.encoder = encoder
  }

  /// How many numbers are kept from one request to the next: 1 MiB of them.
  private static let keptCapacity = 1 << 17

  /// Moves the frame out, so that it is filled without being copied.
  mutating func takeFrame() -> Frame {
    let taken = frame
    frame = Frame()
    return taken
  }

  /// Moves the results out, with room for at least `count`.
  mutating func takeResults(count: Int) -> [Double] {
    var taken = results
    results = []
    if taken.count < count { taken = Array(repeating: 0, count: count) }
    return taken
  }

  /// Forgets the texts of a request, and gives back what a large one has taken.
  mutating func shrink() {
    if let encoder { encoder.texts.removeAll() }
    if frame.values.capacity > Self.keptCapacity { frame.values = [] }
  }
}
