import Importers
import Testing
import TreeIR

@testable import Evaluator

/// What a small document makes of rows.
struct PMMLScores {
  /// By row its results as texts, those that are missing left out; nil where it is refused.
  var rows: [[String: String]?] = []

  /// Scores rows, whose cells are given by name, by the engines and by the book.
  init(
    _ document: String, _ cells: [[String: String]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let bytes = Array(document.utf8)
    let model = try Importer.read(bytes.span, name: "test")
    let stored = try TreeModel(tirBytes: model.tirBytes().span)
    rows = try Self.rows(cells, Predictor(model))
    let book = try Self.rows(cells, Predictor.reference(stored))
    #expect(rows == book, sourceLocation: sourceLocation)
  }

  /// The result called `name` of each row; "-" where it is missing, "!" where the row is refused.
  subscript(name: String) -> [String] { rows.map { $0.map { $0[name] ?? "-" } ?? "!" } }

  private static func rows(
    _ cells: [[String: String]], _ predictor: Predictor
  ) throws -> [[String: String]?] {
    let encoder = predictor.makeRowEncoder()
    var batch = encoder.makeBatch()
    for row in cells {
      try batch.appendRow { (column) throws(CellError) in
        let text = Array((row[predictor.model.input.columns[column].name] ?? "").utf8)
        return try encoder.encode(text: text.span, column: column)
      }
    }
    var workspace = predictor.makeWorkspace()
    let table = try predictor.predict(batch, output: .fields, workspace: &workspace)
    return cells.indices.map { row in
      guard case .scored = table.rowStatus[row] else { return nil }
      var texts: [String: String] = [:]
      for column in table.columns where column.isValid[row] {
        texts[column.name] =
          switch column.values {
          case .doubles(let values): "\(values[row])"
          case .floats(let values): "\(values[row])"
          case .integers(let values): "\(values[row])"
          case .strings(let values): values[row]
          case .booleans(let values): "\(values[row])"
          }
      }
      return texts
    }
  }
}

/// A document of one model over the fields x and z (numbers), c (a text) and the target y.
enum TinyPMML {
  static func document(target: String = classes, _ model: String) -> String {
    """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>
    <DataField name="x" optype="continuous" dataType="double"/>
    <DataField name="z" optype="continuous" dataType="double"/>
    <DataField name="c" optype="categorical" dataType="string"/>
    \(target)
    </DataDictionary>\(model)</PMML>
    """
  }

  static let classes = """
    <DataField name="y" optype="categorical" dataType="string">
    <Value value="a"/><Value value="b"/></DataField>
    """

  static let number = #"<DataField name="y" optype="continuous" dataType="double"/>"#

  static let inputs =
    #"<MiningField name="x"/><MiningField name="z"/><MiningField name="c"/>"#

  static let schema =
    #"<MiningSchema><MiningField name="y" usageType="target"/>\#(inputs)</MiningSchema>"#

  /// Outputs of the probabilities and confidences of `classes`.
  static func output(_ classes: [String]) -> String {
    let fields = classes.map { label in
      #"<OutputField name="P(\#(label))" feature="probability" value="\#(label)"/>"#
        + #"<OutputField name="C(\#(label))" feature="confidence" value="\#(label)"/>"#
    }
    return "<Output>\(fields.joined())</Output>"
  }

  /// A regression or classification tree.
  static func tree(
    _ attributes: String = "", isClassification: Bool = false, schema: String = schema,
    output: String = "", _ nodes: String
  ) -> String {
    let function = isClassification ? "classification" : "regression"
    return "<TreeModel functionName=\"\(function)\" \(attributes)>\(schema)\(output)\(nodes)"
      + "</TreeModel>"
  }

  static func simple(_ field: String, _ name: String, _ value: String) -> String {
    #"<SimplePredicate field="\#(field)" operator="\#(name)" value="\#(value)"/>"#
  }

  static func compound(_ name: String, _ parts: String...) -> String {
    #"<CompoundPredicate booleanOperator="\#(name)">\#(parts.joined())</CompoundPredicate>"#
  }
}
