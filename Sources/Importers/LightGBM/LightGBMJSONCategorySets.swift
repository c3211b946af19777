import TextCodec
import TreeIR

/// Reads the categories of splits, `"1||5||7"`, into sets of bits.
struct LightGBMJSONCategorySets {
  private var bits: CategoryBits

  init(sourceSize: Int) {
    bits = CategoryBits(sourceSize: sourceSize)
  }

  /// Reads the next value, adds its set to `model`, and returns the set's number.
  mutating func read(
    _ json: inout SourceJSONReader, into model: inout LightGBMModelAssembler
  ) throws(Fault) -> Int {
    let offset = json.position
    let text = try json.readText()
    var position = 0
    while position < text.rawBytes.count {
      if position > 0 {
        guard text.rawBytes.hasPrefix("||", at: position) else { throw notCategories(offset) }
        position += 2
      }
      guard let category = DecimalParser.parseInt32(text.rawBytes, at: &position), category >= 0
      else { throw notCategories(offset) }
      try bits.insert(
        category, at: offset,
        remedy: "Import the text model (save_model), or number the categories from 0 on")
    }
    defer { bits.removeAll() }
    do {
      return try model.addCategorySet(bits.words[...])
    } catch {
      throw Fault(error, at: offset)
    }
  }

  private func notCategories(_ offset: Int) -> Fault {
    Fault(
      .malformed, at: offset, "the text must be categories with '||' between, as in \"1||5||7\"")
  }
}
