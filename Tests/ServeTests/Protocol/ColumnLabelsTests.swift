import Testing
import TextCodec

@testable import Serve

/// Labels of columns become the names that pandas and a library have for them.
@Suite struct ColumnLabelsTests {
  private func names(
    _ list: String, _ style: ColumnLabels.Style = .joined, limit: Int = 100
  ) throws -> [String]? {
    let bytes = Array(list.utf8)
    let reader = JSONReader(
      bytes.span, options: JSONReaderOptions(allowsNonFinite: true, allowsLoneSurrogates: true))
    guard case .list(let names) = try ColumnLabels.names(reader, style, limit: limit) else {
      return nil
    }
    return names.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    arguments: [
      (#"["a", "b"]"#, ["a", "b"]), ("[]", []), ("[0, 1, 2]", ["0", "1", "2"]),
      ("[-0, 1]", ["0", "1"]), ("[0, 1.5, 2]", ["0.0", "1.5", "2.0"]),
      ("[1, null, 2]", ["1.0", "nan", "2.0"]), (#"["a", null]"#, ["a", "nan"]),
      ("[null]", ["None"]), ("[NaN]", ["nan"]), (#"["a", 1, null]"#, ["a", "1", "None"]),
      (#"[true, false, "x"]"#, ["True", "False", "x"]),
      ("[1180591620717411303424, 1.5]", ["1180591620717411303424", "1.5"]),
      ("[9223372036854775808, -1, 0.5]", ["9223372036854775808", "-1", "0.5"]),
      ("[9007199254740993, 1.5]", ["9007199254740992.0", "1.5"]),
      ("[9007199254740993, 9007199254740992]", ["9007199254740993", "9007199254740992"]),
      ("[1e16, 1e-5, Infinity]", ["1e+16", "1e-05", "inf"]),
      (#"[["a", "b"]]"#, ["a", "b"]), ("[[0, 1]]", ["0", "1"]), ("[[], []]", []),
      (#"[["a", "a"], [1, null]]"#, ["a 1.0", "a nan"]), (#"["\u0061"]"#, ["a"]),
    ] as [(String, [String])])
  func labelsAreNamedAsInPython(_ list: String, _ expected: [String]) throws {
    #expect(try names(list) == expected)
  }

  @Test(
    arguments: [
      "[1, true, 3]", "[0, false, 3]", "[-0.0, 0, 1]", #"["a", "a"]"#, #"["x", 1, 1.0]"#,
      "[null, null]", #"["a", null, null]"#, #"["a", ["b"]]"#, #"[["a"], "b"]"#, #"["a", {}]"#,
      #"[["a", "a"], [1, 1]]"#, #"[[["a"]]]"#,
    ])
  func labelsThatAreEqualOrNoNamesAreRefused(_ list: String) throws {
    #expect(try names(list) == nil)
  }

  @Test(
    arguments: [
      (#"["a", "a"]"#, ["a", "a"]), ("[1, true, 1.0]", ["1", "True", "1.0"]),
      ("[null, null]", ["None", "None"]), (#"["a", null]"#, ["a", "nan"]),
      (#"[["a", "b"]]"#, ["('a',)", "('b',)"]), (#"[["a"], [1]]"#, ["('a', 1)"]),
      (#"["a", ["b"]]"#, ["a", #"["b"]"#]), (#"[["a"], "b"]"#, [#"["a"]"#, "b"]),
      (#"["a", {"b": 1}]"#, ["a", #"{"b": 1}"#]),
    ] as [(String, [String])])
  func aLibraryCanTakeWhatPythonWrites(_ list: String, _ expected: [String]) throws {
    #expect(try names(list, .python) == expected)
  }

  @Test func labelsBeyondTheLimitAreNotKept() throws {
    #expect(try names("[1, 2, 3]", limit: 3) != nil)
    #expect(try names("[1, 2, 3, 4]", limit: 3) == nil)
    #expect(try names("[[1, 2], [3, 4]]", limit: 3) == nil)
  }
}
