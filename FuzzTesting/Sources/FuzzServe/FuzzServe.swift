import Foundation
import Importers
import Serve

/// Takes the bytes as the body of a request: the first one says which model is asked, and
/// whether as strictly as MLflow. An answer is either predictions or an error in ASCII, and
/// does not depend on the requests before.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzServe(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let target = targets[Int(start[0]) % targets.count]
  let body = Span(
    _unsafeElements: UnsafeBufferPointer(start: start + 1, count: count - 1))
  let answer = target.reusing(body)
  var scratch = target.service.makeScratch()
  let fresh = target.service.score(.json, body: body, scratch: &scratch)
  precondition(answer == fresh, "an answer depends on the requests before")
  precondition(answer.status == 200 || answer.status == 400, "an impossible status")
  precondition(answer.body.allSatisfy { (0x20..<0x7F).contains($0) }, "not ASCII")
  return 0
}

/// A service, and memory that all requests share.
private final class Target {
  let service: ScoringService
  private var scratch: Scratch

  init(_ service: ScoringService) {
    self.service = service
    scratch = service.makeScratch()
  }

  func reusing(_ body: Span<UInt8>) -> Answer {
    service.score(.json, body: body, scratch: &scratch)
  }
}

/// libFuzzer calls from one thread.
nonisolated(unsafe) private let targets: [Target] = {
  let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/mlflow")
  return ["nosig_onecol", "nosig_binary", "nosig_pandas", "nosig_regression"].flatMap { name in
    let path = fixtures.appending(path: "\(name)/model.lgb")
    guard let bytes = try? Data(contentsOf: path),
      let model = try? Importer.read([UInt8](bytes).span, name: name)
    else { fatalError("no model in \(path.path)") }
    let served = ServedModel(model)
    return [false, true].map { isStrict in
      var options = ScoringOptions()
      options.isStrict = isStrict
      return Target(ScoringService(served, options: options))
    }
  }
}()
