import Evaluator
import TextCodec

/// Reads the rows of a JSON body straight into a ``Frame``, in one pass where the body has
/// the usual shapes.
///
/// What is wrong with the rows is noted in ``problem``, the first thing first, and the value
/// is read to its end all the same: a body that is no JSON further on is answered as such.
/// Every method that reads a value leaves the reader behind it.
struct JSONFrameReader {
  /// What MLflow makes of the rows, which decides what may be in a cell.
  enum Container {
    case frame
    case array
  }

  /// What is to be known of each number of an array, one by one.
  enum NumberPass {
    /// Integers of ``JSONFrameReader/roundedColumns`` are rounded to `Float`, straight from
    /// their text.
    case roundsIntegersToFloat
    /// Integers beyond the range of `Double` are refused.
    case refusesInfiniteIntegers
    /// Every cell is the text that Python's `str` makes of it.
    case readsText
  }

  let model: ServedModel
  let isStrict: Bool
  /// Whether cells of ``encodedColumns`` are categories, not numbers.
  var encodes = false
  /// One for each column of the model: those with a dictionary or a hash, or some of them.
  var encodedColumns: [Bool]
  /// How many cells there may be. Rows of a text cannot have more cells than bytes, but rows
  /// that are filled up with missing values can.
  private let cellLimit: Int
  /// How many cells there may still be in all passes together; few bodies need more than two.
  private var cellsLeft: Int

  var container = Container.frame
  /// What the body's field is called in pandas' complaints: `split` or `records`.
  var field = "split"
  /// What a pass over the rows has to look at in each number; nil where that is nothing.
  var numberPass: NumberPass?
  /// For each column of the model, whether a pass that rounds integers rounds those in it.
  var roundedColumns: [Bool] = []
  /// Whether there was text in a column of categories that was not encoded.
  var hasCategoryText = false
  /// Whether the array is a list of cells, which is one row to CatBoost.
  var isRow = false
  /// Whether a cell was a list: for NumPy that is no cell, but one more dimension.
  var hasListCells = false
  var frame: Frame
  /// For each column, the forms of numbers in it that ``noteForms()`` has not noted yet.
  var forms: [JSONNumber.Forms]
  /// The row that cells are read into.
  private(set) var row = 0
  private(set) var rowStart = 0
  var problem: ScoringError?

  /// Encodes cells by the rules of fields, where columns have such.
  let fieldEncoder: RowEncoder?
  /// What the rules of fields have against cells of the row at hand, by the model's columns.
  var fieldFaults: [(column: Int, message: String)] = []

  /// - Parameter frame: Gives its memory; what is in it is dropped.
  init(
    _ model: ServedModel, isStrict: Bool, bodySize: Int, fieldEncoder: RowEncoder? = nil,
    reusing frame: consuming Frame
  ) {
    self.model = model
    self.isStrict = isStrict
    self.fieldEncoder = fieldEncoder
    cellLimit = max(1 << 23, bodySize)
    cellsLeft = 8 * cellLimit
    self.frame = frame
    encodedColumns = model.isEncoded
    forms = Array(repeating: [], count: model.columnCount)
  }

  /// Empties the frame for the first pass, or another one.
  mutating func restart() {
    frame.columnCount = 0
    frame.rowCount = 0
    frame.names = .numbered
    frame.fault = nil
    frame.values.removeAll(keepingCapacity: true)
    if frame.kinds.count != model.isEncoded.count {
      frame.kinds = Array(repeating: [], count: model.isEncoded.count)
    }
    for place in frame.kinds.indices { frame.kinds[place] = [] }
    for column in forms.indices { forms[column] = [] }
    problem = nil
    hasListCells = false
    hasCategoryText = false
    isRow = false
  }

  /// Adds a row of missing values, if another one may be added.
  mutating func beginRow() {
    cellsLeft -= model.columnCount
    guard frame.values.count + model.columnCount <= cellLimit, cellsLeft >= 0 else {
      note(
        .unexpected(
          "The rows would have more than \(cellLimit) cells when missing ones are filled in; "
            + "send fewer rows.", isStrict: isStrict))
      return
    }
    rowStart = frame.values.count
    row = frame.rowCount
    frame.values.append(contentsOf: repeatElement(.nan, count: model.columnCount))
    frame.rowCount += 1
  }

  /// Adds the forms of numbers to what is known of the columns.
  mutating func noteForms() {
    for column in forms.indices where !forms[column].isEmpty {
      frame.kinds[column].formUnion(Frame.Kinds(forms[column]))
      forms[column] = []
    }
  }

  /// Makes a row that there is the one that cells are read into.
  mutating func moveTo(row: Int) {
    self.row = row
    rowStart = row * model.columnCount
  }

  /// Where the cells of a column of the body go: a column of the model, or a place behind those;
  /// see ``BodyColumns``.
  @inline(__always)
  func place(_ position: Int, _ order: ColumnOrder) -> Int {
    switch order {
    case .model: position < model.columnCount ? position : placeOfOthers
    case .permuted(let columns):
      position < columns.count ? columns[position] : placeOfOthers
    case .mapped(let places): places[position]
    }
  }

  /// Where the cells of columns beyond the model's go.
  private var placeOfOthers: Int {
    isStrict || container == .array ? model.columnCount : BodyColumns.ignored
  }

  /// Notes what is wrong, unless something was before.
  mutating func note(_ problem: ScoringError) {
    if self.problem == nil { self.problem = problem }
  }
}
