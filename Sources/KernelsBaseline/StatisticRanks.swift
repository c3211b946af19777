import KernelViews

/// Puts the byte columns that are made of statistics into `ranks`, `width` bytes a column.
@inline(__always)
func putStatisticRanks(
  _ view: StatisticView, _ rows: RowsView, _ width: Int, _ scratch: StatisticScratch,
  _ ranks: UnsafeMutablePointer<UInt8>
) {
  takeInputs(view, rows, width, scratch)
  let count = rows.count
  for test in 0..<view.testCount {
    putBits(view.tests + test, width, count, scratch, to: scratch.bits + test &* width)
  }
  for column in 0..<view.codeColumnCount {
    putCodes(
      view.codeColumns[column], view.entries, width, count, scratch,
      to: scratch.codes + column &* width)
  }
  for number in 0..<view.hashedCount {
    putHashes(
      scratch.inputs + Int(view.hashedInputs[number]) &* width, count,
      to: scratch.hashes + number &* width)
  }
  for number in 0..<view.combinationCount {
    let combination = view.combinations + number
    if combination.pointee.codes >= 0 {
      let numbers = combinationNumbers(combination, view, width, count, scratch)
      let lookups = combination.pointee.firstLookup..<combination.pointee.endLookup
      for lookup in lookups {
        putRanks(view.lookups + Int(lookup), view, numbers, width, count, ranks)
      }
    } else {
      putKeys(combination, view, width, count, scratch)
      let lookups = combination.pointee.firstLookup..<combination.pointee.endLookup
      for lookup in lookups {
        findBuckets(view.lookups + Int(lookup), count, scratch)
        putRanks(view.lookups + Int(lookup), view, scratch.numbers, width, count, ranks)
      }
    }
  }
}

/// Turns the rows of the inputs that are read into columns.
@inline(__always)
private func takeInputs(
  _ view: StatisticView, _ rows: RowsView, _ width: Int, _ scratch: StatisticScratch
) {
  var first = 0
  while first < rows.count {
    let end = min(first &+ tileRows, rows.count)
    for number in 0..<view.inputCount {
      let values = rows.base + Int(view.inputs[number])
      let column = scratch.inputs + number &* width
      for row in first..<end { column[row] = values[row &* rows.stride] }
    }
    first = end
  }
}

@inline(__always)
private func putBits(
  _ test: UnsafePointer<StatisticTest>, _ width: Int, _ count: Int, _ scratch: StatisticScratch,
  to bits: UnsafeMutablePointer<UInt8>
) {
  let values = scratch.inputs + Int(test.pointee.input) &* width
  let border = test.pointee.border
  switch test.pointee.kind {
  case .above:
    for row in 0..<count { bits[row] = Float(values[row]) > border ? 1 : 0 }
  case .aboveOrMissing:
    // Written so that it holds for NaN.
    for row in 0..<count { bits[row] = Float(values[row]) <= border ? 0 : 1 }
  case .equal:
    let operand = test.pointee.operand
    for row in 0..<count { bits[row] = values[row] == operand ? 1 : 0 }
  }
}

// MARK: Codes

/// Added to a whole number of 32 bits, it leaves the number in the trailing bits.
private let roundingBits = 6_755_399_441_055_744.0

/// The category that a number is; where it is none, that of another number.
@inline(__always)
private func category(_ value: Double) -> Int32 {
  Int32(truncatingIfNeeded: Int64(bitPattern: (value + roundingBits).bitPattern))
}

/// Where the search for a category starts in a table of codes.
@inline(__always)
package func codeHome(of category: UInt32, bits: Int32) -> Int {
  let product = UInt64(category) &* 0x9E37_79B9_7F4A_7C15
  return Int(truncatingIfNeeded: product &>> UInt64(truncatingIfNeeded: 64 &- bits))
}

@inline(__always)
private func putCodes(
  _ column: CategoryCodeColumn, _ entries: UnsafePointer<UInt64>, _ width: Int, _ count: Int,
  _ scratch: StatisticScratch, to codes: UnsafeMutablePointer<UInt32>
) {
  let values = scratch.inputs + Int(column.input) &* width
  let entries = entries + column.firstEntry
  let mask = (1 &<< Int(column.bits)) &- 1
  for row in 0..<count {
    let category = category(values[row])
    let wanted = UInt32(bitPattern: category)
    var place = codeHome(of: wanted, bits: column.bits)
    var entry = entries[place]
    while entry != 0, UInt32(truncatingIfNeeded: entry &>> 32) != wanted {
      place = (place &+ 1) & mask
      entry = entries[place]
    }
    codes[row] = Double(category) == values[row] ? UInt32(truncatingIfNeeded: entry) : 0
  }
}

/// The numbers of a combination of one category with tests: its code and a bit a test.
@inline(__always)
private func combinationNumbers(
  _ combination: UnsafePointer<StatisticCombination>, _ view: StatisticView, _ width: Int,
  _ count: Int, _ scratch: StatisticScratch
) -> UnsafePointer<UInt32> {
  let codes = scratch.codes + Int(combination.pointee.codes) &* width
  let numbers = scratch.numbers
  let tests = view.testList + Int(combination.pointee.firstTest)
  @inline(__always) func bits(_ test: Int) -> UnsafeMutablePointer<UInt8> {
    scratch.bits + Int(tests[test]) &* width
  }
  let testCount = Int(combination.pointee.endTest &- combination.pointee.firstTest)
  switch testCount {
  case 0: return UnsafePointer(codes)
  case 1:
    let first = bits(0)
    for row in 0..<count { numbers[row] = codes[row] &<< 1 | UInt32(first[row]) }
  case 2:
    let (first, second) = (bits(0), bits(1))
    for row in 0..<count {
      numbers[row] = codes[row] &<< 2 | UInt32(first[row] &<< 1 | second[row])
    }
  default:
    let (first, second, third) = (bits(0), bits(1), bits(2))
    for row in 0..<count {
      numbers[row] =
        codes[row] &<< 3 | UInt32(first[row] &<< 2 | second[row] &<< 1 | third[row])
    }
    for test in 3..<max(testCount, 3) {
      let next = bits(test)
      for row in 0..<count { numbers[row] = numbers[row] &<< 1 | UInt32(next[row]) }
    }
  }
  return UnsafePointer(numbers)
}

@inline(__always)
private func putRanks(
  _ lookup: UnsafePointer<StatisticLookup>, _ view: StatisticView,
  _ numbers: UnsafePointer<UInt32>, _ width: Int, _ count: Int,
  _ ranks: UnsafeMutablePointer<UInt8>
) {
  for number in Int(lookup.pointee.firstTarget)..<Int(lookup.pointee.endTarget) {
    let table = view.ranks + view.targets[number].firstRank
    let output = ranks + Int(view.targets[number].column) &* width
    for row in 0..<count { output[row] = table[Int(numbers[row])] }
  }
}

// MARK: Hashes

/// Of CatBoost's hash of combinations.
package var hashMultiplier: UInt64 { 0x4906_BA49_4954_CB65 }

@inline(__always)
private func putHashes(
  _ values: UnsafePointer<Double>, _ count: Int, to hashes: UnsafeMutablePointer<UInt64>
) {
  for row in 0..<count {
    hashes[row] = hashMultiplier &* UInt64(bitPattern: Int64(category(values[row])))
  }
}

/// CatBoost's hash of a combination.
@inline(__always)
private func putKeys(
  _ combination: UnsafePointer<StatisticCombination>, _ view: StatisticView, _ width: Int,
  _ count: Int, _ scratch: StatisticScratch
) {
  let keys = scratch.keys
  for row in 0..<count { keys[row] = 0 }
  let categories = Int(combination.pointee.firstCategory)..<Int(combination.pointee.endCategory)
  for place in categories {
    let added = scratch.hashes + Int(view.categoryList[place]) &* width
    for row in 0..<count { keys[row] = hashMultiplier &* (keys[row] &+ added[row]) }
  }
  for place in Int(combination.pointee.firstTest)..<Int(combination.pointee.endTest) {
    let bits = scratch.bits + Int(view.testList[place]) &* width
    for row in 0..<count {
      keys[row] = hashMultiplier &* (keys[row] &+ (bits[row] != 0 ? hashMultiplier : 0))
    }
  }
  for place in categories {
    let input = view.hashedInputs[Int(view.categoryList[place])]
    let values = scratch.inputs + Int(input) &* width
    // What has no category is no combination.
    for row in 0..<count where Double(category(values[row])) != values[row] {
      keys[row] = .max
    }
  }
}

/// Turns the hashes into numbers: the bucket that holds a hash and 1, or 0.
///
/// The home buckets of all keys are read before any search goes on from there, so that the
/// processor waits for many lines of memory at once and not for one after the other.
@inline(__always)
private func findBuckets(
  _ lookup: UnsafePointer<StatisticLookup>, _ count: Int, _ scratch: StatisticScratch
) {
  let (keys, numbers) = (lookup.pointee.keys, scratch.numbers)
  let bits = UInt64(truncatingIfNeeded: lookup.pointee.bits)
  let mask = (UInt32(1) &<< UInt32(bits)) &- 1
  var misplaced: UInt32 = 0
  for row in 0..<count {
    let key = scratch.keys[row]
    // In two steps, so that a table of one bucket has the home 0.
    let home = ((key &* 0x9E37_79B9_7F4A_7C15) &>> 1) &>> (63 &- bits)
    let found = keys[Int(home)]
    let isEmpty = found == .max
    let isElsewhere = !isEmpty && found != key
    misplaced |= isElsewhere ? 1 : 0
    numbers[row] = isEmpty ? 0 : isElsewhere ? .max &- UInt32(home) : UInt32(home) &+ 1
  }
  guard misplaced > 0 else { return }
  for row in 0..<count where numbers[row] >= .max &- mask {
    var bucket = (.max &- numbers[row] &+ 1) & mask
    while keys[Int(bucket)] != scratch.keys[row], keys[Int(bucket)] != .max {
      bucket = (bucket &+ 1) & mask
    }
    numbers[row] = keys[Int(bucket)] == .max ? 0 : bucket &+ 1
  }
}
