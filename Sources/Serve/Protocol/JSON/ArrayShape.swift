import TextCodec

/// The shape that NumPy finds for nested lists.
///
/// Source: `PyArray_DiscoverDTypeAndShape_Recursive` and `update_shape` of NumPy 2. Lists are
/// dimensions, all else is a cell; the first cell settles how many dimensions there are.
struct ArrayShape {
  /// NumPy's greatest number of dimensions.
  static let maximumDimensions = 64

  /// Elements in each dimension, as far as they are the same everywhere.
  private(set) var sizes: [Int] = []
  /// NumPy's words, where the lists are no array.
  private(set) var error: String?

  /// How many elements each list has, in the order in which they begin.
  private var listSizes: [Int32] = []
  private var nextList = 0
  private var dimensions = maximumDimensions
  /// Whether the first cell has been seen.
  private var isSettled = false
  private var isRagged = false

  /// Reads the next value, whatever it is.
  init(_ reader: inout JSONReader) throws(JSONError) {
    guard try reader.peekKind() == .array else {
      try reader.skipValue()
      return
    }
    var again = reader
    try measure(&reader)
    try visit(&again, depth: 0)
    listSizes = []
    sizes.removeLast(sizes.count - dimensions)
    if isRagged { error = Self.error(sizes) }
  }

  private init() {}

  private static func error(_ sizes: [Int]) -> String {
    let start = "setting an array element with a sequence. The requested array "
    guard sizes.count < maximumDimensions else {
      return start + "would exceed the maximum number of dimension of \(maximumDimensions)."
    }
    let list = sizes.map(String.init).joined(separator: ", ") + (sizes.count == 1 ? "," : "")
    return start + "has an inhomogeneous shape after \(sizes.count) dimensions. The detected "
      + "shape was (\(list)) + inhomogeneous part."
  }

  /// Reads the next value and notes the sizes of its lists, but of none within an object.
  private mutating func measure(_ reader: inout JSONReader) throws(JSONError) {
    let depth = reader.depth
    var open: [Int] = []
    repeat {
      if let list = open.last {
        guard try reader.nextElement() else {
          open.removeLast()
          continue
        }
        listSizes[list] += 1
      }
      if try reader.peekKind() == .array {
        try reader.enterArray()
        open.append(listSizes.count)
        listSizes.append(0)
      } else {
        try reader.skipValue()
      }
    } while reader.depth > depth
  }

  /// Passes over the next value and its lists.
  private mutating func pass(_ reader: inout JSONReader) throws(JSONError) {
    var lists = ArrayShape()
    try lists.measure(&reader)
    nextList += lists.listSizes.count
  }

  private mutating func visit(_ reader: inout JSONReader, depth: Int) throws(JSONError) {
    let isList = try reader.peekKind() == .array
    guard isList, depth < dimensions else {
      settle(at: depth)
      // A list where there can be none, or none any more.
      isRagged = isRagged || isList
      return try pass(&reader)
    }
    let size = Int(listSizes[nextList])
    if !isSettled {
      // The first lists are entered one in the other until there is a cell.
      sizes.append(size)
    } else if sizes[depth] != size {
      isRagged = true
      dimensions = depth
      return try pass(&reader)
    }
    if size == 0 {
      isSettled = true
      dimensions = depth + 1
      return try pass(&reader)
    }
    nextList += 1
    try reader.enterArray()
    while try reader.nextElement() { try visit(&reader, depth: depth + 1) }
  }

  /// Notes a cell at `depth`.
  private mutating func settle(at depth: Int) {
    if depth != dimensions && (isSettled || depth > dimensions) { isRagged = true }
    dimensions = min(dimensions, depth)
    isSettled = true
  }
}
