import Dispatch
import Synchronization
import TreeIR

/// The engines of all ensembles of a model.
final class EnginePlan: Sendable {
  let ensembles: [EnsembleEngines]
  /// By position of the output, the short way to it where there is one.
  let direct: [DirectScoring?]
  /// The box that the plan was made in.
  let owner: PlanOwner

  init(
    _ model: TreeModel, _ reads: SlotReads, _ outputs: [OutputPlan?], _ options: EngineOptions,
    owner: PlanOwner
  ) {
    self.owner = owner
    let ensembles = model.ensembles.indices.map { number in
      let readsResults = reads.ensembles[number].contains { $0 >= model.input.count }
      let context = EngineContext(
        model.ensembles[number],
        rowWidth: max(readsResults ? model.slotCount : model.input.count, QuantiserPlan.lanes),
        instructionSet: options.instructionSet ?? .current,
        tableMemoryLimit: options.tableMemoryLimit, blockWidth: options.blockWidth,
        statistics: StatisticSource(model, ensemble: number, reads))
      return EnsembleEngines(model.ensembles[number], context, only: options.engine)
    }
    self.ensembles = ensembles
    direct = outputs.enumerated().map { position, plan in
      plan?.onlyScores.map {
        DirectScoring(model, ensemble: $0, ensembles[$0], output: position, owner: owner)
      }
    }
  }
}

/// Tells one box from another. Plans keep theirs, so its address is never that of another box's
/// while a workspace has a plan of the first.
final class PlanOwner: Sendable {}

/// A plan that is made once, and may be made while rows are scored without it.
final class PlanBox: Sendable {
  let owner = PlanOwner()
  private let model: TreeModel
  private let reads: SlotReads
  private let outputs: [OutputPlan?]
  private let options: EngineOptions
  private let reference = AtomicLazyReference<EnginePlan>()
  /// Held while the plan is made, so that it is made once.
  private let making = Mutex(())

  /// - Parameter outputs: By position of the output.
  init(
    _ model: TreeModel, _ reads: SlotReads, _ outputs: [OutputPlan?], _ options: EngineOptions
  ) {
    self.model = model
    self.reads = reads
    self.outputs = outputs
    self.options = options
  }

  /// The plan, once there is one.
  var plan: EnginePlan? { reference.load() }

  /// Makes the plan, or waits until another thread has made it.
  @discardableResult
  func prepare() -> EnginePlan {
    making.withLock { _ in
      reference.load()
        ?? reference.storeIfNil(EnginePlan(model, reads, outputs, options, owner: owner))
    }
  }

  func prepareInBackground() {
    DispatchQueue.global(qos: .userInitiated).async { self.prepare() }
  }
}
