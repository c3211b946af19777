import Importers
import Testing

/// A PMML document of one tree that uses a bit of everything, and whose parts can be replaced.
struct SmallPMML {
  var prolog = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
  var fields = """
    <DataField name="x" optype="continuous" dataType="double">
      <Interval closure="closedOpen" leftMargin="-10" rightMargin="10"/>
    </DataField>
    <DataField name="c" optype="categorical" dataType="string">
      <Value value="red"/><Value value="green"/>
    </DataField>
    <DataField name="y" optype="continuous" dataType="double"/>
    """
  var transformations = """
    <DefineFunction name="half" optype="continuous" dataType="double">
      <ParameterField name="a"/>
      <Apply function="/"><FieldRef field="a"/><Constant dataType="double">2</Constant></Apply>
    </DefineFunction>
    <DerivedField name="h" optype="continuous" dataType="double">
      <Apply function="half"><FieldRef field="x"/></Apply>
    </DerivedField>
    """
  var schema = """
    <MiningSchema>
      <MiningField name="y" usageType="target"/>
      <MiningField name="x" invalidValueTreatment="asMissing"/><MiningField name="c"/>
    </MiningSchema>
    """
  var output = """
    <Output><OutputField name="p" feature="predictedValue" optype="continuous" dataType="double"/>
    </Output>
    """
  /// What the tree's first node has after its predicate.
  var nodes = """
    <Node id="1" score="1">
      <CompoundPredicate booleanOperator="and">
        <SimplePredicate field="h" operator="lessThan" value="0.5"/>
        <SimpleSetPredicate field="c" booleanOperator="isIn">
          <Array n="2" type="string">red green</Array>
        </SimpleSetPredicate>
      </CompoundPredicate>
    </Node>
    <Node id="2" score="2"><True/></Node>
    """
  /// The model, where it is not the tree of ``nodes``.
  var model: String?

  var tree: String {
    """
    <TreeModel functionName="regression">
    \(schema)\(output)
    <Node id="0" score="0"><True/>
    \(nodes)
    </Node>
    </TreeModel>
    """
  }

  var text: String {
    """
    \(prolog)<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
    <Header/>
    <DataDictionary>
    \(fields)
    </DataDictionary>
    <TransformationDictionary>
    \(transformations)
    </TransformationDictionary>
    \(model ?? tree)
    </PMML>
    """
  }

  /// The document with a part replaced.
  static func with<Value>(
    _ part: WritableKeyPath<SmallPMML, Value>, _ value: Value
  ) -> SmallPMML {
    var document = SmallPMML()
    document[keyPath: part] = value
    return document
  }

  /// A segmentation of `segments`.
  static func mining(_ method: String, _ segments: String) -> String {
    """
    <MiningModel functionName="regression">\(SmallPMML().schema)
    <Segmentation multipleModelMethod="\(method)">\(segments)</Segmentation></MiningModel>
    """
  }
}

/// The error with which a document is refused. It must be refused soon, tell a place, and be short
/// enough to be read.
@discardableResult
func hostileRefusal(
  _ bytes: [UInt8], within limit: Duration = .seconds(20), hasPlace: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) -> ImportError? {
  var refused: ImportError?
  let time = ContinuousClock().measure { refused = refusal(of: bytes) }
  #expect(time < limit, sourceLocation: sourceLocation)
  guard let refused else {
    Issue.record("the document was read", sourceLocation: sourceLocation)
    return nil
  }
  #expect(
    !hasPlace || refused.place != ImportError.Place(), "\(refused)", sourceLocation: sourceLocation)
  #expect(
    refused.description.utf8.count < 2000, "\(refused.description.prefix(300))…",
    sourceLocation: sourceLocation)
  return refused
}

@discardableResult
func hostileRefusal(
  _ text: String, within limit: Duration = .seconds(20), hasPlace: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) -> ImportError? {
  hostileRefusal(
    Array(text.utf8), within: limit, hasPlace: hasPlace, sourceLocation: sourceLocation)
}
