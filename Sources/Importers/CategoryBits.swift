import TreeIR

/// Makes sets of bits of lists of categories.
///
/// A few bytes of a file stand for a set of up to 256 MB, so that the sum of all sets is
/// bounded: by what a file of this size may plausibly need.
struct CategoryBits {
  private(set) var words: [UInt32] = []
  private var wordsLeft: Int

  /// - Parameter sourceSize: Size of the file in bytes.
  init(sourceSize: Int) {
    wordsLeft = (1 << 22) + sourceSize
  }

  /// Adds `category`, which is not negative, to the set.
  mutating func insert(_ category: Int32, at offset: Int, remedy: String) throws(Fault) {
    let word = Int(category) / 32
    guard word < wordsLeft else {
      throw Fault(
        .limit, at: offset, "category \(category) would need a set of \(word / (1 << 18)) MB",
        remedy: remedy)
    }
    if word >= words.count {
      words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
    }
    words[word] |= 1 << UInt32(category % 32)
  }

  /// Ends the set; the next one is empty.
  mutating func removeAll() {
    wordsLeft -= words.count
    words.removeAll(keepingCapacity: true)
  }
}
