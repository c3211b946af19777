import Foundation
import TestSupport
import Testing

/// The program with models of XGBoost, where they differ from those of LightGBM.
@Suite struct XGBoostCommandTests {
  private func fixture(_ name: String, _ file: String = "model.ubj") throws -> String {
    try #require(try Fixture.named(name, in: "xgboost").path(file))
  }

  private func predict(
    _ name: String, _ arguments: [String], input: String? = nil
  ) throws -> Program.Outcome {
    let rows = input == nil ? try fixture(name, "input.csv") : "-"
    return try Program.run(["predict", try fixture(name), rows] + arguments, input: input)
  }

  @Test func inspectShowsAttributesAndWhetherThereWereNames() throws {
    let text = try Program.run(["inspect", try fixture("xgb_early_stopped")])
    #expect(text.output.contains("best_iteration = "))
    #expect(text.output.contains("XGBoost, XGBoost UBJSON 3.2.0"))
    let json = try Program.run(["inspect", try fixture("xgb_early_stopped"), "--json"])
    let model = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let provenance = try #require(model["provenance"] as? [String: Any])
    let attributes = try #require(provenance["attributes"] as? [String: String])
    #expect(Int(attributes["best_iteration"] ?? "") != nil)
    #expect(model["has_names"] as? Bool != nil)
  }

  @Test func inspectDescribesALinearModel() throws {
    let outcome = try Program.run(["inspect", try fixture("xgb_gblinear_multi")])
    #expect(outcome.status == 0 && outcome.output.contains("3 sums of"))
    let tree = try Program.run(["inspect", try fixture("xgb_gblinear"), "--tree", "0"])
    #expect(tree.status == 1 && tree.errors.contains("the model has no trees"))
  }

  @Test func aLinearModelHasNeitherLeavesNorIterations() throws {
    let leaves = try predict("xgb_gblinear", ["--output", "leaf"])
    #expect(leaves.status == 1 && leaves.errors.contains("no trees"))
    let iterations = try predict("xgb_gblinear", ["--iterations", "1"])
    #expect(iterations.status == 1 && iterations.errors.contains("without trees"))
  }

  @Test func iterationsThatTheModelHasNotAreRefused() throws {
    let outcome = try predict("xgb_range", ["--iterations", "99"])
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("99 of them, are not in the model"))
  }

  @Test func anUnknownCategoryIsAnErrorUnlessItIsToBeMissing() throws {
    let rows = "region,population,sex,age,education,income,statusquo\nQ,1,F,2,P,3,4\n"
    let refused = try predict("xgb_cat_chile", [], input: rows)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("line 2: column 'region': 'Q' is not a category"))
    #expect(refused.errors.contains("--unknown-category missing"))
    let missing = try predict("xgb_cat_chile", ["--unknown-category", "missing"], input: rows)
    #expect(missing.status == 0 && missing.errors.contains("'Q' in line 2"))
    let empty = try predict(
      "xgb_cat_chile", [], input: rows.replacing("Q,1", with: ",1"))
    #expect(empty.status == 0 && empty.output == missing.output)
    let wrong = try predict("xgb_cat_chile", ["--unknown-category", "maybe"], input: rows)
    #expect(wrong.status == 64 && wrong.errors.contains("missing"))
    let needless = try predict("xgb_range", ["--unknown-category", "error"])
    #expect(needless.status == 0 && needless.errors.contains("--unknown-category has no effect"))
  }

  @Test func anOptionForCategoriesHoldsForATIRFileToo() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "treec-\(UUID().uuidString).tir").path
    defer { unlink(path) }
    let lightGBM = Fixture.root.appending(path: "demo")
    let convert = try Program.run([
      "convert", lightGBM.appending(path: "model.txt").path, "-o", path, "--unknown-category",
      "error",
    ])
    #expect(convert.status == 0)
    let rows = "region,population,sex,age,education,income,status_quo_support\nQ,1,F,2,P,3,4\n"
    #expect(try Program.run(["predict", path], input: rows).status == 1)
    let missing = try Program.run(
      ["predict", path, "--unknown-category", "missing"], input: rows)
    #expect(missing.status == 0)
  }

  @Test func whatAWrapperWouldDoOtherwiseIsSaid() throws {
    let note = "scikit-learn's wrapper"
    let best = try predict("xgb_wrapper", [])
    #expect(best.status == 0 && best.errors.contains(note))
    let iterations = try #require(best.errors.firstMatch(of: /--iterations (\d+)/)?.1)
    let ranged = try predict("xgb_wrapper", ["--iterations", String(iterations)])
    #expect(ranged.status == 0 && ranged.errors.isEmpty)
    // Without the wrapper the attribute is nobody's rule.
    let booster = try predict("xgb_early_stopped", [])
    #expect(booster.errors.isEmpty)
  }

  @Test func referencesMayBeTheShortestDecimalsOfFloats() throws {
    let expected = try Fixture.named("xgb_logistic", in: "xgboost").table("expected.csv")
    let rows = expected.rows.map { row in
      row.map { "\(Float($0) ?? .nan)" }.joined(separator: ",")
    }
    let path = FileManager.default.temporaryDirectory
      .appending(path: "treec-\(UUID().uuidString).csv").path
    defer { unlink(path) }
    let text = ([expected.header.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(filePath: path))
    let arguments = [try fixture("xgb_logistic"), try fixture("xgb_logistic", "input.csv"), path]
    let outcome = try Program.run(["verify"] + arguments)
    #expect(outcome.status == 0 && outcome.output.contains("0 with differing bits"))
    try Data(text.replacing("0.", with: "0.1").utf8).write(to: URL(filePath: path))
    #expect(try Program.run(["verify"] + arguments).status == 1)
  }

  @Test func aModelWithoutClassesHasNoLabelsToCompare() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "treec-\(UUID().uuidString).csv").path
    defer { unlink(path) }
    try Data("label\n1\n".utf8).write(to: URL(filePath: path))
    let outcome = try Program.run(
      ["verify", try fixture("xgb_range"), try fixture("xgb_range", "input.csv"), path])
    #expect(outcome.status == 1 && outcome.errors.contains("no classes to compare"))
  }

  @Test func outputsThatAnObjectiveHasNotAreRefused() throws {
    for (name, output) in [
      ("xgb_logitraw", "label"), ("xgb_hinge", "probability"), ("xgb_rank_ndcg", "label"),
      ("xgb_targets_labels", "probability"),
    ] {
      let outcome = try predict(name, ["--output", output])
      #expect(outcome.status == 1 && outcome.errors.contains("no \(output)"), "\(name)")
    }
  }
}
