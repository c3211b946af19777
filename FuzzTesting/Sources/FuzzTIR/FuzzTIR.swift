import Evaluator
import TreeIR

/// Opens the bytes as a `.tir` file. What opens must score, and must write and read back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTIR(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var limits = Limits()
  limits.columns = 1 << 10
  limits.slots = 1 << 12
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard let model = try? TreeModel(tirBytes: Span(_unsafeElements: bytes), limits: limits) else {
    return 0
  }
  let predictor = Predictor(model)
  let row = [Double](repeating: 1, count: model.input.count)
  for output in PredictionOutput.allCases { _ = try? predictor.predict(row: row, output: output) }
  _ = try? predictor.verifyEmbeddedRows()
  _ = ModelSummary(model)
  let copy = try? TreeModel(tirBytes: model.tirBytes().span)
  precondition(copy?.checksum == model.checksum, "a model does not survive writing and reading")
  return 0
}
