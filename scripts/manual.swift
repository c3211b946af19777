// Writes the manual page from what the program says of itself:
//
//   treec --experimental-dump-help >help.json
//   swift scripts/manual.swift help.json docs/manual.mdoc "treec 0.1.0" >treec.1
//
// docs/manual.mdoc holds the sections that a parser of command lines cannot know. The plugin that
// swift-argument-parser has for this drops every character beyond ASCII and all default values,
// takes no further sections, and builds the package a second time, without the static runtime.

import Foundation

struct Dump: Decodable {
  var serializationVersion: Int
  var command: Command
}

struct Command: Decodable {
  var commandName: String
  var superCommands: [String]?
  var shouldDisplay: Bool
  var abstract: String?
  var discussion: String?
  var arguments: [Argument]?
  var subcommands: [Command]?

  /// The words after the program's name, such as `predict`.
  var path: String { ((superCommands ?? []) + [commandName]).dropFirst().joined(separator: " ") }

  /// The commands that do something, in the order of the program's help.
  var runnable: [Command] {
    guard let subcommands else { return [self] }
    return subcommands.filter(\.shouldDisplay).flatMap(\.runnable)
  }

  /// `--help` and `--version`, which every command has.
  var sharedArguments: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && $0.isShared } }
  var ownArguments: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && !$0.isShared } }
}

struct Argument: Decodable {
  enum Kind: String, Decodable { case positional, option, flag }

  struct Name: Decodable {
    enum Kind: String, Decodable { case long, short, longWithSingleDash }

    var kind: Kind
    var name: String

    var macro: String { "Fl " + Mdoc.word(kind == .long ? "-" + name : name) }
  }

  var kind: Kind
  var names: [Name]?
  var preferredName: Name?
  var valueName: String?
  var defaultValue: String?
  var allValues: [String]?
  var sectionTitle: String?
  var abstract: String?
  var discussion: String?
  var isOptional: Bool
  var isRepeating: Bool
  var shouldDisplay: Bool

  var isShared: Bool { ["help", "version"].contains(preferredName?.name) }

  /// The argument in the list of a command's arguments.
  var item: [String] {
    let all = names ?? []
    let names = all.filter { $0.kind == .short } + all.filter { $0.kind != .short }
    let value = defaultValue.map { "The default is \($0)." }
    return [".It " + macros(names)] + Mdoc.text(abstract) + Mdoc.text(choice) + Mdoc.text(value)
      + (discussion == nil ? [] : [".Pp"] + Mdoc.text(discussion))
  }

  /// The values to choose from, unless the abstract names them.
  private var choice: String? {
    guard let allValues, !allValues.allSatisfy((abstract ?? "").contains) else { return nil }
    return "One of \(allValues.joined(separator: ", "))."
  }

  /// The argument in a synopsis.
  var synopsis: String {
    let macros = macros(preferredName.map { [$0] } ?? [])
    return isOptional ? ".Op " + macros : "." + macros
  }

  private func macros(_ names: [Name]) -> String {
    let flags = names.map(\.macro).joined(separator: " , ")
    let value = "Ar " + Mdoc.word(valueName ?? "value") + (isRepeating ? " ..." : "")
    return switch kind {
    case .positional: value
    case .flag: flags
    case .option: flags + " " + value
    }
  }
}

enum Mdoc {
  /// One argument of a macro, which is not taken for another macro's name.
  static func word(_ text: String) -> String {
    let text = escaped(text).replacing("\"", with: "\\(dq")
    let shielded = text.count > 3 ? text : "\\&" + text
    return text.contains(" ") ? "\"\(shielded)\"" : shielded
  }

  /// Lines of text, a new one for each sentence.
  static func text(_ text: String?) -> [String] {
    let paragraphs = (text ?? "").split(separator: "\n").map { paragraph in
      paragraph.replacing(#/\. +(\p{Lu})/#) { ".\n\($0.1)" }.split(separator: "\n")
        .flatMap { wrapped(escaped(String($0))) }
    }
    return Array(paragraphs.joined(separator: [".Pp"]))
  }

  private static func wrapped(_ sentence: String) -> [String] {
    var lines: [String] = []
    for word in sentence.split(separator: " ").map(unbreakable) {
      if let last = lines.last, last.count + word.count < 79 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines.map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : $0 }
  }

  /// An option named in a text keeps its dashes, which would become typographic hyphens.
  private static func unbreakable(_ word: Substring) -> String {
    let isOption = word.contains(#/(^|[^\w])--?\w/#)
    return isOption ? String(word.replacing("-", with: "\\-")) : String(word)
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case _ where scalar.isASCII: String(scalar)
      default: String(format: "\\[u%04X]", scalar.value)
      }
    }.joined()
  }
}

/// The day in `SOURCE_DATE_EPOCH`, for builds that are to be repeatable, or today.
func date() -> String {
  let epoch = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Double.init)
  let format = DateFormatter()
  format.locale = Locale(identifier: "en_US_POSIX")
  format.timeZone = TimeZone(identifier: "UTC")
  format.dateFormat = "MMMM d, yyyy"
  return format.string(from: epoch.map(Date.init(timeIntervalSince1970:)) ?? Date())
}

func page(of program: Command, version: String, sections: String) -> String {
  let name = program.commandName
  let summary = program.abstract ?? ""
  var lines = [
    ".Dd \(date())", ".Dt \(name.uppercased()) 1", ".Os \(version)",
    ".Sh NAME", ".Nm \(name)",
    ".Nd \(summary.prefix(1).lowercased() + summary.dropFirst().trimmingSuffix("."))",
    ".Sh SYNOPSIS",
  ]
  for command in program.runnable {
    lines += [".Nm", ".Cm \(command.path)"] + command.ownArguments.map(\.synopsis)
  }
  lines += [".Sh DESCRIPTION"] + Mdoc.text(program.discussion)
  lines += [".Pp", "Every command has these options:"] + list(program.sharedArguments)
  lines += [".Sh COMMANDS"]
  for command in program.runnable {
    lines += [".Ss \(command.path)"] + Mdoc.text(command.abstract)
    if command.discussion != nil { lines += [".Pp"] + Mdoc.text(command.discussion) }
    lines += lists(command.ownArguments)
  }
  return lines.joined(separator: "\n") + "\n" + sections
}

/// A list of the arguments, and one for each of their groups.
func lists(_ arguments: [Argument]) -> [String] {
  let described = arguments.filter { $0.abstract != nil }
  var lines = list(described.filter { $0.sectionTitle == nil })
  var titles: [String] = []
  for case let title? in described.map(\.sectionTitle) where !titles.contains(title) {
    titles.append(title)
    lines += [".Pp"] + Mdoc.text(title + ":") + list(described.filter { $0.sectionTitle == title })
  }
  return lines
}

func list(_ arguments: [Argument]) -> [String] {
  arguments.isEmpty ? [] : [".Bl -tag -width Ds"] + arguments.flatMap(\.item) + [".El"]
}

extension StringProtocol {
  func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
  }
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 3 else {
  FileHandle.standardError.write(Data("usage: manual.swift HELP.json SECTIONS.mdoc VERSION\n".utf8))
  exit(64)
}
let dump = try JSONDecoder().decode(
  Dump.self, from: Data(contentsOf: URL(filePath: arguments[1])))
guard dump.serializationVersion == 0 else {
  fatalError("swift-argument-parser describes programs in another way now")
}
let sections = try String(contentsOf: URL(filePath: arguments[2]), encoding: .utf8)
print(page(of: dump.command, version: arguments[3], sections: sections), terminator: "")
