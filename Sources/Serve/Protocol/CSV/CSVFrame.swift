/// Reads CSV bodies as MLflow's server does for a model without signature: with
/// `pandas.read_csv(text)` of pandas 3.1, all options left alone.
///
/// The first record names the columns. Where the second one has more fields than the first,
/// the fields in excess at the start of every row are an index and dropped: names, then, do not
/// stand above their values, as in pandas. Later rows may have fewer fields, whose cells are
/// missing, but not more.
///
/// Two things are better than MLflow's without `isStrict`: a header with exactly the names of
/// the model's columns is understood by name, in whatever order, and text in columns of
/// categories is encoded. Any other header goes by position.
enum CSVFrame {
  /// Reads the rows of `body`.
  ///
  /// A frame that the model cannot take is a frame, too: its ``Frame/kinds`` contain `.text`
  /// where pandas would make a column of objects, and ``Frame/fault`` is the first cell to
  /// blame. Otherwise a column's kind is one of `.integer`, `.boolean` and `.fraction` — the
  /// type that pandas gives it, so missing cells make it `.fraction`. Where the header has not
  /// as many names as the model has columns, the frame has its numbers of columns and rows and
  /// nothing else.
  ///
  /// - Throws: ``CSVFrameError`` for what is not UTF-8, for what pandas cannot parse either, and
  ///   for rows so short that the missing cells would take far more memory than the body.
  static func read(
    _ body: Span<UInt8>, model: ServedModel, isStrict: Bool
  ) throws(CSVFrameError) -> Frame {
    do {
      _ = try UTF8Span(validating: body)
    } catch {
      throw .notUTF8(at: error.byteOffsets.lowerBound, in: body)
    }
    var tokenizer = PandasTokenizer(body)
    var reader = try CSVFrameReader(&tokenizer, model: model, isStrict: isStrict)
    return try reader.read(&tokenizer)
  }
}
