import Importers
import Testing
import TreeIR

@Suite("The input schema of a LightGBM model")
struct LightGBMColumnTests {
  @Test("columns tell their kind, range and codes")
  func columns() throws {
    let columns = try SmallModel().imported().input.columns
    #expect(
      columns == [
        InputColumn(name: "age", kind: .numeric, range: 0...90),
        // −1 stands for missing and rare categories, and is no code.
        InputColumn(name: "colour", kind: .categoryCodes, codes: [2, 0, 1]),
        InputColumn(name: "height", kind: .numeric, range: 1.25...2.5),
        InputColumn(name: "weight", kind: .numeric),
      ])
  }

  @Test("names may hold '=' and any UTF-8, and one category is a plain number")
  func names() throws {
    let model = try SmallModel().setting("feature_names", "a=b =c größe _x_")
      .setting("feature_infos", "none 7 [-inf:inf] [1e-300:2]").imported()
    #expect(model.input.columns.map(\.name) == ["a=b", "=c", "größe", "_x_"])
    #expect(model.input.columns[1].codes == [7])
    #expect(model.input.columns[2].range == -.infinity ... .infinity)
  }

  /// The same letter to the eye: one code point, and two.
  static let composed = "gr\u{F6}\u{DF}e"
  static let decomposed = "gro\u{308}\u{DF}e"

  @Test("names are the same where their bytes are")
  func namesAreBytes() throws {
    let names = [Self.composed, Self.decomposed]
    func utf8(_ names: [String]) -> [[UInt8]] { names.map { Array($0.utf8) } }
    let text = SmallModel().setting("feature_names", "\(names[0]) \(names[1]) c d")
    #expect(utf8(try text.imported().input.columns.map(\.name)) == utf8(names + ["c", "d"]))
    #expect(
      refusal(of: text.setting("feature_names", "\(names[1]) b \(names[1]) d").text())?.message
        .contains("two features") == true)

    let json = LightGBMJSONTests.dump(header: LightGBMJSONTests.infos).replacing(
      "\"a\"", with: "\"\(names[0])\""
    ).replacing("\"b\"", with: "\"\(names[1])\"")
    let columns = try importModel(json).input.columns
    #expect(utf8(columns.map(\.name)) == utf8(names))
    #expect(columns[0].range == 0.5...9)
    #expect(columns[1].codes == [1, 0])
  }

  @Test("a listed or given name is the column of the same bytes", arguments: [0, 1])
  func listedNamesAreBytes(column: Int) throws {
    let names = [Self.composed, Self.decomposed]
    let model = SmallModel().setting("feature_names", "\(names[0]) \(names[1]) c d")
      .setting("feature_infos", "none none none none").setting("decision_type", "2 2 10")
    let listed = try model.removing("[categorical_feature").inserting(
      "[categorical_feature: name:\(names[column])]", before: "[data: "
    ).imported().input.columns
    #expect(listed.indices.filter { listed[$0].isCategorical } == [column])
    var options = ImportOptions()
    options.categoricalColumns = [names[column]]
    let given = try model.removing("[categorical_feature").appending(
      "pandas_categorical:[[\"x\"]]"
    ).imported(options: options).input.columns
    #expect(given[1 - column].kind == .numeric)
    #expect(given[column].kind == .dictionary([.string("x")], unknown: .missing))
  }

  @Test("commas and blanks in a list of names are bytes, whatever follows them")
  func combiningSeparators() throws {
    // A combining accent joins the comma, blank or colon before it to one Character.
    let names = "\u{301}a_\u{301}b \u{301}c d e"
    let columns = try SmallModel().setting("feature_names", names)
      .setting("feature_infos", "none none none none").setting("decision_type", "2 2 10")
      .removing("[categorical_feature").inserting(
        "[categorical_feature: name:\u{301}a \u{301}b,\u{301}c]", before: "[data: "
      ).imported().input.columns
    #expect(columns.indices.filter { columns[$0].isCategorical } == [0, 1])
  }

  @Test(
    "a column is categorical when it is listed, has codes, or splits say so",
    arguments: [
      ("[categorical_feature: 1,3]", [1, 3]),
      ("[categorical_feature: name:colour,weight]", [1, 3]),
      ("[categorical_feature: ]", [1]), ("[categorical_feature: name:nowhere,99]", [1]),
      ("[categorical_feature: 99,3]", [1, 3]),
    ])
  func categorical(line: String, expected: [Int]) throws {
    let columns = try SmallModel().removing("[categorical_feature").inserting(
      line, before: "[data: "
    ).imported().input.columns
    #expect(columns.indices.filter { columns[$0].isCategorical } == expected)
    let withoutInfo = try SmallModel().removing("[categorical_feature")
      .setting("feature_infos", "none none none none").imported().input.columns
    #expect(withoutInfo.map(\.isCategorical) == [false, true, false, false])
  }

  // MARK: Dictionaries

  static let colours = "pandas_categorical:[[\"blue\", \"green\", \"red\"]]"

  @Test("as many dictionaries as listed features: mapped in column order")
  func mapped() throws {
    let columns = try SmallModel().appending(Self.colours).imported().input.columns
    #expect(
      columns[1].kind
        == .dictionary([.string("blue"), .string("green"), .string("red")], unknown: .missing))
    #expect(columns[0].kind == .numeric)
  }

  @Test("categories are strings, integers, floats or booleans, as Python has them")
  func types() throws {
    let footer =
      #"pandas_categorical:[["x", 7, 2.5, true, false, "\u00e9", -2, 1e3, Infinity, 9007199254740993]]"#
    // A column that training did not use might have been the one with these categories.
    let columns = try SmallModel().setting("feature_infos", "[0:90] 2:0:1 [1.25:2.5] [0.5:9]")
      .appending(footer).imported().input.columns
    #expect(
      columns[1].kind
        == .dictionary(
          [
            .string("x"), .integer(7), .double(2.5), .boolean(true), .boolean(false), .string("é"),
            .integer(-2), .double(1000), .double(.infinity), .integer(9_007_199_254_740_993),
          ], unknown: .missing))
  }

  @Test("null and an empty list are no dictionaries", arguments: ["null", "[]", " null "])
  func none(json: String) throws {
    let columns = try SmallModel().appending("pandas_categorical:\(json)").imported().input.columns
    #expect(columns[1].kind == .categoryCodes)
  }

  @Test(
    "what is no list of lists of values is refused",
    arguments: [
      "", "{}", "[1]", "[[null]]", "[[[]]]", "[[NaN]]", "[[1]", "[[1]] x", "[[\"a\", \"a\"]]",
      "[[99999999999999999999]]", "[[\"\u{1}\"]]",
    ])
  func malformed(json: String) throws {
    let model = SmallModel().appending("pandas_categorical:\(json)")
    let error = try #require(refusal(of: model.text()))
    #expect(error.place.key?.hasPrefix("pandas_categorical") == true)
    #expect(error.place.line == model.line(of: "pandas_categorical"))
  }

  @Test("two footers are refused")
  func twice() {
    let model = SmallModel().appending(Self.colours).appending("pandas_categorical:null")
    #expect(refusal(of: model.text())?.message.contains("twice") == true)
  }

  @Test("the caller must name the columns where the file does not say which they are")
  func uncertain() throws {
    let two = "pandas_categorical:[[\"S\", \"M\", \"L\", \"XL\"], [\"a\", \"b\", \"c\"]]"
    let model = SmallModel().appending(two)
    let error = try #require(refusal(of: model.text()))
    #expect(error.code == .categoricalColumns)
    #expect(error.description.contains("--categorical"))
    for word in ["'S', 'M', 'L', …", "'a', 'b', 'c'", "age", "weight"] {
      #expect(error.description.contains(word))
    }
    // In any order: dictionaries go to columns in column order.
    var options = ImportOptions()
    options.categoricalColumns = ["weight", "colour"]
    let columns = try importModel(
      SmallModel().appending("pandas_categorical:[[\"x\",\"y\",\"z\"],[\"p\"]]").text(),
      options: options
    ).input.columns
    #expect(
      columns[1].kind
        == .dictionary([.string("x"), .string("y"), .string("z")], unknown: .missing))
    #expect(columns[3].kind == .dictionary([.string("p")], unknown: .missing))
  }

  @Test("an ordered category next to a listed column of codes makes equal counts uncertain")
  func rivals() throws {
    // One dictionary of four values, one listed feature with codes 0…2, and a column trained
    // on the numbers 0 to 3.
    let model = SmallModel().setting("feature_infos", "[0:3] -1:2:0:1 [1.25:2.5] none")
      .appending("pandas_categorical:[[\"S\", \"M\", \"L\", \"XL\"]]")
    #expect(refusal(of: model.text())?.code == .categoricalColumns)
    var options = ImportOptions()
    options.categoricalColumns = ["age"]
    let columns = try model.imported(options: options).input.columns
    #expect(columns[0].kind != .numeric)
    #expect(columns[1].kind == .categoryCodes)
  }

  @Test(
    "values that can be read as numbers go to no column if another may have had them",
    arguments: [
      // Training saw the codes 0 to 2 in the listed column, and these in another.
      ("[0:2]", "[[10, 20, 30]]", false), ("[2:2]", "[[10, 20, 30]]", false),
      ("[1:2]", "[[true, false, 0.5, 1.5]]", false), ("[0:3]", "[[1, 2, 3, 4]]", false),
      ("[0:1]", "[[10, 20, 30]]", false), ("[0:3]", "[[10, 20, 30]]", true),
      ("[0.5:2]", "[[10, 20, 30]]", true), ("[-2:2]", "[[10, 20, 30]]", true),
      ("none", "[[10, 20, 30]]", false), ("none", "[[\"a\", \"b\", \"c\"]]", true),
      ("[0:2]", "[[\"1\", \"2\", \"3\"]]", false),
      ("[0:2]", "[[\"a\", \" 7 \", \"b\"]]", false),
      ("[0:2]", "[[\"a\", \"b\", \"c\"]]", true),
    ])
  func readableValues(info: String, dictionaries: String, isCertain: Bool) throws {
    let model = SmallModel()
      .setting("feature_infos", "[0:90] 2:0:1 [1.25:2.5] \(info)")
      .appending("pandas_categorical:\(dictionaries)")
    #expect((refusal(of: model.text())?.code == .categoricalColumns) != isCertain)
    var options = ImportOptions()
    options.categoricalColumns = ["colour"]
    #expect(try model.imported(options: options).input.columns[1].kind != .categoryCodes)
  }

  @Test("a listing that the model does not bear out is not believed")
  func untrueListing() throws {
    let model = SmallModel().appending(Self.colours)
    #expect(refusal(of: model.text()) == nil)
    let numbers = model.setting("feature_infos", "[0:90] [0:2] [1.25:2.5] none")
    #expect(refusal(of: numbers.text())?.code == .categoricalColumns)
    let other = model.setting("feature_infos", "[0:90] 2:0:1 1:0 none")
    #expect(refusal(of: other.text())?.code == .categoricalColumns)
  }

  @Test("a number and the same number as text cannot be told apart in a cell")
  func ambiguousValues() {
    for values in ["[1, \"1\", 2]", "[\"2.50\", 2.5, 3]"] {
      let error = refusal(of: SmallModel().appending("pandas_categorical:[\(values)]").text())
      #expect(error?.code == .unsupported && error?.message.contains("as text") == true)
    }
  }

  @Test("a file with categories that ends after its trees is taken for cut")
  func cutAfterTrees() throws {
    let text = SmallModel().text()
    let end = try #require(text.range(of: "end of trees\n"))
    let error = refusal(of: String(text[..<end.upperBound]))
    #expect(error?.code == .truncated && error?.message.contains("categorical") == true)
    let old = text.replacing("version=v4", with: "version=v2")
    let oldEnd = try #require(old.range(of: "end of trees\n"))
    #expect(refusal(of: String(old[..<oldEnd.upperBound])) == nil)
  }

  @Test("codes that a dictionary does not have contradict the listing")
  func tooManyCodes() {
    let model = SmallModel().appending("pandas_categorical:[[\"a\", \"b\"]]")
    #expect(refusal(of: model.text())?.code == .categoricalColumns)
  }

  @Test("a blank in the caller's name is the file's underscore")
  func blanks() throws {
    var options = ImportOptions()
    options.categoricalColumns = ["eye colour"]
    let model = try SmallModel().setting("feature_names", "age eye_colour height weight")
      .appending(Self.colours).imported(options: options)
    #expect(model.input.columns[1].name == "eye_colour")
    #expect(model.input.columns[1].kind != .categoryCodes)
  }

  @Test(
    "wrong names are refused",
    arguments: [
      (["nowhere"], "nowhere"), (["colour", "colour"], "twice"), (["age", "colour"], "2"),
      (["height"], "codes"),
    ])
  func wrongNames(names: [String], word: String) throws {
    var options = ImportOptions()
    options.categoricalColumns = names
    let error = try #require(
      refusal(of: SmallModel().appending(Self.colours).text(), options: options))
    #expect(error.code == .categoricalColumns)
    #expect(error.description.contains(word))
    #expect(error.description.contains("height"))
  }

  @Test("names for a file without dictionaries are refused")
  func superfluousNames() {
    var options = ImportOptions()
    options.categoricalColumns = ["colour"]
    #expect(refusal(of: SmallModel().text(), options: options)?.code == .categoricalColumns)
  }
}
