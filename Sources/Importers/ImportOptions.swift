import TreeIR

/// What the caller knows that a model file does not say, and what it may cost.
public struct ImportOptions: Sendable, Hashable {
  /// Names of the pandas columns of category dtype, in any order. Needed where a LightGBM
  /// file holds category dictionaries without saying which columns they belong to; where
  /// given, they decide. `.tir` files have their dictionaries in place and need none.
  public var categoricalColumns: [String] = []
  /// What a value that is not in its column's dictionary becomes, in all columns that have one.
  /// Nil leaves it as the library has it: missing in LightGBM, a row refused in XGBoost.
  public var unknownCategories: InputColumn.UnknownCategory?
  /// Whether a `.tir` file is copied into memory rather than mapped. A mapped file that is
  /// rewritten in place changes the model, and one that is shortened ends the program.
  public var copiesFile = false
  /// The largest model that is accepted.
  public var limits: Limits = .standard

  public init() {}
}

/// How far an import has come.
public struct ImportProgress: Sendable, Hashable {
  /// Bytes of the file that have been read.
  public let bytesRead: Int
  /// Size of the file in bytes.
  public let byteCount: Int
}
