/// Why a body cannot be scored, as MLflow's server puts it.
///
/// All of them are 400 so far; what a signature refuses has other codes.
struct ScoringError: Error, Sendable, Equatable {
  var message: String
  /// MLflow writes Python's stack trace here; treec, in strict mode, its own reason.
  var stackTrace: String?

  /// A body that is not what the protocol asks for.
  static func invalidInput(_ reason: String) -> ScoringError {
    ScoringError(message: "Invalid input. \(reason)")
  }

  /// A body that is no JSON. MLflow repeats the body here.
  static func invalidJSON(_ reason: String) -> ScoringError {
    invalidInput("Ensure that input is a valid JSON formatted string. Error: '\(reason)'")
  }

  /// Nobody waits for the answer, which therefore nobody sees.
  static let cancelled = ScoringError(message: "The request was given up.")

  /// A body that is no CSV.
  static func unreadableCSV(_ error: CSVFrameError, isStrict: Bool) -> ScoringError {
    switch error.kind {
    case .encoding:
      invalidInput("Ensure that input is a valid UTF-8 encoded string. Error: '\(error.message)'")
    case .size:
      invalidInput(error.message)
    case .syntax:
      ScoringError(
        message: "Failed to parse input as a Pandas DataFrame. Ensure that the input is a valid "
          + "CSV-formatted Pandas DataFrame produced using the `pandas.DataFrame.to_csv()` "
          + "method. Error: '\(error.message)'",
        stackTrace: isStrict ? error.message : nil)
    }
  }

  /// What MLflow's server answers to everything that the model does not like.
  static func unexpected(_ reason: String, isStrict: Bool) -> ScoringError {
    let message =
      "Encountered an unexpected error while evaluating the model. Verify that the serialized "
      + "input Dataframe is compatible with the model for inference."
    return isStrict
      ? ScoringError(message: message, stackTrace: reason)
      : ScoringError(message: "\(message) \(reason)")
  }

  /// What can be done about a category that the model does not know and refuses.
  static let unknownCategoryRemedy =
    "; convert the model with --unknown-category missing if it is to be taken as missing"

  /// A body that pandas cannot make a frame of; `field` is `split` or `records`.
  static func invalidFrame(_ field: String, _ reason: String) -> ScoringError {
    invalidInput(
      "Provided dataframe_\(field) field is not a valid dataframe representation in '\(field)' "
        + "format. Error: '\(reason)'")
  }

  /// A body that is no object with one of the fields.
  static func noFields(_ found: String) -> ScoringError {
    invalidInput("\(requiredFields). Received \(found).")
  }

  /// An object with none of the fields, or with more than one.
  static func wrongFields(_ found: [String]) -> ScoringError {
    let list = found.map { "'\($0)'" }.joined(separator: ", ")
    return ScoringError(
      message: "\(requiredFields). Received dictionary with input fields: [\(list)]. "
        + protocolChange)
  }

  /// MLflow writes a set of Python here, in another order in every process.
  private static let requiredFields =
    "The input must be a JSON dictionary with exactly one of the input fields "
    + "{'dataframe_split', 'dataframe_records', 'instances', 'inputs'}"

  static let protocolChange =
    "IMPORTANT: The MLflow Model scoring protocol has changed in MLflow version 2.0. If you are"
    + " seeing this error, you are likely using an outdated scoring request format. To resolve"
    + " the error, either update your request format or adjust your MLflow Model's requirements"
    + " file to specify an older version of MLflow (for example, change the 'mlflow' requirement"
    + " specifier to 'mlflow==1.30.0'). If you are making a request using the MLflow client"
    + " (e.g. via `mlflow.pyfunc.spark_udf()`), upgrade your MLflow client to a version >= 2.0"
    + " in order to use the new request format. For more information about the updated MLflow"
    + " Model scoring protocol in MLflow 2.0, see"
    + " https://mlflow.org/docs/latest/models.html#deploy-mlflow-models."
}

extension ScoringError {
  var answer: Answer {
    var body: [UInt8] = []
    body.append(contentsOf: "{\"error_code\": \"BAD_REQUEST\", \"message\": ".utf8)
    PythonJSON.append(message, to: &body)
    body.append(
      contentsOf: ", \"sqlstate\": \"KAM00\", \"error_class\": \"INVALID_PARAMETER_VALUE\"".utf8)
    if let stackTrace {
      body.append(contentsOf: ", \"stack_trace\": ".utf8)
      PythonJSON.append(stackTrace, to: &body)
    }
    body.append(UInt8(ascii: "}"))
    return Answer(status: 400, contentType: "application/json", body: body)
  }
}
