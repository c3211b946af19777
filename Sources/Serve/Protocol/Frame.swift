import Evaluator

/// The rows of a body: their numbers, and what each column was made of, from which follows
/// whether pandas or NumPy would have given the model numbers.
struct Frame: Sendable {
  /// What the cells of a column were.
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt16

    /// An integer that fits `Int64`.
    static let integer = Kinds(rawValue: 1)
    /// An integer that fits neither `Int64` nor `UInt64`, or needs both.
    static let hugeInteger = Kinds(rawValue: 2)
    /// A number with fraction or exponent, NaN or an infinity.
    static let fraction = Kinds(rawValue: 4)
    static let boolean = Kinds(rawValue: 8)
    static let null = Kinds(rawValue: 16)
    static let text = Kinds(rawValue: 32)
    /// A list or an object.
    static let nested = Kinds(rawValue: 64)
    /// A cell of which nobody makes a number: text in a NumPy array that is none, a category
    /// that must be known.
    static let unusable = Kinds(rawValue: 128)
    /// Comes with one of the other integers: one below zero.
    static let negativeInteger = Kinds(rawValue: 256)
    /// An integer that fits `UInt64` but not `Int64`.
    static let unsignedInteger = Kinds(rawValue: 512)
    /// Comes with ``integer``: one that `Double` may not hold.
    static let wideInteger = Kinds(rawValue: 1024)
    /// Comes with ``fraction``: a category that was encoded.
    static let category = Kinds(rawValue: 2048)
  }

  /// A cell that the model cannot take.
  struct Fault: Error, Sendable, Equatable {
    /// From 0.
    var row: Int
    /// Names the column and says what is wrong in it.
    var message: String
  }

  /// Columns of the rows, which may be other than the model's.
  var columnCount = 0
  var rowCount = 0
  /// What the columns are called; looked at only where the library does.
  var names = FrameNames.numbered
  /// Row-major, one number a column of the model, in the order of the model's columns. Texts
  /// of categorical columns are encoded already; where a cell is no number its value is NaN.
  /// Means nothing unless the model takes rows of ``columnCount`` columns.
  var values: [Double] = []
  /// One a column of the model; those beyond ``columnCount`` mean nothing.
  var kinds: [Kinds] = []
  /// The first cell that is to blame if the frame cannot be scored.
  var fault: Fault?

  /// The columns whose texts are categories, for a library that takes numbers in frames for
  /// codes: those in which there is text, or nothing but null.
  ///
  /// - Returns: One for each column of the model; nil if there are none.
  func textColumns(_ model: ServedModel) -> [Bool]? {
    let columns = kinds.indices.map { column in
      model.isEncoded[column] && column < columnCount
        && (kinds[column].contains(.text) || kinds[column] == .null)
    }
    return columns.contains(true) ? columns : nil
  }
}
