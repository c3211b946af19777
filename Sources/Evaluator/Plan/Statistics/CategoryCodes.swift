import KernelViews
import KernelsBaseline

/// The categories of one column that tables know, each with a code: 1 and up.
struct CategoryCodes {
  /// A hash table, at most half full: a category in the upper half, its code in the lower; 0 is
  /// empty.
  private(set) var entries: [UInt64]
  /// The hash table has 2 to this power of entries.
  private(set) var bits: Int32 = 10
  /// By code less 1, how often the category was trained with.
  private var times: [UInt32] = []

  init() {
    entries = [UInt64](repeating: 0, count: 1 << Int(bits))
  }

  var count: Int { times.count }

  /// The code of a category; 0 if it has none.
  @inline(__always)
  func code(of category: Int32) -> Int {
    Int(UInt32(truncatingIfNeeded: entries[place(of: UInt32(bitPattern: category))]))
  }

  /// Takes note of a category that a table counts so many times.
  mutating func note(_ category: Int32, times new: UInt32) {
    let wanted = UInt32(bitPattern: category)
    let place = place(of: wanted)
    if entries[place] != 0 {
      let position = Int(UInt32(truncatingIfNeeded: entries[place])) - 1
      times[position] = max(times[position], new)
      return
    }
    times.append(new)
    entries[place] = UInt64(wanted) << 32 | UInt64(times.count)
    if times.count * 2 > entries.count { grow() }
  }

  /// Gives the codes out anew: the more frequent a category, the lower, so that what rows look up
  /// most is close together. Frequencies of the same power of 2 are the same.
  mutating func sortByFrequency() {
    var starts = [Int](repeating: 0, count: 34)
    for times in times { starts[times.leadingZeroBitCount + 1] += 1 }
    for level in 1..<starts.count { starts[level] += starts[level - 1] }
    let codes = times.map { times in
      let level = times.leadingZeroBitCount
      starts[level] += 1
      return UInt64(starts[level])
    }
    for place in entries.indices where entries[place] != 0 {
      let code = codes[Int(UInt32(truncatingIfNeeded: entries[place])) - 1]
      entries[place] = (entries[place] >> 32) << 32 | code
    }
  }

  /// Where a category is, or would be.
  @inline(__always)
  private func place(of category: UInt32) -> Int {
    var place = codeHome(of: category, bits: bits)
    while entries[place] != 0, UInt32(truncatingIfNeeded: entries[place] >> 32) != category {
      place = (place + 1) & (entries.count - 1)
    }
    return place
  }

  private mutating func grow() {
    let old = entries
    bits += 1
    entries = [UInt64](repeating: 0, count: 1 << Int(bits))
    for entry in old where entry != 0 {
      entries[place(of: UInt32(truncatingIfNeeded: entry >> 32))] = entry
    }
  }
}
