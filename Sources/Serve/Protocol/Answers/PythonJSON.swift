import TextCodec
import TreeIR

/// JSON as Python's `json.dumps` writes it: blanks after `,` and `:`, nothing but ASCII, and
/// `NaN`, `Infinity` and `-Infinity` bare.
enum PythonJSON {
  static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: scalar))
      case "\u{8}": bytes.append(contentsOf: "\\b".utf8)
      case "\t": bytes.append(contentsOf: "\\t".utf8)
      case "\n": bytes.append(contentsOf: "\\n".utf8)
      case "\u{C}": bytes.append(contentsOf: "\\f".utf8)
      case "\r": bytes.append(contentsOf: "\\r".utf8)
      case " "..."~": bytes.append(UInt8(ascii: scalar))
      default: for unit in UTF16.encode(scalar) ?? .init() { appendEscape(unit, to: &bytes) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "\\u".utf8)
    for shift in stride(from: 12, through: 0, by: -4) {
      let digit = UInt8(unit >> UInt16(shift) & 15)
      bytes.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
  }

  /// A class label as it stands in an answer.
  static func text(_ label: CategoryValue) -> [UInt8] {
    var bytes: [UInt8] = []
    switch label {
    case .string(let text): append(text, to: &bytes)
    case .integer(let number): DecimalPrinter.append(number, to: &bytes)
    case .double(let number): append(number, to: &bytes)
    case .boolean(let truth): bytes = Array((truth ? "true" : "false").utf8)
    }
    return bytes
  }

  static func append(_ number: Double, to bytes: inout [UInt8]) {
    if number.isFinite {
      DecimalPrinter.append(number, to: &bytes)
    } else {
      let word: StaticString = number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
      word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
  }

  /// Appends results as the value of `predictions`: a number a row, or a list of `width` numbers.
  struct Predictions {
    private(set) var bytes: [UInt8] = []
    private let width: Int
    private let isRow: Bool
    private let isList: Bool
    private var isFirst = true
    /// The classes as JSON, where the numbers are positions among them.
    var labels: [[UInt8]]?

    /// - Parameters:
    ///   - isRow: Whether the results of the only row have no list around them.
    ///   - isList: Whether those of each row are a list; by default if there are several.
    init(width: Int, rowCount: Int, isRow: Bool = false, isList: Bool? = nil) {
      self.width = width
      self.isRow = isRow
      self.isList = isList ?? (width != 1)
      // Many rows need less than that, and the rest can grow.
      bytes.reserveCapacity(min(32 + rowCount * (width * 22 + 2), 1 << 20))
      bytes.append(contentsOf: (isRow ? "{\"predictions\": " : "{\"predictions\": [").utf8)
    }

    /// Appends whole rows.
    mutating func append(_ results: Span<Double>) {
      var start = 0
      while start < results.count {
        if !isFirst { appendSeparator() }
        isFirst = false
        if !isList {
          append(results[start])
        } else {
          bytes.append(UInt8(ascii: "["))
          for column in 0..<width {
            if column > 0 { appendSeparator() }
            append(results[start + column])
          }
          bytes.append(UInt8(ascii: "]"))
        }
        start += width
      }
    }

    /// The whole text.
    consuming func finish() -> [UInt8] {
      bytes.append(contentsOf: (isRow ? "}" : "]}").utf8)
      return bytes
    }

    private mutating func appendSeparator() {
      bytes.append(UInt8(ascii: ","))
      bytes.append(UInt8(ascii: " "))
    }

    private mutating func append(_ number: Double) {
      guard let labels else { return PythonJSON.append(number, to: &bytes) }
      // A row without a prediction has no class.
      if let position = Int(exactly: number), labels.indices.contains(position) {
        bytes.append(contentsOf: labels[position])
      } else {
        bytes.append(contentsOf: "null".utf8)
      }
    }
  }
}
