import Foundation
import TestSupport
import Testing

/// The program as its user meets it: arguments in, files, text and exit status out.
@Suite struct CommandTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "treec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func treec(_ arguments: String..., input: String? = nil) throws -> Program.Outcome {
    try Program.run(arguments, input: input)
  }

  private func demo(_ file: String) -> String {
    Fixture.root.appending(path: "demo").appending(path: file).path
  }

  private func fixture(
    _ name: String, _ file: String, in library: String = "lightgbm"
  ) throws -> String {
    try #require(try Fixture.named(name, in: library).path(file))
  }

  private func temporary(_ name: String, _ content: String? = nil) throws -> String {
    let url = folder.appending(path: name)
    if let content { try Data(content.utf8).write(to: url) }
    return url.path
  }

  // MARK: convert

  @Test func convertingTwiceGivesTheSameFile() throws {
    let first = try temporary("a.tir")
    let second = try temporary("b.tir")
    for path in [first, second] {
      let outcome = try treec("convert", demo("model.txt"), "-o", path)
      #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    }
    #expect(try Data(contentsOf: URL(filePath: first)) == Data(contentsOf: URL(filePath: second)))
  }

  @Test func convertCanCarryVerifiedRows() throws {
    let model = try temporary("m.tir")
    let outcome = try treec(
      "convert", demo("model.txt"), "-o", model, "--verify-rows", demo("rows.csv"),
      "--verify-expected", demo("expected.csv"))
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("passed: 20 rows, 20 values compared, 0 with differing bits"))
    let verified = try treec("verify", model)
    #expect(verified.status == 0 && verified.output.contains("passed: 20 rows"))
  }

  @Test func convertRefusesToWriteADifferentModel() throws {
    let model = try temporary("m.tir")
    var answers = try String(contentsOfFile: demo("expected.csv"), encoding: .utf8)
    answers.replace("0.837398559135932\n", with: "0.837398559135933\n")
    let outcome = try treec(
      "convert", demo("model.txt"), "-o", model, "--verify-rows", demo("rows.csv"),
      "--verify-expected", temporary("wrong.csv", answers))
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("FAILED") && outcome.errors.contains("was not written"))
    #expect(!FileManager.default.fileExists(atPath: model))
  }

  @Test func convertNamesFileLineAndRemedy() throws {
    var text = try String(contentsOfFile: demo("model.txt"), encoding: .utf8)
    text.replace("objective=binary", with: "objective=martian")
    let path = try temporary("odd.txt", text)
    let outcome = try treec("convert", path, "-o", temporary("m.tir"))
    #expect(outcome.status == 1)
    for word in [path, "line", "objective", "martian"] {
      #expect(outcome.errors.contains(word), "\(word)")
    }
  }

  @Test func namesOfCategoricalColumnsAreAskedForAndTaken() throws {
    let model = try fixture("lgb_pandas_ordered", "model.txt")
    let refused = try treec("convert", model, "-o", temporary("m.tir"))
    #expect(refused.status == 1 && refused.errors.contains("--categorical"))
    let columns = try Fixture.named("lgb_pandas_ordered", in: "lightgbm").categoricalColumns
    let accepted = try treec(
      "convert", model, "-o", temporary("m.tir"), "--categorical",
      columns.joined(separator: ","))
    #expect(accepted.status == 0, "\(accepted.errors)")
    #expect(!accepted.errors.contains("note"))
  }

  @Test func namesOfCategoricalColumnsAreOnlyForLightGBM() throws {
    let model = try fixture("cat_ctr_chile", "model.cbm", in: "catboost")
    let outcome = try treec("convert", model, "-o", temporary("m.tir"), "--categorical", "region")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("--categorical has no effect: files of CatBoost say"))
  }

  // MARK: predict

  @Test func predictsWhatLightGBMPredicts() throws {
    let expected = try String(contentsOfFile: demo("expected.csv"), encoding: .utf8)
    let outcome = try treec("predict", demo("model.txt"), demo("rows.csv"))
    #expect(outcome.status == 0)
    #expect(outcome.output == expected)
  }

  @Test func readsStandardInputAndWritesAFile() throws {
    let rows = try String(contentsOfFile: demo("rows.csv"), encoding: .utf8)
    let expected = try String(contentsOfFile: demo("expected.csv"), encoding: .utf8)
    let result = try temporary("out.csv")
    let named = try treec("predict", demo("model.txt"), "-", "-o", result, input: rows)
    #expect(named.status == 0 && named.output.isEmpty, "\(named.errors)")
    #expect(try String(contentsOfFile: result, encoding: .utf8) == expected)
    let unnamed = try treec("predict", demo("model.txt"), input: rows)
    #expect(unnamed.output == expected)
  }

  @Test func columnsAreMatchedByNameInAnyOrder() throws {
    let model = try temporary("m.tir")
    _ = try treec("convert", demo("model.txt"), "-o", model)
    let rows =
      "\u{FEFF}extra,status_quo_support,income,education,\"age\",sex,population,region\r\n"
      + "x,1.0082,35000.0,P,65.0,M,175000.0,N\r\n"
      + "\"y,\"\"z\"\"\",0.6853,35000.0,P,50.0,F,250000.0,N"
    let outcome = try treec("predict", model, "-", input: rows)
    #expect(outcome.output == "prediction_0\n0.837398559135932\n0.8117527097681803\n")
  }

  @Test func aMissingColumnIsNamed() throws {
    let outcome = try treec(
      "predict", demo("model.txt"), "-", input: "region,population,sex,age,education\nN,1,M,3,P\n")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("'income'") && outcome.errors.contains("'status_quo_support'"))
  }

  @Test func withoutHeaderColumnsGoByPosition() throws {
    let row = "N,175000.0,M,65.0,P,35000.0,1.0082\n"
    let outcome = try treec("predict", demo("model.txt"), "-", "--no-header", input: row)
    #expect(outcome.output == "prediction_0\n0.837398559135932\n")
    let narrow = try treec("predict", demo("model.txt"), "-", "--no-header", input: "N,1\n")
    #expect(narrow.status == 1 && narrow.errors.contains("7 columns"))
  }

  @Test func namesInTheHeaderCanBeLeftOutOfAccount() throws {
    let rows = "a,b,c,d,e,f,g\nN,175000.0,M,65.0,P,35000.0,1.0082\n"
    let byName = try treec("predict", demo("model.txt"), "-", input: rows)
    #expect(byName.status == 1 && byName.errors.contains("--by-position"))
    let byPosition = try treec("predict", demo("model.txt"), "-", "--by-position", input: rows)
    #expect(byPosition.output == "prediction_0\n0.837398559135932\n")
    let narrow = try treec("predict", demo("model.txt"), "-", "--by-position", input: "a,b\nN,1\n")
    #expect(narrow.status == 1 && narrow.errors.contains("7 columns"))
  }

  @Test func everyOutputHasItsColumns() throws {
    func header(_ name: String, _ output: String) throws -> String {
      let outcome = try treec(
        "predict", try fixture(name, "model.txt"), try fixture(name, "input.csv"), "--output",
        output)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return String(outcome.output.prefix { $0 != "\n" })
    }
    #expect(try header("lgb_rf_binary", "prediction") == "prediction_0")
    #expect(try header("lgb_rf_binary", "probability") == "probability_0,probability_1")
    #expect(try header("lgb_rf_binary", "label") == "label")
    #expect(try header("lgb_multiclass", "raw") == "raw_0,raw_1,raw_2")
    #expect(try header("lgb_multiclass", "prediction") == "prediction_0,prediction_1,prediction_2")
    #expect(try header("lgb_stump", "leaf") == "leaf_0")
    #expect(try header("lgb_lambdarank", "prediction") == "prediction_0")
  }

  @Test func labelsOfARegressionAreRefused() throws {
    let outcome = try treec(
      "predict", try fixture("lgb_reg_nan", "model.txt"), try fixture("lgb_reg_nan", "input.csv"),
      "--output", "label")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("regression"))
  }

  @Test func aBadCellIsNamedByLineAndColumn() throws {
    let rows = "region,population,sex,age,education,income,status_quo_support\n"
    let outcome = try treec(
      "predict", demo("model.txt"), "-",
      input: rows + "N,1,M,3,P,4,5\n\n\"N\n\",1,M,old,P,4,5\n")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("line 4: column 'age': 'old' is not a number"))
    let ragged = try treec("predict", demo("model.txt"), "-", input: rows + "N,1,M\n")
    #expect(ragged.status == 1 && ragged.errors.contains("line 2: 3 fields where 7 are expected"))
  }

  @Test func blankLinesAreNoRows() throws {
    let row = "N,175000.0,M,65.0,P,35000.0,1.0082\n"
    let outcome = try treec(
      "predict", demo("model.txt"), "-", "--no-header", input: "\n\(row)\r\n\(row)\n\n")
    #expect(outcome.output == "prediction_0\n0.837398559135932\n0.837398559135932\n")
  }

  @Test func aBlankLineInAFileOfOneColumnIsRefused() throws {
    let one = try temporary("one.txt", Self.oneColumnModel)
    let outcome = try treec("predict", one, "-", input: "x\n1\n\n2\n")
    #expect(outcome.status == 1 && outcome.errors.contains("line 3: the line is blank"))
    let quoted = try treec("predict", one, "-", input: "x\n1\n\"\"\n2\n")
    #expect(quoted.output == "prediction_0\n-1.0\n-1.0\n1.0\n")
  }

  /// LightGBM text with one column and one split, at 1.5.
  private static let oneColumnModel = """
    tree
    version=v4
    num_class=1
    num_tree_per_iteration=1
    label_index=0
    max_feature_idx=0
    objective=regression
    feature_names=x
    feature_infos=[0:3]
    tree_sizes=300

    Tree=0
    num_leaves=2
    num_cat=0
    split_feature=0
    split_gain=1
    threshold=1.5
    decision_type=2
    left_child=-1
    right_child=-2
    leaf_value=-1 1
    leaf_weight=1 1
    leaf_count=1 1
    internal_value=0
    internal_weight=2
    internal_count=2
    is_linear=0
    shrinkage=1


    end of trees

    """

  @Test func unknownCategoriesAreMissingAndSaid() throws {
    let rows = "region,population,sex,age,education,income,status_quo_support\n"
    let outcome = try treec(
      "predict", demo("model.txt"), "-",
      input: rows + "N,1,m,3,P,4,5\n,1,,3,P,4,5\nN,1,M,3,P,4,5\nN,1,x,3,P,4,5\n")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("'sex': 2 of 4 cells"))
    #expect(outcome.errors.contains("the first is 'm' in line 2"))
    #expect(!outcome.errors.contains("'region'"))
  }

  @Test func aHeaderWithoutRowsGivesAHeaderWithoutRows() throws {
    let rows = "region,population,sex,age,education,income,status_quo_support\n"
    let outcome = try treec("predict", demo("model.txt"), "-", input: rows)
    #expect(outcome.status == 0 && outcome.output == "prediction_0\n")
  }

  @Test func aHeaderIsNoRow() throws {
    let outcome = try treec("predict", demo("model.txt"), demo("rows.csv"), "--no-header")
    #expect(outcome.status == 1 && outcome.errors.contains("leave out --no-header"))
    let matrix = try treec(
      "predict", fixture("lgb_linear", "model.txt"), "-", "--no-header",
      input: "0,1,2,3,4,5,6,7,8,9\n1,2,3,4,5,6,7,8,9,10\n")
    #expect(matrix.status == 0 && matrix.errors.contains("0, 1, 2"))
  }

  @Test func oddHeadersAreExplained() throws {
    for (rows, word) in [
      ("region;population;sex\nN;1;M\n", "seems to use ';'"), ("region\tsex\nN\tM\n", "tabs"),
      ("\u{1F}gz", "compressed"), ("r\0e\0g", "UTF-16"),
    ] {
      let outcome = try treec("predict", demo("model.txt"), "-", input: rows)
      #expect(outcome.status == 1 && outcome.errors.contains(word), "\(outcome.errors)")
    }
  }

  @Test func inputsAreNotOverwritten() throws {
    let model = try temporary("m.txt", String(contentsOfFile: demo("model.txt"), encoding: .utf8))
    let rows = try temporary("r.csv", String(contentsOfFile: demo("rows.csv"), encoding: .utf8))
    let outcomes = [
      try treec("convert", model, "-o", model), try treec("predict", model, rows, "-o", rows),
      try treec("predict", model, rows, "-o", model),
    ]
    for outcome in outcomes {
      #expect(outcome.status == 1 && outcome.errors.contains("would replace"))
    }
    #expect(try String(contentsOfFile: model, encoding: .utf8).hasPrefix("tree\n"))
  }

  @Test func standardOutputByAnotherNameIsStillStandardOutput() throws {
    let outcome = try treec("predict", demo("model.txt"), demo("rows.csv"), "-o", "/dev/stdout")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("prediction_0\n0.837398559135932\n"))
  }

  @Test func leavesOfNoTreesAreRefused() throws {
    let outcome = try treec(
      "predict", demo("model.txt"), demo("rows.csv"), "--output", "leaf", "--start-iteration", "99")
    #expect(outcome.status == 1 && outcome.errors.contains("no trees"))
  }

  @Test func labelsThatTheModelLacksAreNamed() throws {
    let labels = try treec("predict", demo("model.txt"), demo("rows.csv"), "--output", "label")
    let right = try treec(
      "verify", demo("model.txt"), demo("rows.csv"), temporary("l.csv", labels.output))
    #expect(right.status == 0, "\(right.output)")
    let wrong = try treec(
      "verify", demo("model.txt"), demo("rows.csv"),
      temporary("w.csv", labels.output.replacing("\n1", with: "\nyes")))
    #expect(wrong.status == 1 && wrong.errors.contains("'yes' is no class of the model"))
  }

  @Test func aFailureLeavesNoOutputFile() throws {
    let result = try temporary("out.csv")
    let outcome = try treec(
      "predict", demo("model.txt"), "-", "-o", result, "--no-header", input: "a,b,c,d,e,f,g\n")
    #expect(outcome.status == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func specialFilesAreWrittenToAsTheyAre() throws {
    let outcome = try treec("predict", demo("model.txt"), demo("rows.csv"), "-o", "/dev/null")
    #expect(outcome.status == 0)
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func earlyStoppingWithoutEffectIsSaid() throws {
    let outcome = try treec(
      "predict", try fixture("lgb_reg_nan", "model.txt"), try fixture("lgb_reg_nan", "input.csv"),
      "--early-stop-margin", "1")
    #expect(outcome.status == 0 && outcome.errors.contains("no effect"))
  }

  // MARK: verify and inspect

  @Test func verifyTellsWhereAndHowFar() throws {
    let right = try treec("verify", demo("model.txt"), demo("rows.csv"), demo("expected.csv"))
    #expect(right.status == 0 && right.output.contains("0 with differing bits"))
    let answers = try String(contentsOfFile: demo("expected.csv"), encoding: .utf8)
    let wrong = try treec(
      "verify", demo("model.txt"), demo("rows.csv"),
      temporary("w.csv", answers.replacingOccurrences(of: "0.1630", with: "0.1631")))
    #expect(wrong.status == 1)
    #expect(wrong.output.contains("prediction_0, row 4 (first)"))
    #expect(wrong.output.contains("ulps apart"))
  }

  @Test func verifyComparesAllAnswers() throws {
    let lines = try String(contentsOfFile: demo("expected.csv"), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: true)
    for (count, word) in [(lines.count - 1, "fewer"), (lines.count + 1, "more")] {
      let changed = (lines + lines.suffix(1)).prefix(count).joined(separator: "\n")
      let outcome = try treec(
        "verify", demo("model.txt"), demo("rows.csv"), temporary("\(word).csv", changed))
      #expect(outcome.status == 1 && outcome.errors.contains("\(word) answers than rows"))
    }
  }

  @Test func verifyWithoutRowsNeedsAModelThatCarriesSome() throws {
    let outcome = try treec("verify", demo("model.txt"))
    #expect(outcome.status == 1 && outcome.errors.contains("carries no rows"))
  }

  @Test func inspectDescribesTheModel() throws {
    let outcome = try treec("inspect", demo("model.txt"))
    #expect(outcome.status == 0)
    for words in [
      "LightGBM", "v4", "binary sigmoid:1", "binary classification", "0, 1", "12 in 12 iterations",
      "status_quo_support", "C, M, N, S, SA", "float64", "checksum",
    ] {
      #expect(outcome.output.contains(words), "\(words)")
    }
  }

  @Test func inspectWritesJSON() throws {
    let outcome = try treec("inspect", demo("model.txt"), "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let columns = try #require(object["columns"] as? [[String: Any]])
    #expect(columns.count == 7)
    #expect(columns[2]["categories"] as? [String] == ["F", "M"])
    let ensembles = try #require(object["ensembles"] as? [[String: Any]])
    #expect(ensembles[0]["trees"] as? Int == 12)
    #expect(object["class_labels"] as? [Int] == [0, 1])
  }

  // MARK: arguments

  @Test(arguments: [
    ["predict"], ["predict", "m", "--output", "median"], ["convert", "m"],
    ["predict", "m", "--early-stop-margin", "-1"], ["predict", "m", "--early-stop-freq", "5"],
    ["predict", "m", "--start-iteration", "x"], ["verify", "m", "rows.csv"],
    ["convert", "m", "-o", "x", "--verify-rows", "r.csv"], ["no-such-command"],
    ["convert", "m", "-o", "-"], ["convert", "m", "-o", ""], ["predict", "m", "r", "-o", ""],
    ["verify", "m", "--iterations", "3"], ["inspect", "m", "--dot"],
    ["inspect", "m", "--tree", "0", "--dot", "--json"], ["inspect", "m", "--report", ""],
    ["inspect", "m", "--report", "r.html", "--tree", "0"],
    ["inspect", "m", "--report-trees", "0-1"],
    ["inspect", "m", "--report", "r.html", "--report-trees", "3-1"],
  ])
  func impossibleArgumentsAreRefused(_ arguments: [String]) throws {
    #expect(try Program.run(arguments).status == 64)
  }

  @Test func aMissingModelIsNamed() throws {
    let outcome = try treec("inspect", "/nowhere/model.txt")
    #expect(outcome.status == 1 && outcome.errors.contains("/nowhere/model.txt"))
  }
}
