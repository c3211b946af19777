/// All engines, the preferred first where two would take the same time. A new engine is a type
/// that conforms to ``EnsembleEngine`` and a line here.
enum EngineRegistry {
  static let engines: [any EnsembleEngine.Type] = [
    BitSlicedEngine.self,
    TableQuickScorerEngine.self,
    DepthWalkEngine.self,
    PredicateWalkEngine.self,
    WalkEngine.self,
    ReferenceEngine.self,
  ]
}
