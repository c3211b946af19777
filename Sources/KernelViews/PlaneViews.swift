/// The planes of one byte column: bit r of plane `first + j` says that the rank of row r is above j.
package struct PlaneColumn: Sendable, BitwiseCopyable {
  /// The byte column.
  package var column: Int32
  package var first: Int32
  /// As many as thresholds.
  package var count: Int32
  /// Copies of planes in which a missing value counts as above; what they are copies of stands in
  /// the list of sources.
  package var firstRaised: Int32 = 0
  package var raisedCount: Int32 = 0
  /// Copies in which a missing value counts as not above; their sources come right after.
  package var firstLowered: Int32 = 0
  package var loweredCount: Int32 = 0
  package var firstSource: Int32 = 0

  package init(column: Int32, first: Int32, count: Int32) {
    self.column = column
    self.first = first
    self.count = count
  }
}

/// A column whose values fall into classes that have nothing to do with order: categories, or
/// numbers that are tested for equality. Each class has one row of bits, a bit a predicate.
package struct ClassColumn: Sendable, BitwiseCopyable {
  package enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// The number, cut to an integer, is the category.
    case category
    /// The number is looked up in a sorted list.
    case value
  }

  package var kind: Kind
  /// Whether the value is rounded to Float first.
  package var roundsToFloat: Bool
  /// Numbers up to this magnitude are classes of their own.
  package var tinyMagnitude: Double
  /// A category's number is above this, or is this where `includesLower`.
  package var lower: Double = 0
  package var includesLower: Bool = true
  /// A category's number is below this.
  package var upper: Double = 0
  /// The column of the matrix.
  package var input: Int32
  /// Categories, or values, that have classes.
  package var listedCount: Int32
  /// The first of the values.
  package var firstValue: Int32 = 0
  /// The first entry of the list that gives the row of bits of a class.
  package var firstClass: Int32 = 0
  /// The first word of the rows of bits.
  package var firstWord: Int32 = 0
  /// 64-bit words a row.
  package var wordCount: Int32
  /// The plane of the first bit; the planes of all words exist.
  package var firstPlane: Int32 = 0

  package init(
    kind: Kind, roundsToFloat: Bool, tinyMagnitude: Double, input: Int32, listedCount: Int32,
    wordCount: Int32
  ) {
    self.kind = kind
    self.roundsToFloat = roundsToFloat
    self.tinyMagnitude = tinyMagnitude
    self.input = input
    self.listedCount = listedCount
    self.wordCount = wordCount
  }
}

/// All class columns of a plan.
package struct ClassView: @unchecked Sendable {
  package var columns: UnsafePointer<ClassColumn>
  package var count: Int
  package var values: UnsafePointer<Double>
  /// By class, the row of bits.
  package var rowOfClass: UnsafePointer<UInt32>
  package var words: UnsafePointer<UInt64>

  package init(
    columns: UnsafePointer<ClassColumn>, count: Int, values: UnsafePointer<Double>,
    rowOfClass: UnsafePointer<UInt32>, words: UnsafePointer<UInt64>
  ) {
    self.columns = columns
    self.count = count
    self.values = values
    self.rowOfClass = rowOfClass
    self.words = words
  }
}

/// How bytes become planes. Plane 0 is all zeros and plane 1 all ones.
package struct PlaneView: @unchecked Sendable {
  package var columns: UnsafePointer<PlaneColumn>
  package var count: Int
  package var sources: UnsafePointer<UInt8>

  package init(columns: UnsafePointer<PlaneColumn>, count: Int, sources: UnsafePointer<UInt8>) {
    self.columns = columns
    self.count = count
    self.sources = sources
  }
}

/// `destination = predicate ? onTrue : onFalse`, bit by bit, in numbers of planes.
package struct PlaneOperation: Sendable, BitwiseCopyable, Equatable {
  package var predicate: UInt16
  package var onFalse: UInt16
  package var onTrue: UInt16
  package var destination: UInt16

  package init(predicate: UInt16, onFalse: UInt16, onTrue: UInt16, destination: UInt16) {
    self.predicate = predicate
    self.onFalse = onFalse
    self.onTrue = onTrue
    self.destination = destination
  }
}

/// A tree as a program over planes, whose results are the bits of a leaf code, and the values
/// of the codes. Neighbouring trees may share a program, in which their operations take turns.
package struct BlockTree: Sendable, BitwiseCopyable {
  /// Of the program.
  package var firstOperation: UInt32
  package var endOperation: UInt32
  /// Whether the program is not that of the tree before.
  package var startsProgram: Bool
  /// First of the code's planes: 8, or 16 where the code has more than 8 bits. Bits beyond the
  /// code's are plane 0.
  package var firstCodePlane: UInt32
  /// 0 to 16.
  package var codeBits: UInt32
  /// The value of code 0; `1 << codeBits` values, for vectors of leaf values as often as there
  /// are outputs.
  package var firstValue: Int
  /// What the tree adds to.
  package var output: Int

  package init(
    firstOperation: UInt32, endOperation: UInt32, startsProgram: Bool, firstCodePlane: UInt32,
    codeBits: UInt32, firstValue: Int, output: Int
  ) {
    self.firstOperation = firstOperation
    self.endOperation = endOperation
    self.startsProgram = startsProgram
    self.firstCodePlane = firstCodePlane
    self.codeBits = codeBits
    self.firstValue = firstValue
    self.output = output
  }
}

/// The programs of all trees.
package struct ProgramView: @unchecked Sendable {
  /// Programs have a multiple of so many operations.
  package static let operationMultiple = 8

  package var trees: UnsafePointer<BlockTree>
  package var operations: UnsafePointer<PlaneOperation>
  package var codePlanes: UnsafePointer<UInt16>
  /// Values in the precision of the sums; exactly one of the two is used.
  package var doubles: UnsafePointer<Double>
  package var floats: UnsafePointer<Float>
  package var sumsAreFloat: Bool
  /// Values a leaf: 1, or as many as outputs.
  package var leafWidth: Int

  package init(
    trees: UnsafePointer<BlockTree>, operations: UnsafePointer<PlaneOperation>,
    codePlanes: UnsafePointer<UInt16>, doubles: UnsafePointer<Double>,
    floats: UnsafePointer<Float>, sumsAreFloat: Bool, leafWidth: Int
  ) {
    self.trees = trees
    self.operations = operations
    self.codePlanes = codePlanes
    self.doubles = doubles
    self.floats = floats
    self.sumsAreFloat = sumsAreFloat
    self.leafWidth = leafWidth
  }
}

/// Memory for one block of rows, aligned to 64 bytes.
package struct BlockScratch {
  /// One plane after the other.
  package var planes: UnsafeMutableRawPointer
  /// Ranks, `width` bytes a byte column.
  package var ranks: UnsafeMutablePointer<UInt8>
  /// 1 where a value is missing, `width` bytes a byte column.
  package var missing: UnsafeMutablePointer<UInt8>
  /// Keys of a tile: 64 rows of 8.
  package var keys: UnsafeMutablePointer<Double>
  /// Ranks of a tile among more thresholds than fit a byte: 64.
  package var jointRanks: UnsafeMutablePointer<UInt16>
  /// Leaf codes: two bytes a row.
  package var codes: UnsafeMutablePointer<UInt8>
  /// Class words: 64 rows, 8 lanes.
  package var words: UnsafeMutablePointer<UInt64>
  /// Rows of bits, by row of the block.
  package var classRows: UnsafeMutablePointer<UInt32>
  /// Sums, `width` Doubles an output, or as many Floats.
  package var sums: UnsafeMutableRawPointer

  package init(
    planes: UnsafeMutableRawPointer, ranks: UnsafeMutablePointer<UInt8>,
    missing: UnsafeMutablePointer<UInt8>, keys: UnsafeMutablePointer<Double>,
    jointRanks: UnsafeMutablePointer<UInt16>, codes: UnsafeMutablePointer<UInt8>,
    words: UnsafeMutablePointer<UInt64>,
    classRows: UnsafeMutablePointer<UInt32>, sums: UnsafeMutableRawPointer
  ) {
    self.planes = planes
    self.ranks = ranks
    self.missing = missing
    self.keys = keys
    self.jointRanks = jointRanks
    self.codes = codes
    self.words = words
    self.classRows = classRows
    self.sums = sums
  }
}
