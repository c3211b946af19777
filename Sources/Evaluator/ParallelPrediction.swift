import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for predictions on several threads at once. Make it with
/// ``Predictor/makeParallelWorkspace(threads:)``.
public struct ParallelWorkspace: Sendable {
  /// The rows that the model refused in the last call, in order; their results are NaN.
  public internal(set) var refusals: [Workspace.Refusal] = []
  /// One a thread.
  var workspaces: [Workspace]

  public var threadCount: Int { workspaces.count }
}

extension Predictor {
  /// Memory for predictions on `threads` threads at once.
  ///
  /// - Parameter threads: At least 1; nil for as many as the process may use cores.
  public func makeParallelWorkspace(threads: Int? = nil) -> ParallelWorkspace {
    let count = max(threads ?? Self.coreCount, 1)
    return ParallelWorkspace(workspaces: (0..<count).map { _ in makeWorkspace() })
  }

  /// Scores rows on several threads; otherwise like
  /// ``predict(_:layout:output:options:into:workspace:)``, with the same results.
  ///
  /// Rows are divided into whole blocks, which threads take as they are ready for more. Too few
  /// rows for two blocks are scored on the calling thread alone.
  public func predict(
    _ rows: Span<Double>, layout: MatrixLayout, output: PredictionOutput = .prediction,
    options: PredictionOptions = PredictionOptions(), into result: inout MutableSpan<Double>,
    workspace: inout ParallelWorkspace
  ) throws(PredictionError) {
    let width = try columnCount(of: output, options: options)
    try layout.check(columns: model.input.count, elementCount: rows.count)
    let threads = workspace.threadCount
    let chunk = Self.chunkRows(layout.rowCount, threads: threads)
    guard threads > 1, chunk < layout.rowCount else {
      try predict(
        rows, layout: layout, output: output, options: options, into: &result,
        workspace: &workspace.workspaces[0])
      workspace.refusals = workspace.workspaces[0].refusals
      return
    }
    try layout.check(rowsOf: width, fit: result.count)
    let shared = rows.withUnsafeBufferPointer { rows in
      result.withUnsafeMutableBufferPointer { result in
        workspace.workspaces.withUnsafeMutableBufferPointer { workspaces in
          let shared = SharedPrediction(
            predictor: self, rows: rows, layout: layout, output: output, options: options,
            width: width, chunk: chunk, result: result, workspaces: workspaces)
          DispatchQueue.concurrentPerform(iterations: threads) { shared.run(thread: $0) }
          return shared.outcome
        }
      }
    }
    if let error = shared.error { throw error }
    workspace.refusals = shared.refusals.sorted { $0.row < $1.row }
  }

  /// Rows that a thread takes at a time: whole blocks, and some pieces a thread, so that one that
  /// was held up does not hold up the others.
  private static func chunkRows(_ rows: Int, threads: Int) -> Int {
    let block = BlockScoring.blockRows
    let piece = rows / (threads * 4)
    return max((piece + block - 1) / block, 1) * block
  }

  private static var coreCount: Int {
    Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}

/// One call that several threads work on. Every chunk of rows, and with it its part of the
/// results, is taken by one thread, and every thread has a workspace of its own.
private final class SharedPrediction: @unchecked Sendable {
  struct Outcome {
    var error: PredictionError?
    var refusals: [Workspace.Refusal] = []
  }

  private let predictor: Predictor
  private let rows: UnsafeBufferPointer<Double>
  private let layout: MatrixLayout
  private let output: PredictionOutput
  private let options: PredictionOptions
  private let width: Int
  private let chunk: Int
  private let result: UnsafeMutableBufferPointer<Double>
  private let workspaces: UnsafeMutableBufferPointer<Workspace>
  private let nextChunk = Atomic(0)
  private let collected = Mutex(Outcome())

  init(
    predictor: Predictor, rows: UnsafeBufferPointer<Double>, layout: MatrixLayout,
    output: PredictionOutput, options: PredictionOptions, width: Int, chunk: Int,
    result: UnsafeMutableBufferPointer<Double>,
    workspaces: UnsafeMutableBufferPointer<Workspace>
  ) {
    self.predictor = predictor
    self.rows = rows
    self.layout = layout
    self.output = output
    self.options = options
    self.width = width
    self.chunk = chunk
    self.result = result
    self.workspaces = workspaces
  }

  var outcome: Outcome { collected.withLock { $0 } }

  func run(thread: Int) {
    while true {
      let number = nextChunk.wrappingAdd(1, ordering: .relaxed).oldValue
      let first = number * chunk
      guard first < layout.rowCount else { return }
      let count = min(chunk, layout.rowCount - first)
      do throws(PredictionError) {
        try score(first, count, &workspaces[thread])
      } catch {
        collected.withLock { $0.error = error }
        return
      }
      let refusals = workspaces[thread].refusals
      guard !refusals.isEmpty else { continue }
      collected.withLock { outcome in
        outcome.refusals += refusals.map {
          Workspace.Refusal(row: first + $0.row, reason: $0.reason)
        }
      }
    }
  }

  private func score(
    _ first: Int, _ count: Int, _ workspace: inout Workspace
  ) throws(PredictionError) {
    // Rows without columns may have no memory at all.
    let start = min(layout.place(first, 0), rows.count)
    let part = UnsafeBufferPointer(rebasing: rows[start...])
    let target = UnsafeMutableBufferPointer(
      rebasing: result[first * width..<(first + count) * width])
    var results = target.mutableSpan
    try predictor.predict(
      part.span, layout: layout.with(rowCount: count), output: output, options: options,
      into: &results, workspace: &workspace)
  }
}
