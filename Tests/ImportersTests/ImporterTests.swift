import Importers
import TestSupport
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
      (Array("\u{FEFF}{}".utf8), "byte order mark"), (Array("{\"foo\": 1}".utf8), "foo"),
      (Array("[1, 2]".utf8), "array"), (Array("<?xml version=\"1.0\"?><html/>".utf8), "PMML"),
      ([8, 7, 0x12, 4], "ONNX"), (Array("age,sex\n1,2\n".utf8), "LightGBM"),
      (Array("trees\n".utf8), "LightGBM"), (Array("{}".utf8), "JSON"),
      (Array("{\"name\": \"tree\"}".utf8), "JSON"),
      (Array("{\"name\": \"a-package\", \"version\": \"1.0.0\"}".utf8), "a-package"),
      (Array("{\"version\": \"v4\", \"objective\": \"binary\"}".utf8), "JSON"),
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

  @Test("what a file says reaches no terminal as a control character")
  func controlCharacters() throws {
    let escape = "\u{1B}[2J\u{7}\u{9B}"
    let json = LightGBMJSONTests.dump()
    let texts = [
      SmallModel().setting("objective", "x\(escape)").text(),
      SmallModel().setting("version", "v\(escape)").text(),
      SmallModel().inserting("key\(escape)=1", before: "leaf_value").text(),
      SmallModel().inserting("key\(escape)=1", before: "feature_names").text(),
      SmallModel().setting("leaf_value", "0.1\(escape) 0 0 0").text(),
      SmallModel().setting("feature_names", "a\(escape) b c d")
        .setting("threshold", "nan 0 1").text(),
      SmallModel().setting("feature_names", "a\(escape) a\(escape) c d").text(),
      SmallModel().setting("feature_names", "a\(escape) b c d")
        .appending("pandas_categorical:[[1],[2]]").text(),
      SmallModel().text() + "line\(escape)\n",
      json.replacing("\"regression\"", with: "\"x\\u001b[2J\\u0007\\u009b\""),
      json.replacing("\"a\", \"b\"", with: "\"a\\u001b[2J\\u0007\\u009b\"").replacing(
        "max_feature_idx\": 1", with: "max_feature_idx\": 0"
      ).replacing(
        "\"average_output\"",
        with: "\"feature_infos\": {\"a\\u001b[2J\\u0007\\u009b\": 1}, \"average_output\""),
    ]
    for text in texts {
      let error = try #require(refusal(of: text), "\(text)")
      #expect(error.description.contains("\\u{1B}[2J\\u{7}\\u{9B}"), "\(error)")
      #expect(
        error.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
  }

  @Test("long names are shortened in messages, whatever they are made of")
  func longNames() throws {
    for name in ["x", "a\u{301}"].map({ String(repeating: $0, count: 100_000) }) {
      let model = SmallModel().setting("feature_names", "\(name) b c d")
        .setting("threshold", "nan 0 1")
      let error = try #require(refusal(of: model.text()))
      #expect(error.feature == name)
      #expect(error.description.utf8.count < 500)
    }
  }

  @Test("an error inside a .tir file keeps its place, one of the system has none")
  func tirErrors() throws {
    var bytes = try SmallModel().imported().tirBytes()
    bytes[bytes.count - 1] ^= 1
    let inside = try #require(refusal(of: bytes))
    #expect(inside.place.key?.isEmpty == false)
    #expect(inside.code == .malformed)
  }

  @Test("progress is reported to the end")
  func progress() throws {
    let fixture = try Fixture.named("lgb_deep255", in: "lightgbm")
    let path = try #require(fixture.path("model.txt"))
    var reports: [ImportProgress] = []
    _ = try Importer.load(path) { reports.append($0) }
    let size = try fixture.bytes("model.txt").count
    #expect(reports.last?.bytesRead == size)
    #expect(reports.last?.byteCount == size)
    #expect(reports.count <= 300)
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.bytesRead <= $1.bytesRead })
  }

  @Test("loading from a file and reading its bytes give the same model")
  func sameModel() throws {
    let fixture = try Fixture.named("lgb_multiclass", in: "lightgbm")
    let loaded = try fixture.importText()
    let read = try importModel(try fixture.bytes("model.txt"))
    #expect(loaded.ensembles == read.ensembles)
    #expect(loaded.provenance == read.provenance)
  }
}
