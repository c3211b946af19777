import TextCodec

extension JSONFrameReader {
  mutating func readColumns(
    _ reader: inout JSONReader, _ parts: SplitParts, index: JSONReader
  ) throws(JSONError) {
    try reader.skipValue()
    noteInvalid("not yet")
  }
}
