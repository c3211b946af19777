import TreeIR

/// Opens tree-ensemble models, whatever their format.
///
/// ```swift
/// let model = try Importer.load("model.txt")
/// ```
///
/// Formats that are read: LightGBM text (`save_model`) of versions v2, v3 and v4, LightGBM
/// JSON (`dump_model`), XGBoost JSON and UBJSON (`save_model`) of versions 1.7 to 3.4, CatBoost
/// cbm and JSON (`save_model`), PMML, and `.tir`. They are told apart by content, not by name.
public enum Importer {
  /// Opens the model in the file at `path`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - options: What the file does not say.
  ///   - progress: Called now and then, a few hundred times at most, while a file is
  ///     imported; not for `.tir` files, which are not read but mapped.
  /// - Throws: ``ImportError`` that names the file and, where known, the line and the key.
  public static func load(
    _ path: String, options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil
  ) throws(ImportError) -> TreeModel {
    let file: FileBytes
    do {
      file = try FileBytes(mapping: path)
      if TreeModel.isTIR(file.bytes) {
        let model =
          options.copiesFile
          ? try TreeModel(tirBytes: file.bytes, limits: options.limits)
          : try TreeModel(mapped: file, limits: options.limits)
        return try options.applied(to: model)
      }
    } catch {
      throw ImportError(error, file: path)
    }
    let meter = ReadingMeter(byteCount: file.count, file: file, progress: progress)
    return try importModel(file.bytes, name: path, options: options, meter: meter)
  }

  /// Reads the model in `bytes`, the content of a file of any format.
  ///
  /// - Parameters:
  ///   - bytes: All of the file.
  ///   - name: What errors call the bytes.
  ///   - options: What the bytes do not say.
  ///   - progress: Called as by ``load(_:options:progress:)``.
  /// - Throws: ``ImportError``
  public static func read(
    _ bytes: Span<UInt8>, name: String, options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil
  ) throws(ImportError) -> TreeModel {
    if TreeModel.isTIR(bytes) {
      do {
        return try options.applied(to: try TreeModel(tirBytes: bytes, limits: options.limits))
      } catch {
        throw ImportError(error, file: name)
      }
    }
    let meter = ReadingMeter(byteCount: bytes.count, file: nil, progress: progress)
    return try importModel(bytes, name: name, options: options, meter: meter)
  }

  private static func importModel(
    _ bytes: Span<UInt8>, name: String, options: ImportOptions, meter: ReadingMeter
  ) throws(ImportError) -> TreeModel {
    var meter = meter
    // Whatever is wrong with JSON, one line may hold all of it.
    var placeStyle =
      bytes.hasPrefix("{") || bytes.hasPrefix("[") ? Fault.PlaceStyle.lineAndColumn : .line
    do throws(Fault) {
      let format = try FormatSniffer.format(of: bytes)
      let source = SourceID(bytes)
      let model: TreeModel
      switch format {
      case .lightGBMText:
        model = try LightGBMTextReader.read(
          bytes, options: options, source: source, meter: &meter)
      case .lightGBMJSON:
        placeStyle = .lineAndColumn
        model = try LightGBMJSONReader.read(
          bytes, options: options, source: source, meter: &meter)
      case .xgBoostJSON:
        placeStyle = .lineAndColumn
        var document = SourceJSONReader(bytes, in: 0..<bytes.count)
        model = try XGBoostReader.read(
          &document, options: options, format: "XGBoost JSON", source: source, meter: &meter)
      case .xgBoostUBJSON:
        placeStyle = .byte
        var document = UBJSONReader(bytes)
        model = try XGBoostReader.read(
          &document, options: options, format: "XGBoost UBJSON", source: source, meter: &meter)
      case .catBoostJSON:
        placeStyle = .lineAndColumn
        model = try CatBoostJSONReader.read(
          bytes, options: options, source: source, meter: &meter)
      case .catBoostBinary:
        placeStyle = .byte
        model = try CatBoostBinaryReader.read(
          bytes, options: options, source: source, meter: &meter)
      case .pmml:
        placeStyle = .byte
        model = try PMMLImporter.read(bytes, options: options, source: source, meter: &meter)
      }
      meter.finished()
      do throws(ModelError) {
        return try options.applied(to: model)
      } catch {
        throw Fault(error, at: nil)
      }
    } catch {
      throw error.error(in: name, bytes: bytes, style: placeStyle)
    }
  }
}

extension ImportOptions {
  /// `model` with what holds for models of every format.
  fileprivate func applied(to model: TreeModel) throws(ModelError) -> TreeModel {
    guard let unknownCategories else { return model }
    return try model.withUnknownCategories(unknownCategories, limits: limits)
  }
}
