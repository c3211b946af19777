import TextCodec
import TreeIR

/// A model as a page for the browser: one file that asks for nothing else. `report.html`,
/// `report.css` and `report.js` beside this file are its parts.
struct ReportPage {
  let bytes: [UInt8]
  /// What the page leaves out, for those who made it.
  let notes: [String]

  /// - Parameters:
  ///   - file: The model's file, for the title.
  ///   - trees: Trees that the page is to hold; as many as fit when nil.
  ///   - limit: Bytes in which they have to fit.
  /// - Throws: ``Failure`` when it is to hold trees that there are not.
  init(
    _ model: TreeModel, file: String, trees: ClosedRange<Int>? = nil,
    limit: Int = TreeData.defaultLimit
  ) throws {
    let summary = ModelSummary(model)
    let columns = try ColumnData(summary)
    let treeData = try TreeData(model, wanted: trees, limit: limit)
    let name = String(file.split(separator: "/").last ?? "model").visible
    notes = Self.notes(model, treeData, columns)
    let style = PackageResources.report_css
    let script = PackageResources.report_js
    let values: [String: String] = [
      "policy": Self.policy(style: style, script: script),
      "title": HTML.escaped(name),
      "subtitle": HTML.escaped(Self.subtitle(model)),
      "tiles": Self.tiles(summary),
      "facts": Self.facts(InspectText(model, summary)),
      "notes": notes.map { "<p class=\"note\">\(HTML.escaped($0))</p>" }.joined(separator: "\n"),
      "version": HTML.escaped(Treec.configuration.version),
    ]
    var parts = values.mapValues { Array($0.utf8) }
    parts["style"] = style
    parts["script"] = script
    parts["data"] = HTML.escaped(json: try Self.data(model, columns, treeData))
    bytes = HTML.fill(PackageResources.report_html, with: parts)
  }

  /// Nothing but this style and this script may do anything.
  private static func policy(style: [UInt8], script: [UInt8]) -> String {
    "default-src 'none'; img-src data:; style-src 'sha256-\(SHA256(style).base64)'; "
      + "script-src 'sha256-\(SHA256(script).base64)'; base-uri 'none'; form-action 'none'"
  }

  private static func subtitle(_ model: TreeModel) -> String {
    let library = "\(model.provenance.library) \(model.provenance.version)".visible
    return "\(library) · \(model.task)"
  }

  private static func tiles(_ summary: ModelSummary) -> String {
    let used = summary.columns.count { $0.splits > 0 }
    let tiles: [(String, Int)] = [
      ("trees", summary.ensembles.reduce(0) { $0 + $1.trees }),
      ("leaves", summary.ensembles.reduce(0) { $0 + $1.leaves }),
      ("splits", summary.ensembles.reduce(0) { $0 + $1.splits }),
      ("levels at most", summary.ensembles.map(\.depth).max() ?? 0),
      ("columns", summary.columns.count),
      ("columns in use", used),
    ]
    return tiles.map { "<div><dt>\($0)</dt><dd>\(grouped($1))</dd></div>" }
      .joined(separator: "\n")
  }

  /// The digits in groups of three.
  private static func grouped(_ count: Int) -> String {
    var text = ""
    for (position, digit) in String(count).reversed().enumerated() {
      if position > 0 && position % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  private static func facts(_ text: InspectText) -> String {
    text.facts.map { name, text in
      "<div><dt>\(HTML.escaped(name))</dt><dd>\(HTML.escaped(text.visible))</dd></div>"
    }.joined(separator: "\n")
  }

  private static func notes(
    _ model: TreeModel, _ trees: TreeData, _ columns: ColumnData
  ) -> [String] {
    var notes: [String] = []
    if trees.numbers.count < model.treeCount {
      notes.append(
        "the page holds trees \(trees.numbers.lowerBound) to \(trees.numbers.upperBound - 1) of "
          + "\(model.treeCount); --report-trees A-B chooses others, and 0-\(model.treeCount - 1) "
          + "takes them all")
    }
    if columns.omittedCategories > 0 {
      notes.append(
        "the page leaves out \(columns.omittedCategories) categories and shows their numbers; "
          + "inspect --json has them all")
    }
    return notes
  }

  private static func data(
    _ model: TreeModel, _ columns: ColumnData, _ trees: TreeData
  ) throws -> [UInt8] {
    let wording = TreeWording(model: model)
    var names = JSONWriter()
    names.beginObject()
    for slot in trees.derivedSlots {
      names.key("\(slot)")
      names.write(wording.name(ofSlot: slot))
    }
    names.end()
    let members: [(String, [UInt8])] = [
      ("first", Array("\(trees.numbers.lowerBound)".utf8)),
      ("total", Array("\(model.treeCount)".utf8)),
      ("columns", columns.json), ("derived", names.bytes), ("trees", trees.json),
    ]
    let text = members.map { Array("\"\($0)\":".utf8) + $1 }.joined(separator: ",\n".utf8)
    return Array("{".utf8) + text + Array("}".utf8)
  }
}
