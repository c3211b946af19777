import Evaluator
import Importers
import TreeIR

/// Imports the bytes as a model of any format. What is imported must score.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzImporters(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var options = ImportOptions()
  options.limits.columns = 1 << 10
  let bytes = Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count))
  guard let model = try? Importer.read(bytes, name: "fuzz", options: options) else { return 0 }
  let predictor = Predictor(model)
  let row = [Double](repeating: 1, count: model.input.count)
  for output in PredictionOutput.allCases { _ = try? predictor.predict(row: row, output: output) }
  let copy = try? TreeModel(tirBytes: model.tirBytes().span)
  precondition(copy?.checksum == model.checksum, "a model does not survive writing and reading")
  return 0
}
