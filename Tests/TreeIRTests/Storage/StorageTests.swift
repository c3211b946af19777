import Foundation
import TestSupport
import Testing
import TreeIR

@Suite("Files appear whole or not at all")
struct AtomicFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "treec-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ text: String, to file: borrowing AtomicFile) throws {
    try Array(text.utf8).withUnsafeBytes { try file.write($0) }
  }

  private func content(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
  }

  @Test func aFileHasItsNameOnlyOnceItIsCommitted() throws {
    let path = folder.appending(path: "a").path
    let file = try AtomicFile(path: path)
    try write("one", to: file)
    #expect(!FileManager.default.fileExists(atPath: path))
    try file.commit()
    #expect(try content("a") == "one" && names() == ["a"])
  }

  @Test func abandonedFilesLeaveTheOldOne() throws {
    let path = folder.appending(path: "a").path
    try Data("old".utf8).write(to: URL(filePath: path))
    do {
      let file = try AtomicFile(path: path)
      try write("new", to: file)
    }
    #expect(try content("a") == "old" && names() == ["a"])
  }

  @Test func twoWritersDoNotMix() throws {
    let path = folder.appending(path: "a").path
    let first = try AtomicFile(path: path)
    let second = try AtomicFile(path: path)
    try write("first", to: first)
    try write("second", to: second)
    try first.commit()
    try second.commit()
    #expect(try content("a") == "second" && names() == ["a"])
  }

  @Test func permissionsStayAsTheyWere() throws {
    let path = folder.appending(path: "a").path
    try Data("old".utf8).write(to: URL(filePath: path))
    #expect(chmod(path, 0o640) == 0)
    let file = try AtomicFile(path: path)
    try write("new", to: file)
    try file.commit()
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test func linksAreFollowed() throws {
    let target = folder.appending(path: "target")
    let link = folder.appending(path: "link")
    try Data("old".utf8).write(to: target)
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: target)
    let file = try AtomicFile(path: link.path)
    try write("new", to: file)
    try file.commit()
    #expect(try content("target") == "new" && names().sorted() == ["link", "target"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == target.path)
  }

  @Test func directoriesAndMissingFoldersAreErrors() {
    for path in [folder.path, folder.appending(path: "no/such/folder").path] {
      #expect(throws: ModelError.self) { _ = try AtomicFile(path: path) }
    }
  }
}

@Suite("Columns and the bytes of files")
struct ColumnTests {
  @Test func mappedAndOwnedColumnsAreAlike() throws {
    let model = try SampleModels.everything()
    let read = try TreeModel(tirBytes: model.tirBytes().span)
    for (ours, theirs) in zip(model.ensembles, read.ensembles) {
      #expect(ours.leaves.values == theirs.leaves.values)
      #expect(Array(ours.leaves.values) == Array(theirs.leaves.values))
      #expect(theirs.leaves.values.span.count == theirs.leaves.values.count)
    }
  }

  @Test func positionsOutsideAMappedColumnTrap() async {
    await #expect(processExitsWith: .failure) {
      let model = try TreeModel(tirBytes: SampleModels.everything().tirBytes().span)
      _ = model.ensembles[0].leaves.values[2]
    }
  }

  @Test func pipesAreRefusedAtOnce() throws {
    let path = NSTemporaryDirectory() + "treec-\(UUID().uuidString).fifo"
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let error = #expect(throws: ModelError.self) { try TreeModel(contentsOf: path) }
    #expect(error?.message.contains("not a regular file") == true)
  }
}
