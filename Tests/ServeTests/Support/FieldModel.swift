import Importers
import TreeIR

@testable import Serve

/// Documents of PMML whose results show what became of each cell.
enum FieldModel {
  /// Fields of every type, none of which has to have a value; `colour` knows a missing text and
  /// an invalid one, `age` has bounds, and `code` must not be missing.
  static let document = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
      <Header/>
      <DataDictionary>
        <DataField name="code" optype="categorical" dataType="string"/>
        <DataField name="colour" optype="categorical" dataType="string">
          <Value value="red"/>
          <Value value="blue"/>
          <Value value="N/A" property="missing"/>
        </DataField>
        <DataField name="count" optype="continuous" dataType="integer"/>
        <DataField name="size" optype="continuous" dataType="double"/>
        <DataField name="width" optype="continuous" dataType="float"/>
        <DataField name="age" optype="continuous" dataType="double">
          <Interval closure="closedClosed" leftMargin="0" rightMargin="120"/>
        </DataField>
        <DataField name="flag" optype="categorical" dataType="boolean"/>
        <DataField name="y" optype="continuous" dataType="double"/>
      </DataDictionary>
      <TreeModel functionName="regression">
        <MiningSchema>
          <MiningField name="y" usageType="target"/>
          <MiningField name="code" missingValueTreatment="returnInvalid"/>
          <MiningField name="colour"/>
          <MiningField name="count"/>
          <MiningField name="size"/>
          <MiningField name="width"/>
          <MiningField name="age"/>
          <MiningField name="flag"/>
        </MiningSchema>
        <Output>
          <OutputField name="the &quot;code&quot;" feature="transformedValue" optype="categorical" dataType="string"><FieldRef field="code"/></OutputField>
          <OutputField name="Farbe ö" feature="transformedValue" optype="categorical" dataType="string"><FieldRef field="colour"/></OutputField>
          <OutputField name="count2" feature="transformedValue" optype="continuous" dataType="integer"><FieldRef field="count"/></OutputField>
          <OutputField name="size2" feature="transformedValue" optype="continuous" dataType="double"><FieldRef field="size"/></OutputField>
          <OutputField name="width2" feature="transformedValue" optype="continuous" dataType="float"><FieldRef field="width"/></OutputField>
          <OutputField name="age2" feature="transformedValue" optype="continuous" dataType="double"><FieldRef field="age"/></OutputField>
          <OutputField name="flag2" feature="transformedValue" optype="categorical" dataType="boolean"><FieldRef field="flag"/></OutputField>
        </Output>
        <Node score="1.5"><True/></Node>
      </TreeModel>
    </PMML>
    """

  /// One field of text and its length, so that all new texts are kept; where the text is `no` the
  /// row is refused, as no number can be made of it.
  static let texts = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
      <Header/>
      <DataDictionary>
        <DataField name="text" optype="categorical" dataType="string"/>
        <DataField name="y" optype="continuous" dataType="double"/>
      </DataDictionary>
      <TreeModel functionName="regression">
        <MiningSchema>
          <MiningField name="y" usageType="target"/>
          <MiningField name="text"/>
        </MiningSchema>
        <Output>
          <OutputField name="twice" feature="transformedValue" optype="categorical" dataType="string">
            <Apply function="concat"><FieldRef field="text"/><FieldRef field="text"/></Apply>
          </OutputField>
        </Output>
        <LocalTransformations>
          <DerivedField name="number" optype="continuous" dataType="integer">
            <Apply function="if">
              <Apply function="equal"><FieldRef field="text"/><Constant dataType="string">no</Constant></Apply>
              <Apply function="/"><Constant dataType="integer">1</Constant><Constant dataType="integer">0</Constant></Apply>
              <Constant dataType="integer">1</Constant>
            </Apply>
          </DerivedField>
        </LocalTransformations>
        <Node score="0"><True/>
          <Node score="1"><SimplePredicate field="number" operator="equal" value="1"/></Node>
          <Node score="2"><True/></Node>
        </Node>
      </TreeModel>
    </PMML>
    """

  /// A field, and a target alone.
  static let small = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
      <Header/>
      <DataDictionary>
        <DataField name="x" optype="continuous" dataType="double"/>
        <DataField name="y" optype="categorical" dataType="string"/>
      </DataDictionary>
      <TreeModel functionName="classification">
        <MiningSchema>
          <MiningField name="y" usageType="target"/>
          <MiningField name="x"/>
        </MiningSchema>
        <Node><True/>
          <Node score="low">
            <SimplePredicate field="x" operator="lessThan" value="0"/>
            <ScoreDistribution value="low" recordCount="3"/>
            <ScoreDistribution value="high" recordCount="1"/>
          </Node>
          <Node score="high">
            <SimplePredicate field="x" operator="greaterOrEqual" value="0"/>
            <ScoreDistribution value="low" recordCount="1"/>
            <ScoreDistribution value="high" recordCount="1"/>
          </Node>
        </Node>
      </TreeModel>
    </PMML>
    """

  static func model(_ document: String) throws -> TreeModel {
    let bytes = Array(document.utf8)
    return try Importer.read(bytes.span, name: "model")
  }

  static func served(_ document: String = document) throws -> ServedModel {
    ServedModel(try model(document))
  }
}
