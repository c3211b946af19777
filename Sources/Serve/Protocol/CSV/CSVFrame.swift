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
/// categories is encoded. Any other header goes by position, as far as the model's library lets
/// it. Where that library takes numbers in frames for codes, the texts of a column are categories
/// if it has any, and the body is read twice.
enum CSVFrame {
  /// Reads the rows of `body`.
  ///
  /// A frame that the model cannot take is a frame, too: its ``Frame/kinds`` contain `.text`
  /// where pandas would make a column of objects, and ``Frame/fault`` is the first cell to
  /// blame. Otherwise a column's kind is one of `.integer`, `.boolean` and `.fraction` — the
  /// type that pandas gives it, so missing cells make it `.fraction`, which comes with
  /// `.category` where texts were encoded. Where the header has not as many names as the model
  /// takes columns, the frame has its numbers of columns and rows and nothing else.
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
    let encodesAll = !isStrict && !model.rules.framesHoldCodes
    let frame = try read(
      body, model, isStrict: isStrict, encoding: encodesAll ? model.isEncoded : nil)
    guard !isStrict, !encodesAll, model.hasEncodedColumns,
      let columns = textColumns(of: frame, model)
    else { return frame }
    return try read(body, model, isStrict: isStrict, encoding: columns)
  }

  private static func read(
    _ body: Span<UInt8>, _ model: ServedModel, isStrict: Bool, encoding columns: [Bool]?
  ) throws(CSVFrameError) -> Frame {
    var tokenizer = PandasTokenizer(body)
    var reader = try CSVFrameReader(
      &tokenizer, model: model, isStrict: isStrict, encoding: columns)
    return try reader.read(&tokenizer)
  }

  /// The columns whose texts are categories where numbers are codes; nil if there are none.
  private static func textColumns(of frame: Frame, _ model: ServedModel) -> [Bool]? {
    guard model.takes(columnCount: frame.columnCount) else { return nil }
    var columns = frame.textColumns(model)
    for column in model.ambiguous.missingInCSV where column < frame.columnCount {
      // Cells that are all missing, or of a category whose text says so.
      let places = stride(
        from: column, to: frame.rowCount * model.columnCount, by: model.columnCount)
      guard places.allSatisfy({ frame.values[$0].isNaN }) else { continue }
      columns = columns ?? Array(repeating: false, count: model.columnCount)
      columns?[column] = true
    }
    return columns
  }
}
