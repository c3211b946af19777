import Evaluator
import TreeIR

/// A model that is ready to be served: what its requests share, computed once.
public struct ServedModel: Sendable {
  public let predictor: Predictor
  let encoder: RowEncoder

  public init(_ model: TreeModel) {
    predictor = Predictor(model)
    encoder = predictor.makeRowEncoder()
  }
}
