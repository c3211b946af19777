import Evaluator
import Foundation
import TreeIR

@testable import Importers

/// A small PMML document that was given to JPMML-Evaluator, with rows and its answers: its fields
/// and expressions, without its model.
struct FieldExperiment {
  struct Row {
    /// Cells by the name of the field; those that are missing are left out.
    var cells: [String: String] = [:]
    /// Java's type and the text of each output; nil where the row was refused.
    var outputs: [String: (type: String, text: String?)]?
  }

  enum Answer {
    case values([String: FieldValue])
    case refused(String, isNaN: Bool)
  }

  private struct Input {
    var name: String
    var reader: FieldReader
  }

  private var inputs: [Input] = []
  private var outputs: [(name: String, interpreter: FieldInterpreter)] = []

  /// - Throws: ``Fault`` if treec does not take the document.
  init(_ document: PMMLDocument) throws(Fault) {
    let root = document.root
    let fields = root.child("DataDictionary")?.children("DataField") ?? []
    let dictionary = root.child("TransformationDictionary")
    guard let model = root.children.first(where: { $0.child("MiningSchema") != nil }) else {
      throw root.fault("there is no model")
    }
    var slots: [String: (Int, XMLElement)] = [:]
    for mining in model.child("MiningSchema")?.children("MiningField") ?? []
    where !["target", "predicted"].contains(mining["usageType"]) {
      let name = try mining.required("name")
      guard let field = fields.first(where: { $0["name"] == name }) else { continue }
      slots[name] = (inputs.count, field)
      inputs.append(Input(name: name, reader: FieldReader(try Self.rules(field, mining))))
    }
    let expressions = try PMMLExpressions(
      functions: dictionary?.children("DefineFunction") ?? [])
    let derived =
      (model.child("LocalTransformations")?.children("DerivedField") ?? [])
      + (dictionary?.children("DerivedField") ?? [])
    for output in model.child("Output")?.children("OutputField") ?? []
    where output["feature"] == "transformedValue" {
      let scope = Scope(slots: slots, derived: derived, expressions: expressions)
      var expression = try expressions.expression(
        in: output, scope: { (name) throws(Fault) in try scope.field(name, []) })
      if output["dataType"] != nil {
        let type = try output.dataType("dataType")
        expression = .cast(expression, to: type, output.operationalType(of: type))
      }
      outputs.append((try output.required("name"), FieldInterpreter(expression)))
    }
  }

  private struct Scope {
    var slots: [String: (slot: Int, field: XMLElement)]
    var derived: [XMLElement]
    var expressions: PMMLExpressions

    /// Derived fields are put in where they are used.
    func field(_ name: String, _ open: [String]) throws(Fault) -> FieldExpression {
      if let (slot, field) = slots[name] {
        let type = try field.dataType("dataType")
        let value = FieldExpression.slot(slot, type, field.operationalType(of: type))
        let order = field.children("Value").compactMap { $0["value"] }
        guard field["optype"] == "ordinal", !order.isEmpty else { return value }
        return .ordered(
          value,
          order.map { text in
            type.number(text).map { .number($0, type) } ?? .string(text)
          })
      }
      guard let element = derived.first(where: { $0["name"] == name }), !open.contains(name) else {
        throw Fault(.invalid, at: nil, "the field '\(name)' is not there, or needs itself")
      }
      let type = try element.dataType("dataType")
      return .cast(
        try expressions.expression(
          in: element, scope: { (inner) throws(Fault) in try field(inner, open + [name]) }),
        to: type, element.operationalType(of: type))
    }
  }

  private static func rules(_ field: XMLElement, _ mining: XMLElement) throws(Fault) -> FieldRules {
    let type = try field.dataType("dataType")
    var rules = FieldRules(
      type,
      mining["optype"].flatMap { OperationalType(name: $0) } ?? field.operationalType(of: type))
    rules.keepsTexts = true
    for value in field.children("Value") {
      let property: FieldRules.Listed.Property =
        switch value["property"] {
        case "invalid": .invalid
        case "missing": .missing
        default: .valid
        }
      rules.listed.append(FieldRules.Listed(try value.required("value"), property))
    }
    for interval in field.children("Interval") { rules.intervals.append(try interval.interval()) }
    if mining["missingValueTreatment"] == "returnInvalid" {
      rules.missing = .refuse(later: mining["missingValueReplacement"])
    } else if let text = mining["missingValueReplacement"] {
      rules.missing = .replace(text)
    }
    switch mining["invalidValueTreatment"] {
    case "asMissing": rules.invalid = .asMissing
    case "asIs", "asValue":
      rules.invalid = mining["invalidValueReplacement"].map { .replace($0) } ?? .keep
    default: rules.invalid = .refuse
    }
    switch mining["outliers"] {
    case "asMissingValues": rules.outliers = .asMissing
    case "asExtremeValues": rules.outliers = .asBound
    default: break
    }
    rules.lowest = try mining.number("lowValue") ?? -.infinity
    rules.highest = try mining.number("highValue") ?? .infinity
    return rules
  }

  /// What the expressions have for a row.
  func evaluate(_ row: Row, _ texts: RowTexts) -> Answer {
    do throws(FieldRefusal) {
      var numbers: [Double] = []
      for input in inputs {
        guard let cell = row.cells[input.name] else {
          numbers.append(try input.reader.readMissing(texts))
          continue
        }
        let bytes = Array(cell.utf8)
        numbers.append(try input.reader.readText(bytes.span, texts))
      }
      var values: [String: FieldValue] = [:]
      for output in outputs {
        values[output.name] = try output.interpreter.value(texts) { numbers[$0] }
      }
      return .values(values)
    } catch {
      return .refused(error.description, isNaN: error.reason == .notANumber)
    }
  }

  /// Whether the answer is JPMML's, to so many units in the last place.
  func agrees(_ answer: Answer, _ row: Row, ulps: Int = 0) -> Bool {
    guard case .values(let values) = answer else { return row.outputs == nil }
    guard let expected = row.outputs else { return false }
    return outputs.allSatisfy { output in
      guard let value = values[output.name] else { return false }
      return value.isSame(as: expected[output.name], ulps)
    }
  }
}

extension FieldValue {
  fileprivate func isSame(as expected: (type: String, text: String?)?, _ ulps: Int) -> Bool {
    guard let expected, expected.type != "null", let text = expected.text else {
      return isMissing
    }
    switch (content, expected.type) {
    case (.integer(let number), "Integer"): return String(number) == text
    case (.boolean(let truth), "Boolean"): return String(truth) == text
    case (.text(let own), "String"): return own.utf8.elementsEqual(text.utf8)
    case (.float(let number), "Float"):
      guard let other = Float(text) else { return false }
      return number == other || (number.isNaN && other.isNaN)
    case (.double(let number), "Double"):
      guard let other = Double(text) else { return false }
      if number == other || (number.isNaN && other.isNaN) { return true }
      let distance = Int64(bitPattern: number.bitPattern) - Int64(bitPattern: other.bitPattern)
      return number.sign == other.sign && distance.magnitude <= UInt64(ulps)
    case (.moment, let type): return !["Integer", "Double", "Float", "String"].contains(type)
    default: return false
    }
  }
}

extension FieldExperiment {
  /// The rows of a file of JPMML's answers; nil where it did not take the document.
  static func rows(_ data: Data) throws -> [Row]? {
    var rows: [Row] = []
    for line in data.split(separator: UInt8(ascii: "\n")).dropFirst() {
      let object = try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
      if object["load_error"] != nil { return nil }
      var row = Row()
      for (name, cell) in object["in"] as? [String: Any] ?? [:] {
        if let text = cell as? String { row.cells[name] = text }
      }
      if let outputs = object["out"] as? [String: [Any]] {
        row.outputs = outputs.mapValues { ($0[0] as? String ?? "", $0[1] as? String) }
      }
      rows.append(row)
    }
    return rows
  }
}
