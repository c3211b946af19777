/// The texts of hashed categories, as far as the source file has them: information only, for
/// people who want to read a model. Where two texts have the same hash, both are there.
public struct CategoryTexts: Sendable, Equatable {
  /// One a text, ascending.
  public let hashes: Column<Int32>
  /// First byte of each text, and the end of the last; empty when there are none.
  let starts: Column<UInt32>
  /// The texts in UTF-8, one after another.
  let bytes: Column<UInt8>

  /// None.
  public init() {
    self.init(hashes: [], starts: [], bytes: [])
  }

  /// The texts of `categories`, each once; those that would take the whole beyond 4 GiB are left
  /// out.
  public init(_ categories: [(hash: Int32, text: String)]) {
    let sorted = categories.sorted { ($0.hash, $0.text) < ($1.hash, $1.text) }
    var hashes: [Int32] = []
    var starts: [UInt32] = [0]
    var bytes: [UInt8] = []
    var last: (hash: Int32, text: String)?
    for category in sorted {
      if let last, last.hash == category.hash, last.text.utf8.elementsEqual(category.text.utf8) {
        continue
      }
      last = category
      guard let end = UInt32(exactly: bytes.count + category.text.utf8.count) else { break }
      hashes.append(category.hash)
      bytes.append(contentsOf: category.text.utf8)
      starts.append(end)
    }
    self.init(
      hashes: Column(hashes), starts: Column(hashes.isEmpty ? [] : starts), bytes: Column(bytes))
  }

  init(hashes: Column<Int32>, starts: Column<UInt32>, bytes: Column<UInt8>) {
    self.hashes = hashes
    self.starts = starts
    self.bytes = bytes
  }

  public var count: Int { hashes.count }

  /// The text at `position`.
  public subscript(position: Int) -> String {
    String(decoding: bytes[Int(starts[position])..<Int(starts[position + 1])], as: UTF8.self)
  }

  /// The texts whose hash is `hash`: usually one, or none where the file does not tell.
  public func texts(of hash: Int32) -> [String] {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    var texts: [String] = []
    while low < count, hashes[low] == hash {
      texts.append(self[low])
      low += 1
    }
    return texts
  }
}
