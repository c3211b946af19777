import TreeIR

/// Reads a model from PMML.
enum PMMLImporter {
  static func recognizes(_ bytes: Span<UInt8>) -> Bool { XMLBytes.recognizes(bytes) }

  static func read(
    _ bytes: Span<UInt8>, options: ImportOptions, source: SourceID, meter: inout ReadingMeter
  ) throws(Fault) -> TreeModel {
    #if PMML
      let document = try PMMLReader.read(bytes, limits: options.limits, meter: &meter)
      return try model(document, options: options, source: source)
    #else
      throw Fault(
        .unsupported, at: nil, "this is PMML, and treec was built without PMML",
        remedy: "Build it with the package trait PMML")
    #endif
  }

  private static func model(
    _ document: PMMLDocument, options: ImportOptions, source: SourceID
  ) throws(Fault) -> TreeModel {
    let root = document.root
    let fields = try dataFields(of: root)
    let element = try model(of: root)
    let schema = try PMMLMiningSchema(of: element)
    var columns: [InputColumn] = []
    for field in schema.inputs {
      guard let dataField = fields[field.name] else { continue }
      columns.append(InputColumn(name: field.name, kind: .field(field.rules(dataField))))
    }
    let compiler = try PMMLCompiler(
      document, limits: options.limits, input: InputSchema(columns: columns), dataFields: fields)
    for (slot, (column, mining)) in zip(columns, schema.inputs.filter { fields[$0.name] != nil })
      .enumerated()
    {
      guard let dataField = fields[column.name], case .field(let rules) = column.kind else {
        continue
      }
      var field = PMMLField(
        type: dataField.type, operationalType: rules.operationalType, slot: slot)
      if rules.invalid == .keep, dataField.hasDomain { field.domain = dataField }
      if rules.operationalType == .ordinal {
        field.order = dataField.validTexts.compactMap { compiler.number($0, dataField.type) }
      }
      if mining.mayLackValue {
        field.failure = compiler.withoutGuard { compiler.builder.logic(.isMissing, [slot]) }
      }
      compiler.global.define(column.name, .field(field))
    }
    for target in schema.targets {
      guard let dataField = fields[target.name], compiler.global.ownEntry(target.name) == nil else {
        continue
      }
      compiler.global.define(
        target.name,
        .field(
          PMMLField(
            type: dataField.type, operationalType: dataField.operationalType,
            slot: compiler.slot(of: .nan))))
    }
    // What the DataField lists should be known by number.
    for field in fields.values.sorted(by: { $0.line < $1.line }) where field.type == .string {
      for text in field.validTexts { _ = compiler.code(of: text) }
    }
    let context = PMMLContext(scope: PMMLScope(outer: compiler.global))
    let prediction = try compiler.prediction(of: element, context, isOutermost: true)
    return try compiler.assemble(
      prediction, element, schema, columns: columns, source: source, root: root,
      options: options)
  }

  private static func dataFields(of root: XMLElement) throws(Fault) -> [String: PMMLDataField] {
    guard let dictionary = root.child("DataDictionary") else {
      throw root.fault("the document has no DataDictionary")
    }
    var fields: [String: PMMLDataField] = [:]
    for element in dictionary.children("DataField") {
      let field = try PMMLDataField(element)
      guard fields[field.name] == nil else {
        throw element.fault("the field '\(field.name)' stands here twice", feature: field.name)
      }
      fields[field.name] = field
    }
    return fields
  }

  /// The first model that may be scored.
  private static func model(of root: XMLElement) throws(Fault) -> XMLElement {
    let known: Set<String> = [
      "Header", "MiningBuildTask", "DataDictionary", "TransformationDictionary", "Extension",
    ]
    let models = root.children.filter { !known.contains($0.name) }
    guard let model = models.first(where: { $0["isScorable"] != "false" }) else {
      throw root.fault("the document has no model that may be scored")
    }
    guard PMMLCompiler.models.contains(model.name) else {
      throw model.fault(
        "models of this kind are not read: treec scores trees and what is built of them",
        .unsupported, remedy: "Use a TreeModel or a MiningModel of trees")
    }
    return model
  }
}

extension PMMLCompiler {
  /// The model, with all results that it names.
  func assemble(
    _ prediction: PMMLPrediction, _ element: XMLElement, _ schema: PMMLMiningSchema,
    columns: [InputColumn], source: SourceID, root: XMLElement, options: ImportOptions
  ) throws(Fault) -> TreeModel {
    var results: [ResultField] = []
    let parts = prediction.parts.isEmpty ? [prediction] : prediction.parts
    for part in parts {
      // A result without a name of its own is that of the target that the whole model has.
      let name =
        part.target ?? (schema.targets.count == 1 ? schema.targets[0].name : "_target")
      results.append(ResultField(name, part.value.type, slot: part.value.slot))
    }
    for (name, field) in prediction.outputs {
      guard let place = results.firstIndex(where: { $0.name == name }) else {
        results.append(ResultField(name, field.type, slot: field.slot))
        continue
      }
      // An output of the target's name is the target.
      guard place < parts.count else {
        throw element.fault("the OutputField '\(name)' stands here twice")
      }
      results[place] = ResultField(name, field.type, slot: field.slot)
    }
    builder.resultFields = results
    builder.texts = texts
    builder.statedResults = try StatedResults(
      of: element, columns: columns, resultFields: results)
    builder.task =
      !prediction.isClassification
      ? .regression
      : prediction.shares.count == 2 ? .binaryClassification : .multiclassClassification
    builder.outputs = [ModelOutput(.fields, slots: results.map(\.slot))]
    if !prediction.isClassification, !prediction.isList {
      builder.outputs.append(ModelOutput(.prediction, slots: [prediction.value.slot]))
    }
    if !prediction.shares.isEmpty {
      builder.outputs.append(ModelOutput(.probability, slots: prediction.shares.map(\.slot)))
    }
    let application = root.child("Header")?.child("Application")
    builder.provenance = Provenance(
      library: "PMML", version: root["version"] ?? "", format: "PMML",
      objective: element["functionName"] ?? "", sourceHash: source.hash, sourceSize: source.size,
      attributes: [
        application?["name"].map { Provenance.Attribute(name: "application", value: $0) },
        application?["version"].map {
          Provenance.Attribute(name: "application version", value: $0)
        },
      ].compactMap { $0 })
    do throws(ModelError) {
      let model = try builder.build(limits: options.limits)
      guard !readsTexts.isEmpty else { return model }
      var input = model.input
      for column in input.columns.indices where readsTexts.contains(column) {
        guard case .field(var rules) = input.columns[column].kind else { continue }
        rules.keepsTexts = true
        input.columns[column].kind = .field(rules)
      }
      return try ModelBuilder(copying: model, input: input).build(limits: options.limits)
    } catch {
      throw Fault(error, at: nil, key: "line \(element.line), \(element.name)")
    }
  }
}
