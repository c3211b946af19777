import Foundation
import TestSupport
import Testing

@testable import Serve

/// Everything that MLflow's real server was asked is answered as it answered.
@Suite struct MLflowCaseTests {
  @Test(arguments: MLflowCase.all)
  func answersAsMLflowDoes(_ sample: MLflowCase) async throws {
    let model = try #require(ServedModel.mlflow[sample.model])
    let answer = try await RouterClient(model, isStrict: true)
      .send(sample.head, body: sample.body)
    let text = String(decoding: answer.body, as: UTF8.self)

    #expect(answer.status == sample.response.status, "\(text)")
    #expect(answer.contentType == sample.response.contentType)
    switch sample.compare {
    case .predictions, .exact:
      #expect(text == sample.response.body)
    case .error:
      guard answer.status == sample.response.status else { return }
      let ours = try JSONDecoder().decode(ErrorBody.self, from: Data(answer.body))
      let theirs = try JSONDecoder().decode(
        ErrorBody.self, from: Data(sample.response.body.utf8))
      #expect(ours.error_code == theirs.error_code)
      #expect(ours.sqlstate == theirs.sqlstate)
      #expect(ours.error_class == theirs.error_class)
      #expect((ours.stack_trace == nil) == (theirs.stack_trace == nil))
      #expect(ours.message == theirs.message)
    }
    #expect(answer.allow == sample.response.headers?["allow"])
    #expect(answer.location == sample.response.headers?["location"])
  }

  private struct ErrorBody: Decodable {
    var error_code: String
    var message: String
    var sqlstate: String
    var error_class: String
    var stack_trace: String?
  }
}
