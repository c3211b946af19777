import TextCodec

/// The names that pandas gives the columns of a CSV header.
enum PandasHeader {
  /// Makes names unique as `pandas.read_csv` does: an empty one becomes `Unnamed: 3`, counted
  /// from 0, and one that was there already gets a number, `x.1`, which skips the names that
  /// the header has. Columns without a name come last.
  static func makeUnique(_ fields: [String]) -> [String] {
    var names = fields
    var unnamed: [Int] = []
    for index in names.indices where names[index].isEmpty {
      names[index] = "Unnamed: \(index)"
      unnamed.append(index)
    }
    let named = fields.indices.filter { !fields[$0].isEmpty }

    // How often a name is among `names`, and the number its next repetition gets.
    var occurrences: [Key: Int] = [:]
    for name in names { occurrences[Key(name), default: 0] += 1 }
    var next: [Key: Int] = [:]
    for index in named + unnamed {
      let original = Key(names[index])
      var name = original
      var number = next[name, default: 0]
      while number > 0 {
        next[original] = number + 1
        name = Key(original.name + ".\(number)")
        number = occurrences[name, default: 0] > 0 ? number + 1 : next[name, default: 0]
      }
      occurrences[original, default: 0] -= 1
      occurrences[name, default: 0] += 1
      names[index] = name.name
      next[name] = number + 1
    }
    return names
  }

  /// A name that is equal to another when its bytes are, as in Python.
  private struct Key: Hashable {
    let name: String

    init(_ name: String) { self.name = name }

    static func == (left: Key, right: Key) -> Bool {
      left.name.utf8.elementsEqual(right.name.utf8)
    }

    func hash(into hasher: inout Hasher) {
      for byte in name.utf8 { hasher.combine(byte) }
    }
  }
}
