/// Rows and their results as the model's own file states them, in texts: what PMML calls
/// ModelVerification.
public struct StatedResults: Sendable, Equatable {
  /// The cells of an input column.
  public struct Input: Sendable, Equatable {
    /// Position in the input schema.
    public var column: Int
    /// One cell a row; nil is missing.
    public var cells: [String?]

    public init(column: Int, cells: [String?]) {
      self.column = column
      self.cells = cells
    }
  }

  /// The results of one of the model's ``TreeModel/resultFields``.
  public struct Result: Sendable, Equatable {
    /// Position among the result fields.
    public var field: Int
    /// One result a row; nil where nothing is stated.
    public var texts: [String?]
    /// How far a number may be from what is stated, as a share of that.
    public var precision: Double
    /// Numbers as small as this, with either sign, equal one another.
    public var zeroThreshold: Double

    public init(field: Int, texts: [String?], precision: Double, zeroThreshold: Double) {
      self.field = field
      self.texts = texts
      self.precision = precision
      self.zeroThreshold = zeroThreshold
    }
  }

  public var rowCount: Int
  public var inputs: [Input]
  public var results: [Result]

  public init(rowCount: Int, inputs: [Input], results: [Result]) {
    self.rowCount = rowCount
    self.inputs = inputs
    self.results = results
  }
}
