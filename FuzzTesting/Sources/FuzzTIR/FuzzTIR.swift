import Evaluator
import TreeIR

/// Opens the bytes as a `.tir` file, its checksums made good, so that damage reaches what
/// stands behind them. What opens must score, and must write and read back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTIR(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var limits = Limits()
  limits.columns = 1 << 10
  limits.slots = 1 << 12
  let bytes = resealed(Array(UnsafeBufferPointer(start: start, count: count)))
  guard let model = try? TreeModel(tirBytes: bytes.span, limits: limits) else { return 0 }
  let predictor = Predictor(model)
  let row = [Double](repeating: 1, count: model.input.count)
  for output in PredictionOutput.allCases { _ = try? predictor.predict(row: row, output: output) }
  _ = try? predictor.verifyEmbeddedRows()
  _ = ModelSummary(model)
  let copy = try? TreeModel(tirBytes: model.tirBytes().span)
  precondition(copy?.checksum == model.checksum, "a model does not survive writing and reading")
  return 0
}

/// The same bytes with size, section checksums and table checksum recomputed, where the
/// section table lies inside the file.
private func resealed(_ bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  let headerSize = 64
  let entrySize = 40
  guard bytes.count >= headerSize else { return bytes }
  func number(at offset: Int, width: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64($1 * 8) }
  }
  func store(_ value: UInt64, at offset: Int) {
    for byte in 0..<8 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (byte * 8)) }
  }
  store(UInt64(bytes.count), at: 16)
  let count = Int(number(at: 12, width: 4))
  guard count <= (bytes.count - headerSize) / entrySize else { return bytes }
  for entry in 0..<count {
    let base = headerSize + entry * entrySize
    let offset = number(at: base + 16, width: 8)
    let length = number(at: base + 24, width: 8)
    let size = UInt64(bytes.count)
    guard offset <= size, length <= size - offset else { continue }
    store(
      xxh64(bytes.span.extracting(Int(offset)..<Int(offset + length))), at: base + 32)
  }
  store(xxh64(bytes.span.extracting(headerSize..<headerSize + count * entrySize)), at: 24)
  return bytes
}
