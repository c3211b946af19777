import TreeIR

/// Makes sets of bits of lists of categories.
///
/// A few bytes of a file stand for a set of up to 256 MB, so that the sum of all sets is
/// bounded: by 64 times the size of the file, which is what the categories of real splits need
/// where there are a hundred thousand of them.
struct CategoryBits {
  private(set) var words: [UInt32] = []
  private var wordsLeft: Int

  /// - Parameter sourceSize: Size of the file in bytes.
  init(sourceSize: Int) {
    wordsLeft = (1 << 22) + 16 * sourceSize
  }

  /// Adds `category`, which is not negative, to the set.
  mutating func insert(_ category: Int32, at offset: Int, remedy: String) throws(Fault) {
    let word = Int(category) / 32
    guard word < wordsLeft else {
      throw Fault(
        .limit, at: offset,
        "with category \(category) the sets of categories would need more than 64 times the "
          + "memory of the file", remedy: remedy)
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
