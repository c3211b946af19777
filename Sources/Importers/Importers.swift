import TreeIR

public struct ImportOptions {
  public var categoricalColumns: [String] = []
  public init() {}
}
public struct ImportProgress {
  public var bytesRead = 0
  public var byteCount = 0
}
public enum Importer {
  public static func load(
    _ p: String, options: ImportOptions, progress: ((ImportProgress) -> Void)?
  ) throws -> TreeModel { try TreeModel(contentsOf: p) }
}
