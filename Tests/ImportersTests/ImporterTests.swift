import Importers
import Testing
import TreeIR

@Suite("Formats are told apart by content")
struct ImporterTests {
  @Test(
    "what is no model is refused, and named where it is known",
    arguments: [
      ([], "empty"), (Array(" \n\t".utf8), "empty"), ([0x1F, 0x8B, 8, 0], "gzip"),
      (Array("PK\u{3}\u{4}".utf8), "zip"), ([0x80, 4, 0x95, 0], "pickle"),
      ([0x78, 0x9C, 0, 0], "zlib"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
      ([0xFD, 0x37, 0x7A, 0x58], "xz"), (Array("BZh9".utf8), "bzip2"),
      (Array("CBM1....".utf8), "CatBoost"), (Array("binf....".utf8), "XGBoost"),
      (Array("{L\0\0\0".utf8), "UBJSON"), (Array("{\"learner\": {}}".utf8), "XGBoost"),
      (Array("{\"oblivious_trees\": []}".utf8), "CatBoost"), (Array("{\"foo\": 1}".utf8), "foo"),
      (Array("[1, 2]".utf8), "array"), (Array("<?xml version=\"1.0\"?><PMML/>".utf8), "PMML"),
      ([8, 7, 0x12, 4], "ONNX"), (Array("age,sex\n1,2\n".utf8), "LightGBM"),
      (Array("trees\n".utf8), "LightGBM"),
    ] as [([UInt8], String)])
  func unrecognized(bytes: [UInt8], word: String) throws {
    let error = try #require(refusal(of: bytes))
    #expect(error.code == .unrecognized)
    #expect(error.description.contains(word))
    #expect(error.description.contains("save_model"))
  }

  @Test("a broken object or array is told apart from another one")
  func brokenJSON() {
    #expect(refusal(of: "[1, 2")?.code == .truncated)
    #expect(refusal(of: "[1, }")?.code == .malformed)
    #expect(refusal(of: "{1: 2}")?.code == .malformed)
    #expect(refusal(of: "{")?.code == .truncated)
  }

  @Test("bytes of a .tir file are read too, and damaged ones refused")
  func tirBytes() throws {
    let model = try SmallModel().imported()
    var bytes = model.tirBytes()
    #expect(try importModel(bytes).ensembles == model.ensembles)
    bytes[bytes.count / 2] ^= 1
    #expect(refusal(of: bytes)?.file == "model")
  }

  @Test("a file that is not there is an error of the system")
  func missingFile() {
    #expect(throws: ImportError.self) { try Importer.load("/nonexistent/model.txt") }
    do {
      _ = try Importer.load("/nonexistent/model.txt")
    } catch {
      #expect(error.code == .io)
      #expect(error.file == "/nonexistent/model.txt")
      #expect(error.place == ImportError.Place())
    }
  }

  @Test("an error reads as a sentence: file, line, key, feature, remedy")
  func description() throws {
    let error = try #require(
      refusal(of: SmallModel().setting("threshold", "nan 0 1").text()))
    #expect(
      error.description
        == "model, line \(SmallModel().line(of: "threshold")), threshold: node 0 has no number for "
        + "threshold (feature 'age'). The file seems damaged or edited: save the model again with "
        + "the library that trained it")
    #expect(error.place.column == nil)
    #expect(error.place.byteOffset != nil)
  }

  @Test("progress is reported to the end")
  func progress() throws {
    let path = Fixtures.path("lightgbm/lgb_deep255/model.txt")
    var reports: [ImportProgress] = []
    _ = try Importer.load(path) { reports.append($0) }
    let size = try Fixtures.bytes("lightgbm/lgb_deep255/model.txt").count
    #expect(reports.last?.bytesRead == size)
    #expect(reports.last?.byteCount == size)
    #expect(reports.count <= 300)
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.bytesRead <= $1.bytesRead })
  }

  @Test("loading from a file and reading its bytes give the same model")
  func sameModel() throws {
    let path = "lightgbm/lgb_multiclass/model.txt"
    let loaded = try Importer.load(Fixtures.path(path))
    let read = try importModel(try Fixtures.bytes(path))
    #expect(loaded.ensembles == read.ensembles)
    #expect(loaded.provenance == read.provenance)
  }
}
