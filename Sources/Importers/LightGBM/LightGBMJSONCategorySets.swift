import TextCodec
import TreeIR

/// Reads the categories of splits, `"1||5||7"`, into sets of bits.
struct LightGBMJSONCategorySets {
  /// A few digits stand for a set of up to 256 MB, so that the sum of all sets is bounded:
  /// by what a file of this size may plausibly need.
  private var wordsLeft: Int
  private var words: [UInt32] = []

  init(sourceSize: Int) {
    wordsLeft = (1 << 22) + sourceSize
  }

  /// Reads the next value, adds its set to `model`, and returns the set's number.
  mutating func read(
    _ json: inout SourceJSONReader, into model: inout LightGBMModelAssembler
  ) throws(Fault) -> Int {
    let offset = json.position
    let text = try json.readText()
    words.removeAll(keepingCapacity: true)
    var position = 0
    while position < text.rawBytes.count {
      if position > 0 {
        guard text.rawBytes.hasPrefix("||", at: position) else { throw notCategories(offset) }
        position += 2
      }
      guard let category = DecimalParser.parseInt32(text.rawBytes, at: &position), category >= 0
      else { throw notCategories(offset) }
      let word = Int(category) / 32
      guard word < wordsLeft else {
        throw Fault(
          .limit, at: offset,
          "category \(category) would need a set of \(word / (1 << 18)) MB",
          remedy: "Import the text model (save_model), or number the categories from 0 on")
      }
      if word >= words.count {
        words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
      }
      words[word] |= 1 << UInt32(category % 32)
    }
    wordsLeft -= words.count
    do {
      return try model.addCategorySet(words[...])
    } catch {
      throw Fault(error, at: offset)
    }
  }

  private func notCategories(_ offset: Int) -> Fault {
    Fault(
      .malformed, at: offset, "the text must be categories with '||' between, as in \"1||5||7\"")
  }
}
