/// A tree model that has passed the validator: what importers make, `.tir` files hold and
/// the evaluator scores.
///
/// It is immutable and cheap to copy. Make one with ``ModelBuilder`` or read one from a
/// `.tir` file.
public struct TreeModel: Sendable {
  public let provenance: Provenance
  public let task: ModelTask
  /// The columns of a row; they fill slots `0 ..< input.count`.
  public let input: InputSchema
  public let ensembles: [Ensemble]
  public let statisticTables: [StatisticTable]
  /// The texts of hashed categories, as far as they are known.
  public let categoryTexts: CategoryTexts
  /// The scoring graph, in order of execution.
  public let operations: [Operation]
  /// Number of value slots: input columns and results of operations.
  public let slotCount: Int
  public let outputs: [ModelOutput]
  /// What a ``ModelOutput/Role/label`` slot indexes; empty where there are no classes.
  public let classLabels: [CategoryValue]
  /// The texts that stand for themselves in slots of ``FieldType/string``, by number.
  public let texts: [String]
  /// The results that the model names and types itself; empty where ``outputs`` are all.
  public let resultFields: [ResultField]
  /// Rows with reference answers that travel with the model.
  public let verification: VerificationRows?
  /// Rows and results that the model's source states.
  public let statedResults: StatedResults?

  /// The output with `role`, if the model has it.
  public func output(_ role: ModelOutput.Role) -> ModelOutput? {
    outputs.first { $0.role == role }
  }

  /// The same model in which all columns that have a dictionary treat values that are not in
  /// it as `unknown` says.
  ///
  /// - Throws: ``ModelError`` when the model exceeds `limits`.
  public func withUnknownCategories(
    _ unknown: InputColumn.UnknownCategory, limits: Limits = .standard
  ) throws(ModelError) -> TreeModel {
    var input = input
    for column in input.columns.indices {
      if case .dictionary(let values, _) = input.columns[column].kind {
        input.columns[column].kind = .dictionary(values, unknown: unknown)
      }
    }
    guard input != self.input else { return self }
    return try ModelBuilder(copying: self, input: input).build(limits: limits)
  }

  /// The same model carrying `rows`.
  ///
  /// - Throws: ``ModelError`` when the rows do not fit the model.
  public func withVerification(_ rows: VerificationRows?) throws(ModelError) -> TreeModel {
    var builder = ModelBuilder(copying: self)
    builder.verification = rows
    return try builder.build()
  }
}

/// What kind of question the model answers.
public enum ModelTask: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// The file does not say: a custom objective.
  case unknown = 0
  case regression = 1
  case binaryClassification = 2
  case multiclassClassification = 3
  case ranking = 4
  /// Several classes, each of which a row has or has not.
  case multilabelClassification = 5

  public var description: String {
    switch self {
    case .unknown: "unknown (custom objective)"
    case .regression: "regression"
    case .binaryClassification: "binary classification"
    case .multiclassClassification: "multiclass classification"
    case .ranking: "ranking"
    case .multilabelClassification: "multilabel classification"
    }
  }
}

/// A result that callers can ask for by role.
public struct ModelOutput: Sendable, Equatable {
  public enum Role: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The margins: sums of leaves before any link.
    case raw = 0
    /// The objective's natural output.
    case prediction = 1
    /// One probability a class.
    case probability = 2
    /// The position in ``TreeModel/classLabels`` of the predicted class; any other number
    /// means that there is no prediction. Several columns where a row may have several classes.
    case label = 3
    /// One logarithm of a probability a class.
    case logProbability = 4
    /// The exponentials of the margins.
    case exponent = 5
    /// What the model names and types itself, as ``TreeModel/resultFields`` says.
    case fields = 6

    public var description: String {
      switch self {
      case .raw: "raw"
      case .prediction: "prediction"
      case .probability: "probability"
      case .label: "label"
      case .logProbability: "log-probability"
      case .exponent: "exponent"
      case .fields: "fields"
      }
    }
  }

  public var role: Role
  /// One slot a column.
  public var slots: [Int]

  public init(_ role: Role, slots: [Int]) {
    self.role = role
    self.slots = slots
  }
}

/// Where a model came from.
public struct Provenance: Sendable, Equatable {
  /// The library that trained it, e.g. `LightGBM`.
  public var library: String
  /// The version of the library, or of its file format, as the file states it.
  public var version: String
  /// The format it was read from, e.g. `LightGBM text`.
  public var format: String
  /// The objective as the file states it; empty when it states none.
  public var objective: String
  /// XXH64 (seed 0) of the source file, as `xxhsum -H64` prints it; 0 when unknown.
  public var sourceHash: UInt64
  /// Size of the source file in bytes.
  public var sourceSize: UInt64
  /// What the file says of the model besides, in the file's order: XGBoost's attributes, such
  /// as `best_iteration`.
  public var attributes: [Attribute]

  /// A name and what the file says under it.
  public struct Attribute: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(
    library: String = "", version: String = "", format: String = "", objective: String = "",
    sourceHash: UInt64 = 0, sourceSize: UInt64 = 0, attributes: [Attribute] = []
  ) {
    self.library = library
    self.version = version
    self.format = format
    self.objective = objective
    self.sourceHash = sourceHash
    self.sourceSize = sourceSize
    self.attributes = attributes
  }
}

/// Rows and the answers that the original library gave for them.
public struct VerificationRows: Sendable, Equatable {
  /// The reference answers for one column of an output.
  public struct Answers: Sendable, Equatable {
    public var role: ModelOutput.Role
    /// Which of the output's columns.
    public var column: Int
    /// One answer a row.
    public var values: Column<Double>

    public init(role: ModelOutput.Role, column: Int, values: Column<Double>) {
      self.role = role
      self.column = column
      self.values = values
    }
  }

  public var rowCount: Int
  /// Encoded rows, row-major, one number an input column.
  public var inputs: Column<Double>
  public var answers: [Answers]

  public init(rowCount: Int, inputs: Column<Double>, answers: [Answers]) {
    self.rowCount = rowCount
    self.inputs = inputs
    self.answers = answers
  }
}
