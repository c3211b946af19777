/// Where in the file something stands.
struct SourcePlace {
  /// The byte; nil where it is not known.
  var offset: Int?
  /// The path of keys to it.
  var path = ""

  /// A failure there.
  func fault(
    _ code: ImportError.Code, feature: String? = nil, _ message: String,
    remedy: String = Remedy.saveAgain
  ) -> Fault {
    Fault(code, at: offset, key: path, feature: feature, message, remedy: remedy)
  }
}
