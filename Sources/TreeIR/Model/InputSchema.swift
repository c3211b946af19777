/// The columns of a row, in the order of the training matrix. Column `i` fills value
/// slot `i`.
public struct InputSchema: Sendable, Equatable {
  public var columns: [InputColumn]
  /// Whether training had names for the columns. If not, the importer has made them up:
  /// XGBoost's `f0`, `f1` …
  public var hasNames: Bool

  public init(columns: [InputColumn], hasNames: Bool = true) {
    self.columns = columns
    self.hasNames = hasNames
  }

  public var count: Int { columns.count }
}

/// One input column.
public struct InputColumn: Sendable, Equatable {
  /// What a cell of the column holds, and what number it becomes in its slot.
  public enum Kind: Sendable, Equatable {
    /// A number, taken as it is; a missing cell is NaN.
    case numeric
    /// A number that names a category; a missing cell is NaN.
    case categoryCodes
    /// A value of a list; its slot holds the position in the list.
    case dictionary([CategoryValue], unknown: UnknownCategory)
    /// Text whose hash is the category; a missing cell is the empty text.
    case hashedText(CategoryHash)
    /// Anything: the column keeps its place, and the file no more of it, because nothing depends
    /// on it (CatBoost's `drop_unused_features`). Its slot is missing.
    case ignored
    /// A value of a typed field, prepared as PMML says.
    case field(FieldRules)
  }

  /// The hash functions by which libraries turn text into a category.
  public enum CategoryHash: UInt8, Sendable, Hashable, CaseIterable {
    /// CatBoost: the low 32 bits, signed, of CityHash64 version 1.0 of the UTF-8 bytes.
    case cityHash32 = 0
  }

  /// What a value that is not in the dictionary becomes.
  public enum UnknownCategory: UInt8, Sendable, Hashable, CaseIterable {
    /// Missing, as pandas and LightGBM have it.
    case missing = 0
    /// The row is refused, as XGBoost has it.
    case refused = 1
  }

  public var name: String
  public var kind: Kind
  /// Smallest and largest value seen in training, if the file tells. Information only.
  public var range: ClosedRange<Double>?
  /// Category codes seen in training, if the file tells. Information only.
  public var codes: [Int]

  public init(
    name: String, kind: Kind, range: ClosedRange<Double>? = nil, codes: [Int] = []
  ) {
    self.name = name
    self.kind = kind
    self.range = range
    self.codes = codes
  }

  /// Whether the column holds categories.
  public var isCategorical: Bool { kind != .numeric && kind != .ignored }
}

/// A category or class label as the training data had it.
///
/// Text is equal when its bytes are, as in Python: Swift would also take a letter with an
/// accent and the letter followed by a combining accent for the same.
public enum CategoryValue: Sendable, CustomStringConvertible {
  case string(String)
  case integer(Int64)
  case double(Double)
  case boolean(Bool)

  public var description: String {
    switch self {
    case .string(let value): value
    case .integer(let value): String(value)
    case .double(let value): String(value)
    case .boolean(let value): value ? "True" : "False"
    }
  }
}

extension CategoryValue: Hashable {
  public static func == (left: CategoryValue, right: CategoryValue) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.integer(let left), .integer(let right)): left == right
    case (.double(let left), .double(let right)): left == right
    case (.boolean(let left), .boolean(let right)): left == right
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
    case .integer(let number): hasher.combine(number)
    case .double(let number): hasher.combine(number)
    case .boolean(let truth): hasher.combine(truth)
    }
  }
}
