import ArgumentParser
import Evaluator
import Importers
import TreeIR

/// The model, and what its file does not say about it.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: """
      A .tir file, a LightGBM text model, a LightGBM dump_model JSON, an XGBoost model as JSON \
      or UBJSON, a CatBoost model as cbm or JSON, or PMML.
      """,
    completion: .file())
  var model: String

  // A name may begin with a dash, and so may a number that LightGBM takes.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Columns that had pandas' category dtype, separated by commas.",
      discussion: """
        Needed only where a LightGBM file holds category dictionaries without saying which \
        columns they belong to; the error message then asks for it.
        """, valueName: "a,b,c"))
  var categorical: String?

  @Option(
    help: ArgumentHelp(
      "What a category becomes that its column's dictionary does not have: missing or error.",
      discussion: """
        By default as in the library that trained the model: missing in LightGBM, an error in \
        XGBoost.
        """, valueName: "missing|error"))
  var unknownCategory: InputColumn.UnknownCategory?

  /// Opens the model, with a progress bar for a long file on a terminal.
  ///
  /// - Parameter copiesFile: Whether what happens to the file later must not matter.
  func load(copiesFile: Bool = false) throws -> TreeModel {
    try InstructionCheck.run()
    var options = ImportOptions()
    options.copiesFile = copiesFile
    options.categoricalColumns =
      categorical?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
    options.unknownCategories = unknownCategory
    let progress = ProgressBar(label: "reading \(model)")
    defer { progress.clear() }
    var isImported = false
    let loaded = try Importer.load(model, options: options) {
      isImported = true
      progress.show(done: $0.bytesRead, of: $0.byteCount)
    }
    if categorical != nil, !isImported {
      Terminal.say("note: --categorical has no effect: a .tir file has its dictionaries in place")
    } else if categorical != nil, loaded.provenance.library != "LightGBM" {
      Terminal.say(
        "note: --categorical has no effect: files of \(loaded.provenance.library) say themselves "
          + "which columns hold categories")
    }
    if unknownCategory != nil && !loaded.input.columns.contains(where: \.hasDictionary) {
      Terminal.say("note: --unknown-category has no effect: no column has a dictionary")
    }
    return loaded
  }
}

extension InputColumn.UnknownCategory: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "missing": self = .missing
    case "error": self = .refused
    default: return nil
    }
  }

  public static var allValueStrings: [String] { ["missing", "error"] }
}

extension InputColumn {
  fileprivate var hasDictionary: Bool {
    if case .dictionary = kind { true } else { false }
  }
}

/// How the columns of a file with a header are found.
struct ColumnOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Give columns to the model by position; the names in the header play no part.",
      discussion: "For models that were trained on a matrix without names."))
  var byPosition = false

  var order: ColumnOrder { byPosition ? .position : .name }
}

/// What becomes of rows that the model refuses.
struct RefusalOptions: ParsableArguments {
  enum Action: String, ExpressibleByArgument, CaseIterable {
    case stop
    case null
    case mark
  }

  @Option(
    help: ArgumentHelp(
      "What becomes of a row that the model refuses: stop, null or mark.",
      discussion: """
        stop: the row is reported and nothing more is scored. null: the row is reported, and its \
        cells are empty. mark: the same, and its cells are #ERROR.
        """))
  var onError = Action.stop

  @Option(
    // Such as -999, which is no option.
    parsing: .unconditional,
    help: ArgumentHelp(
      "Texts of cells that mean missing, separated by commas.", valueName: "N/A,NA"))
  var missing: String?

  var missingTexts: [String] { missing?.split(separator: ",").map(String.init) ?? [] }
}

/// How much memory engines may take.
struct TableOptions: ParsableArguments {
  /// An exabyte: more than any machine has, and little enough to count in bytes.
  private static let mostMebibytes = 1 << 40

  @Option(
    help: ArgumentHelp(
      "Memory that the tables of one engine may take, in MiB; 256 by default.",
      discussion: "An engine that needs more is not used, and another one is.",
      valueName: "MIB"))
  var tableMemory: Int?

  func validate() throws {
    guard tableMemory.map({ (0...Self.mostMebibytes).contains($0) }) ?? true else {
      throw ValidationError("--table-memory must be 0 to \(Self.mostMebibytes).")
    }
  }

  var engineOptions: EngineOptions {
    var options = EngineOptions()
    if let tableMemory { options.tableMemoryLimit = tableMemory << 20 }
    return options
  }
}

/// Which iterations to use.
struct IterationOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("First boosting iteration to use, from 0.", valueName: "S"))
  var startIteration = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many iterations to use; all by default.", valueName: "N"))
  var iterations: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop adding trees to a row once its margin exceeds this (LightGBM's pred_early_stop).",
      valueName: "M"))
  var earlyStopMargin: Double?

  @Option(
    help: ArgumentHelp(
      "Look at the margin every so many iterations; 10 by default.", valueName: "F"))
  var earlyStopFreq: Int?

  func validate() throws {
    if let margin = earlyStopMargin, !(margin >= 0) {
      throw ValidationError("--early-stop-margin must be 0 or more.")
    }
    if let frequency = earlyStopFreq {
      guard frequency >= 1 else { throw ValidationError("--early-stop-freq must be 1 or more.") }
      guard earlyStopMargin != nil else {
        throw ValidationError("--early-stop-freq needs --early-stop-margin.")
      }
    }
  }

  var areGiven: Bool {
    startIteration != 0 || iterations != nil || earlyStopMargin != nil
  }

  /// The options for `predictor`; says so when early stopping has no effect on its model.
  func predictionOptions(for predictor: Predictor) -> PredictionOptions {
    if earlyStopMargin != nil && !predictor.allowsEarlyStopping {
      Terminal.say(
        "note: early stopping has no effect on this model: LightGBM has it, for objectives that "
          + "do not need exact scores")
    }
    return PredictionOptions(
      startIteration: startIteration, iterationCount: iterations,
      earlyStopping: earlyStopMargin.map { .init(margin: $0, frequency: earlyStopFreq ?? 10) })
  }
}

extension PredictionOutput: ExpressibleByArgument {}
