import Importers
import TestSupport
import Testing
import TreeIR

extension Fixture {
  /// The cases of real LightGBM models.
  static let lightGBM = all("lightgbm")
  /// Those that have a JSON dump.
  static let lightGBMWithJSON = lightGBM.filter { $0.path("model.json") != nil }

  /// The model of the case's text form.
  func importText() throws -> TreeModel {
    var options = ImportOptions()
    options.categoricalColumns = categoricalColumns
    return try Importer.load(try #require(path("model.txt")), options: options)
  }

  /// The model of the case's JSON form.
  func importJSON() throws -> TreeModel {
    var options = ImportOptions()
    // A dump does not list the categorical features, so that the caller has to.
    options.categoricalColumns = categoricalColumns.isEmpty ? try textColumns() : categoricalColumns
    return try Importer.load(try #require(path("model.json")), options: options)
  }
}
