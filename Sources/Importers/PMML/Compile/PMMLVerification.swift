import TreeIR

extension StatedResults {
  /// The ModelVerification of a model; nil where it has none.
  ///
  /// What is neither an input nor a result is left out.
  init?(
    of model: XMLElement, columns: [InputColumn], resultFields: [ResultField]
  ) throws(Fault) {
    guard let verification = model.child("ModelVerification") else { return nil }
    guard let table = verification.child("InlineTable") else {
      throw verification.fault(
        "there is no InlineTable: rows in other places are not read", .unsupported)
    }
    let rows = table.children("row")
    if let text = verification["recordCount"], Int(text) != rows.count {
      throw verification.fault("recordCount says '\(text)', and there are \(rows.count) rows")
    }
    self.init(rowCount: rows.count, inputs: [], results: [])
    let fields = verification.child("VerificationFields")?.children("VerificationField") ?? []
    var names: Set<String> = []
    for field in fields {
      let name = try field.required("field")
      guard names.insert(name).inserted else {
        throw field.fault("the field '\(name)' stands here twice", feature: name)
      }
      // Cells are called by the column's name, as a rule without its prefix.
      let column = field["column"] ?? name
      let local = String(
        column[(column.lastIndex(of: ":").map(column.index(after:)) ?? column.startIndex)...])
      let cells = rows.map { $0.child(column)?.text ?? $0.child(local)?.text }
      if let position = resultFields.firstIndex(where: { $0.name == name }) {
        let precision = try field.optionalNumber("precision") ?? 1e-6
        let zeroThreshold = try field.optionalNumber("zeroThreshold") ?? 1e-16
        results.append(
          StatedResults.Result(
            field: position, texts: cells, precision: precision, zeroThreshold: zeroThreshold))
      } else if let position = columns.firstIndex(where: { $0.name == name }) {
        inputs.append(StatedResults.Input(column: position, cells: cells))
      }
    }
    if results.isEmpty { return nil }
  }
}
