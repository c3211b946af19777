import Evaluator
import Foundation
import TestSupport
import Testing
import TreeIR

@Suite("Objectives of XGBoost: where the margin starts, and what becomes of it")
struct XGBoostObjectiveTests {
  private func predictor(_ model: SmallXGBoost) throws -> Predictor {
    Predictor(try model.imported())
  }

  /// The one margin and the one prediction of a model without trees.
  private func answer(
    _ objective: String, _ baseScore: String, version: String = "3,2,0"
  ) throws -> (raw: Double, prediction: Double) {
    let predictor = try predictor(
      .withoutTrees(objective, baseScore: baseScore, version: version))
    return (
      try predictor.predict(row: [0], output: .raw)[0], try predictor.predict(row: [0])[0]
    )
  }

  static let identities = [
    "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:pseudohubererror",
    "reg:absoluteerror", "reg:quantileerror", "binary:logitraw", "rank:pairwise", "rank:ndcg",
    "rank:map",
  ]

  @Test("margins that are the prediction", arguments: identities)
  func identity(objective: String) throws {
    for score in ["-2.5E0", "0E0", "[3E-1]"] {
      let (raw, prediction) = try answer(objective, score)
      let number = Double(Float(score.trimming(["[", "]"]))!)
      #expect(raw == number && prediction == number)
    }
  }

  @Test(
    "means start from their logarithm",
    arguments: ["reg:gamma", "reg:tweedie", "count:poisson", "survival:cox", "survival:aft"])
  func logarithms(objective: String) throws {
    let (raw, prediction) = try answer(objective, "[3E-1]")
    #expect(raw == Double(logf(0.3)))
    #expect(prediction == Double(expf(logf(0.3))))
    #expect(try answer(objective, "0E0", version: "1,7,6").raw == -.infinity)
    #expect(try answer(objective, "0E0", version: "1,7,6").prediction == 0)
    #expect(try answer(objective, "-1E0", version: "1,7,6").raw.isNaN)
  }

  @Test("from 3.1 on gamma needs a mean above 0")
  func gamma() throws {
    for score in ["0E0", "-1E0"] {
      let model = SmallXGBoost.withoutTrees("reg:gamma", baseScore: score, version: "3,1,0")
      #expect(refusal(of: model.json)?.description.contains("above 0") == true)
    }
    #expect(try answer("reg:gamma", "0E0", version: "3,0,5").raw == -.infinity)
  }

  @Test("quantiles are sorted from 3.4 on")
  func quantiles() throws {
    for (version, prediction) in [("3,3,0", [3.0, 1, 2]), ("3,4,0", [1, 2, 3])] {
      let model = try predictor(
        .withoutTrees("reg:quantileerror", baseScore: "[3,1,2]", targets: 3, version: version))
      #expect(try model.predict(row: [0], output: .raw) == [3, 1, 2])
      #expect(try model.predict(row: [0]) == prediction)
    }
  }

  @Test("several expectiles rise; one is its margin")
  func expectiles() throws {
    #expect(try answer("reg:expectileerror", "-3E0", version: "3,4,0") == (-3, -3))
    let model = try predictor(
      .withoutTrees("reg:expectileerror", baseScore: "[1,3,3]", targets: 3, version: "3,3,0"))
    let steps: [Float] = [2 - 1e-6, 1e-6]
    let margins = steps.map { $0 + logf(-expm1f(-$0)) }
    #expect(try model.predict(row: [0], output: .raw) == [1] + margins.map { Double($0) })
    let prediction = try model.predict(row: [0])
    #expect(prediction[0] == 1)
    #expect(abs(prediction[1] - 3) < 1e-5 && abs(prediction[2] - 3) < 1e-4)
    #expect(prediction[2] > prediction[1])
  }

  @Test("probabilities start from their logit", arguments: ["binary:logistic", "reg:logistic"])
  func logits(objective: String) throws {
    let (raw, prediction) = try answer(objective, "3E-1")
    let margin = -logf(1 / 0.3 - 1)
    #expect(raw == Double(margin))
    #expect(prediction == Double(1 / (expf(-margin) + 1)))
    #expect(try answer(objective, "5E-1").raw.sign == .minus, "-log(1) is -0")
  }

  @Test("from 3.2 on probabilities are kept off 0 and 1, before they are taken as they are")
  func clamping() throws {
    let margin: Float = 1e-6
    for (score, clamped) in [("0E0", margin), ("1E-7", margin), ("1E0", 1 - margin)] {
      #expect(try answer("binary:logistic", score).raw == Double(-logf(1 / clamped - 1)))
    }
    #expect(
      try answer("binary:logistic", "1E-7", version: "3,1,3").raw == Double(-logf(1 / 1e-7 - 1)))
    for (score, version) in [
      ("0E0", "3,1,3"), ("1E0", "2,1,4"), ("-1E-3", "3,2,0"), ("2E0", "3,2,0"),
    ] {
      let model = SmallXGBoost.withoutTrees(
        "binary:logistic", baseScore: score, version: version)
      let error = refusal(of: model.json)
      #expect(error?.description.contains("base_score") == true, "\(score) of \(version)")
    }
  }

  @Test("hinge: 1 above the margin 0, else 0")
  func hinge() throws {
    #expect(try answer("binary:hinge", "0E0") == (0, 0))
    #expect(try answer("binary:hinge", "1E-30").prediction == 1)
    let predictor = try predictor(.withoutTrees("binary:hinge", baseScore: "1"))
    #expect(try predictor.predict(row: [0], output: .label) == [1])
    #expect(throws: PredictionError.self) { try predictor.predict(row: [0], output: .probability) }
  }

  @Test("a binary model has two probabilities, complements in Float, and the label above ½")
  func binary() throws {
    for (score, label) in [("3E-1", 0.0), ("5E-1", 0), ("5.000001E-1", 1), ("9E-1", 1)] {
      let predictor = try predictor(.withoutTrees("binary:logistic", baseScore: score))
      let probability = Float(try predictor.predict(row: [0])[0])
      #expect(
        try predictor.predict(row: [0], output: .probability)
          == [Double(1 - probability), Double(probability)])
      #expect(try predictor.predict(row: [0], output: .label) == [label], "\(score)")
    }
  }

  @Test("softprob is the softmax in Float; softmax is the first class with the greatest margin")
  func multiclass() throws {
    let margins: [Float] = [0.25, 1.5, 1.5]
    let powers = margins.map { expf($0 - 1.5) }
    let sum = Float(powers.reduce(0.0) { $0 + Double($1) })
    let probabilities = powers.map { Double($0 / sum) }
    for objective in ["multi:softprob", "multi:softmax"] {
      let predictor = try predictor(
        .withoutTrees(objective, baseScore: "[2.5E-1,1.5E0,1.5E0]", classes: 3))
      #expect(try predictor.predict(row: [0], output: .raw) == margins.map { Double($0) })
      #expect(
        try predictor.predict(row: [0])
          == (objective == "multi:softmax" ? [1] : probabilities))
      #expect(try predictor.predict(row: [0], output: .probability) == probabilities)
      #expect(try predictor.predict(row: [0], output: .label) == [1])
    }
  }

  @Test("several targets of a binary objective are labels, each for itself")
  func multilabel() throws {
    let model = try SmallXGBoost.withoutTrees(
      "binary:logistic", baseScore: "[2.5E-1,7.5E-1]", targets: 2
    ).imported()
    #expect(model.task == .multilabelClassification)
    #expect(model.output(.prediction)?.slots.count == 2)
    #expect(model.output(.label) == nil)
  }

  @Test("classes of an objective that knows none are outputs like others")
  func classesWithoutUse() throws {
    let model = try SmallXGBoost.withoutTrees("reg:squarederror", baseScore: "7E0", classes: 3)
      .imported()
    #expect(model.task == .regression)
    #expect(try Predictor(model).predict(row: [0]) == [7, 7, 7])
  }

  @Test("one base score serves all outputs, another number of them is refused")
  func baseScoreCount() throws {
    let model = try SmallXGBoost.withoutTrees("reg:squarederror", baseScore: "7E0", targets: 3)
      .imported()
    #expect(model.ensembles[0].baseScores == [7, 7, 7])
    for score in ["[1,2]", "[]", "", "[1,2,3", "1;2", "NaN", "Infinity", "[1,inf,2]"] {
      let wrong = SmallXGBoost.withoutTrees("reg:squarederror", baseScore: score, targets: 3)
      #expect(refusal(of: wrong.json)?.description.contains("base_score") == true, "\(score)")
    }
  }

  @Test("from 3.1 on an average that was never taken is a margin of ½")
  func untrained() throws {
    for (version, margin) in [("3,2,0", 0.5), ("3,1,3", 0.5), ("3,0,5", -0.0)] {
      let model = SmallXGBoost.withoutTrees(
        "binary:logistic", version: version, boostsFromAverage: true)
      #expect(try predictor(model).predict(row: [0], output: .raw) == [margin], "\(version)")
    }
  }

  @Test("gblinear adds products to bias and base score in Float, leaving out what is missing")
  func linear() throws {
    let model = SmallXGBoost(
      json: """
        {"learner":{"attributes":{},"feature_names":[],"feature_types":[],
        "gradient_booster":{"model":{"boosted_rounds":3,"weights":[0.1,10.0,0.7,20.0,0.3,30.0]},
        "name":"gblinear"},"learner_model_param":{"base_score":"[5E-1,4E0]","num_class":"0",
        "num_feature":"2","num_target":"2"},"objective":{"name":"reg:squarederror"}},
        "version":[3,2,0]}
        """)
    let predictor = try predictor(model)
    let start: Float = 0.3 + 0.5
    let sum = start + 3 * (0.1 as Float) + 5 * (0.7 as Float)
    // The base score of the first output serves both, as in XGBoost.
    #expect(try predictor.predict(row: [3, 5]) == [Double(sum), 30.5 + 30 + 100])
    #expect(try predictor.predict(row: [.nan, 5]) == [Double(start + 5 * (0.7 as Float)), 130.5])
    #expect(try predictor.predict(row: [.nan, .nan]) == [Double(start), 30.5])
    #expect(throws: PredictionError.self) { try predictor.predict(row: [3, 5], output: .leaf) }
    let short = model.replacing(",30.0", with: "")
    #expect(refusal(of: short.json)?.description.contains("weights") == true)
  }
}

extension String {
  fileprivate func trimming(_ characters: Set<Character>) -> String {
    filter { !characters.contains($0) }
  }
}
