import TextCodec
import TreeIR

/// Why a model file cannot be imported: where, what, and what to do about it.
public struct ImportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is; more codes may be added.
  public struct Code: Sendable, Hashable {
    let name: String

    /// The operating system refused to open or map the file.
    public static let io = Code(name: "io")
    /// The content is no format that treec reads.
    public static let unrecognized = Code(name: "unrecognized")
    /// The format is known, but a version, key, objective or rule in it is not.
    public static let unsupported = Code(name: "unsupported")
    /// The file ends too early.
    public static let truncated = Code(name: "truncated")
    /// The text does not follow the format.
    public static let malformed = Code(name: "malformed")
    /// The parts of the file contradict each other.
    public static let invalid = Code(name: "invalid")
    /// The model exceeds one of ``ImportOptions/limits``.
    public static let limit = Code(name: "limit")
    /// The columns that hold pandas categories must be named, or are named wrongly, in
    /// ``ImportOptions/categoricalColumns``.
    public static let categoricalColumns = Code(name: "categoricalColumns")
  }

  /// Where in the file the failure lies, as far as it is known.
  public struct Place: Sendable, Hashable {
    /// Line, from 1.
    public var line: Int?
    /// Byte in the line, from 1.
    public var column: Int?
    /// Byte in the file, from 0.
    public var byteOffset: Int?
    /// The key of a text format (`left_child`), or the path in a JSON document
    /// (`tree_info[3].tree_structure`).
    public var key: String?

    public init(
      line: Int? = nil, column: Int? = nil, byteOffset: Int? = nil, key: String? = nil
    ) {
      self.line = line
      self.column = column
      self.byteOffset = byteOffset
      self.key = key
    }
  }

  public let code: Code
  /// The file's path, or the name given to bytes in memory.
  public let file: String
  public let place: Place
  /// The feature concerned, if it is one.
  public let feature: String?
  /// What is wrong, without a full stop.
  public let message: String
  /// What to do about it: a sentence; empty where there is nothing to say.
  public let remedy: String

  public init(
    _ code: Code, file: String, place: Place = Place(), feature: String? = nil,
    message: String, remedy: String = ""
  ) {
    self.code = code
    self.file = file
    self.place = place
    self.feature = feature
    self.message = message
    self.remedy = remedy
  }

  /// File, line, key, message, feature and remedy in one or two sentences on one line:
  /// control characters, which a terminal would obey, are written as `\u{1B}`.
  public var description: String {
    var text = file
    if let line = place.line {
      text += ", line \(line)"
    } else if let offset = place.byteOffset {
      text += ", byte \(offset)"
    }
    if let column = place.column { text += ", column \(column)" }
    if let key = place.key, !key.isEmpty { text += ", \(key)" }
    text += ": \(message)"
    if let feature { text += " (feature \(quoted(feature)))" }
    if !remedy.isEmpty { text += ". \(remedy)" }
    return text.escapingControlCharacters
  }
}

extension ImportError {
  /// The failure of a `.tir` file, or of opening any file.
  init(_ error: ModelError, file: String) {
    let code: Code =
      switch error.code {
      case .io: .io
      case .notTIR: .unrecognized
      case .unsupported: .unsupported
      case .corrupt: .malformed
      case .limit: .limit
      default: .invalid
      }
    // The system's errors are located in the file as a whole, which has its own place here.
    let isInside = error.code != .io && !error.location.isEmpty
    self.init(
      code, file: file, place: Place(key: isInside ? error.location : nil),
      message: error.message)
  }
}

/// A failure at a byte of the source, as the readers of this module throw it; the file's
/// name and the line are added once, on the way out.
struct Fault: Error {
  var code: ImportError.Code
  /// The byte of the source; nil where the failure has no place in it.
  var offset: Int?
  var key: String
  var feature: String?
  var message: String
  var remedy: String

  init(
    _ code: ImportError.Code, at offset: Int?, key: String = "", feature: String? = nil,
    _ message: String, remedy: String = Remedy.saveAgain
  ) {
    self.code = code
    self.offset = offset
    self.key = key
    self.feature = feature
    self.message = message
    self.remedy = remedy
  }

  /// What the builder of trees or of the model refused.
  init(_ error: ModelError, at offset: Int?, key: String = "") {
    let isLimit = error.code == .limit
    self.init(
      isLimit ? .limit : .invalid, at: offset, key: key,
      error.location.isEmpty ? error.message : "\(error.location): \(error.message)",
      remedy: isLimit ? Remedy.raiseLimits : Remedy.saveAgain)
  }

  /// How a place in a file is told.
  enum PlaceStyle {
    case line
    /// Where lines are so long or so arbitrary, as in JSON, that they alone say too little.
    case lineAndColumn
    /// In binary files.
    case byte
  }

  /// The error that leaves the module.
  func error(in file: String, bytes: Span<UInt8>, style: PlaceStyle) -> ImportError {
    var place = ImportError.Place(byteOffset: offset, key: key.isEmpty ? nil : key)
    if let offset, style != .byte {
      var line = 1
      var lineStart = 0
      for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A {
        line += 1
        lineStart = index + 1
      }
      place.line = line
      place.column = style == .lineAndColumn ? offset - lineStart + 1 : nil
    }
    return ImportError(
      code, file: file, place: place, feature: feature, message: message, remedy: remedy)
  }
}

/// What users can do about a refusal, where many refusals share it.
enum Remedy {
  static let saveAgain =
    "The file seems damaged or edited: save the model again with the library that trained it"
  static let completeCopy = "The file is not complete: copy or save it again"
  static let raiseLimits =
    "If the model is meant to be this large, raise ImportOptions.limits"
  static let newerTreec =
    "If a newer version of the library wrote the file, use a newer treec"
}
