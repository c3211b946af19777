/// Hands pieces from the thread that reads to those that score and on to the one that writes, in
/// order. There are never more than a fixed number of pieces.
final class PieceQueue: Sendable {
  /// What the thread that writes gets.
  struct Output {
    var piece: Piece
    /// Whether all of the piece has been scored; otherwise more comes.
    var isComplete: Bool
  }

  private struct State {
    var free: [Piece] = []
    /// How many pieces may still be made.
    var unmade: Int
    /// Cut, and waiting to be scored.
    var waiting: [Piece] = []
    /// Of which there are results to write, by number.
    var outputs: [Int: Output] = [:]
    /// How many pieces have been cut.
    var cutCount = 0
    /// How many have been written.
    var writtenCount = 0
    var isCut = false
    /// Why reading ended, if not at the end.
    var failure: Failure?
    var isStopped = false
  }

  private let state: Monitor<State>
  private let unknownCategories: UnknownCategories

  init(pieceCount: Int, unknownCategories: UnknownCategories) {
    state = Monitor(State(unmade: pieceCount))
    self.unknownCategories = unknownCategories
  }

  /// Ends all work.
  func stop() {
    state.change { $0.isStopped = true }
  }

  // MARK: Reading

  /// Waits for a piece to fill; nil when nobody wants one any more.
  func takeFree() -> Piece? {
    let answer: Piece?? = state.wait { state in
      if state.isStopped { return .some(nil) }
      if let piece = state.free.popLast() { return piece }
      guard state.unmade > 0 else { return nil }
      state.unmade -= 1
      return Piece(unknownCategories)
    }
    return answer ?? nil
  }

  /// Hands over a piece that has been filled.
  func submit(_ piece: Piece) {
    state.change { state in
      piece.number = state.cutCount
      state.cutCount += 1
      state.waiting.append(piece)
    }
  }

  /// Says that no more pieces come.
  func finishReading(_ failure: Failure?) {
    state.change { state in
      state.isCut = true
      state.failure = failure
    }
  }

  // MARK: Scoring

  /// Waits for a piece to score; nil when there are no more.
  func takeWork() -> Piece? {
    let answer: Piece?? = state.wait { state in
      if state.isStopped { return .some(nil) }
      if !state.waiting.isEmpty { return state.waiting.removeFirst() }
      return state.isCut ? .some(nil) : nil
    }
    return answer ?? nil
  }

  /// Hands over a piece that has been scored.
  func complete(_ piece: Piece) {
    state.change { $0.outputs[piece.number] = Output(piece: piece, isComplete: true) }
  }

  /// Has the results so far written, when it is the turn of the piece, and waits for that.
  ///
  /// - Returns: false when nobody wants more.
  func writeOut(_ piece: Piece) -> Bool {
    state.change { $0.outputs[piece.number] = Output(piece: piece, isComplete: false) }
    return state.wait { state in
      if state.isStopped { return false }
      return state.outputs[piece.number] == nil ? true : nil
    }
  }

  // MARK: Writing

  /// Waits for results of the piece whose turn it is.
  ///
  /// - Returns: nil after the last piece.
  /// - Throws: why reading ended, if not at the end.
  func nextOutput() throws(Failure) -> Output? {
    enum Answer {
      case output(Output)
      case end(Failure?)
    }
    let answer: Answer = state.wait { state in
      if let output = state.outputs[state.writtenCount] { return .output(output) }
      return state.isCut && state.writtenCount == state.cutCount ? .end(state.failure) : nil
    }
    switch answer {
    case .output(let output): return output
    case .end(let failure?): throw failure
    case .end(nil): return nil
    }
  }

  /// Says that results have been written.
  func finish(_ output: Output) {
    state.change { state in
      let piece = output.piece
      piece.output.removeAll(keepingCapacity: true)
      state.outputs[piece.number] = nil
      guard output.isComplete else { return }
      piece.report.removeAll()
      state.writtenCount += 1
      state.free.append(piece)
    }
  }
}
