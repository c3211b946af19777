import Evaluator
import TextCodec
import TreeIR

/// A result that the model names, as it stands in the records of an answer.
struct ResultMember: Sendable, Equatable {
  /// The name as JSON, with what stands between it and the value.
  let key: [UInt8]
  /// Which of the results of a row it is.
  let column: Int
  let type: FieldType

  /// What the records of results called `fields` are made of: each name once, in the place of the
  /// first result that has it, with the value of the last, as in a dictionary of Python.
  static func members(of fields: [ResultField]) -> [ResultMember] {
    var members: [ResultMember] = []
    var places: [[UInt8]: Int] = [:]
    for (column, field) in fields.enumerated() {
      var key: [UInt8] = []
      PythonJSON.append(field.name, to: &key)
      key += Array(": ".utf8)
      let member = ResultMember(key: key, column: column, type: field.type)
      if let place = places[key] {
        members[place] = member
      } else {
        places[key] = members.count
        members.append(member)
      }
    }
    return members
  }

  /// How many bytes it takes in a record, about: texts may take more.
  var size: Int { key.count + 2 + (type == .string ? 0 : ScoringOptions.bytesPerNumber) }
}

extension PythonJSON {
  /// Appends results as the value of `predictions`: an object a row.
  ///
  /// MLflow's server answers a data frame so. Floats are widened, as Python has no others, and what
  /// is missing is `null`.
  struct Records {
    private(set) var bytes: [UInt8] = []
    private let members: [ResultMember]
    private var isFirst = true

    init(_ members: [ResultMember], rowCount: Int) {
      self.members = members
      let size = members.reduce(4) { $0 + $1.size }
      // Many rows need less than that, and the rest can grow.
      let total = rowCount.multipliedReportingOverflow(by: size)
      bytes.reserveCapacity(32 + (total.overflow ? 1 << 20 : min(total.partialValue, 1 << 20)))
      append("{\"predictions\": [")
    }

    /// Appends a row.
    ///
    /// - Parameters:
    ///   - results: What the model has for it.
    ///   - texts: By which texts have numbers in `results`.
    mutating func append(_ results: Span<Double>, _ texts: RowTexts) {
      if !isFirst { append(", ") }
      isFirst = false
      append("{")
      for (place, member) in members.enumerated() {
        if place > 0 { append(", ") }
        bytes.append(contentsOf: member.key)
        append(results[member.column], member.type, texts)
      }
      append("}")
    }

    /// The whole text.
    consuming func finish() -> [UInt8] {
      append("]}")
      return bytes
    }

    private mutating func append(_ number: Double, _ type: FieldType, _ texts: RowTexts) {
      guard !number.isNaN else { return append("null") }
      switch type {
      case .string:
        guard let text = texts.text(number) else { return append("null") }
        PythonJSON.append(text, to: &bytes)
      case .boolean: append(number == 1 ? "true" : "false")
      case .float: PythonJSON.append(Double(Float(number)), to: &bytes)
      case .double: PythonJSON.append(number, to: &bytes)
      case .date, .time, .dateTime:
        PythonJSON.append(MomentText.text(of: number, type), to: &bytes)
      default:
        guard let whole = Int64(exactly: number) else { return append("null") }
        DecimalPrinter.append(whole, to: &bytes)
      }
    }

    private mutating func append(_ text: StaticString) {
      text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
  }
}
