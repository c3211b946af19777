/// Reads a regular expression of Java's syntax.
struct RegexParser {
  /// The expression is malformed, or has something that treec does not know.
  struct Failure: Error {}

  private struct Flags {
    var ignoresCase = false
    var isUnicode = false
    var isMultiline = false
    var dotTakesAll = false
    var hasComments = false
  }

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var flags = Flags()
  private var depth = 0
  /// How many groups can be referred to.
  private(set) var groupCount = 0
  private(set) var names: [String: Int] = [:]

  /// Groups and classes within each other.
  private static let mostDepth = 100
  /// Repetitions that are counted.
  private static let mostRepetitions = 100_000

  private init(_ pattern: String, ignoresCase: Bool) {
    scalars = Array(pattern.unicodeScalars)
    flags.ignoresCase = ignoresCase
    flags.isUnicode = ignoresCase
  }

  static func parse(
    _ pattern: String, ignoresCase: Bool
  ) throws(Failure) -> (node: RegexNode, groupCount: Int, names: [String: Int]) {
    var parser = RegexParser(pattern, ignoresCase: ignoresCase)
    let node = try parser.alternatives()
    guard parser.index == parser.scalars.count else { throw Failure() }
    return (node, parser.groupCount, parser.names)
  }

  // MARK: Characters

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private func isNext(_ text: String) -> Bool {
    scalars[index...].starts(with: text.unicodeScalars)
  }

  private mutating func skip(_ text: String) -> Bool {
    guard isNext(text) else { return false }
    index += text.unicodeScalars.count
    return true
  }

  private mutating func take() throws(Failure) -> Unicode.Scalar {
    guard let scalar = next else { throw Failure() }
    index += 1
    return scalar
  }

  private mutating func take(upTo end: Unicode.Scalar) throws(Failure) -> String {
    var text = String.UnicodeScalarView()
    while true {
      let scalar = try take()
      if scalar == end { return String(text) }
      text.append(scalar)
    }
  }

  private mutating func number() -> Int? {
    let start = index
    var number = 0
    while let scalar = next, let digit = scalar.decimalDigit {
      number = min(number * 10 + digit, Self.mostRepetitions)
      index += 1
    }
    return index > start ? number : nil
  }

  // MARK: Structure

  private mutating func alternatives() throws(Failure) -> RegexNode {
    depth += 1
    guard depth <= Self.mostDepth else { throw Failure() }
    defer { depth -= 1 }
    // Flags that are set within a group end with it.
    let outer = flags
    var alternatives = [try sequence()]
    while skip("|") { alternatives.append(try sequence()) }
    flags = outer
    return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
  }

  private mutating func sequence() throws(Failure) -> RegexNode {
    var nodes: [RegexNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      if flags.hasComments, skipComment() { continue }
      if isNext("(?"), try takeFlags() { continue }
      if skip("\\Q") {
        while index < scalars.count, !skip("\\E") { nodes.append(literal(try take())) }
        // What is repeated is the last scalar alone.
        if let last = nodes.popLast() { nodes.append(try repeated(last)) }
        continue
      }
      nodes.append(try repeated(try atom()))
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func skipComment() -> Bool {
    guard let scalar = next else { return false }
    if scalar == "#" {
      while let scalar = next, !scalar.isLineTerminator { index += 1 }
      return true
    }
    guard RegexSet.blanks.contains(scalar) else { return false }
    index += 1
    return true
  }

  private mutating func repeated(_ node: RegexNode) throws(Failure) -> RegexNode {
    var node = node
    while true {
      if flags.hasComments { while skipComment() {} }
      let bounds: (Int, Int)
      switch next {
      case "*": bounds = (0, .max)
      case "+": bounds = (1, .max)
      case "?": bounds = (0, 1)
      case "{":
        index += 1
        guard let from = number() else { throw Failure() }
        if skip(",") { bounds = (from, number() ?? .max) } else { bounds = (from, from) }
        guard next == "}", bounds.0 <= bounds.1 else { throw Failure() }
      default: return node
      }
      index += 1
      let greed: RegexNode.Greed = skip("?") ? .lazy : skip("+") ? .possessive : .greedy
      node = .loop(node, from: bounds.0, upTo: bounds.1, greed)
    }
  }

  private mutating func atom() throws(Failure) -> RegexNode {
    let scalar = try take()
    switch scalar {
    case "(": return try group()
    case "[": return .scalar(try set())
    case ".": return .scalar(flags.dotTakesAll ? .all : .noLineTerminator)
    case "^": return .place(flags.isMultiline ? .startOfLine : .start)
    case "$": return .place(flags.isMultiline ? .endOfLine : .endOrLastLine)
    case "\\": return try escaped()
    case "*", "+", "?", "{": throw Failure()
    default: return literal(scalar)
    }
  }

  private func literal(_ scalar: Unicode.Scalar) -> RegexNode { .scalar(cased(.scalar(scalar))) }

  private func cased(_ set: RegexSet) -> RegexSet {
    flags.ignoresCase ? .anyCase(set, isUnicode: flags.isUnicode) : set
  }

  // MARK: Groups

  /// Flags for what follows, `(?i)`; false, and no move, where a group begins.
  private mutating func takeFlags() throws(Failure) -> Bool {
    let start = index
    index += 2
    var changed = flags
    let isGroup = try take(flags: &changed)
    guard let isGroup, !isGroup else {
      index = start
      return false
    }
    flags = changed
    return true
  }

  /// Letters of flags and what ends them: true where a group follows, nil where there are none.
  private mutating func take(flags: inout Flags) throws(Failure) -> Bool? {
    var isOn = true
    while let scalar = next {
      index += 1
      switch scalar {
      case "i": flags.ignoresCase = isOn
      case "u": flags.isUnicode = isOn
      case "m": flags.isMultiline = isOn
      case "s": flags.dotTakesAll = isOn
      case "x": flags.hasComments = isOn
      case "-" where isOn: isOn = false
      case ")": return false
      case ":": return true
      default: return nil
      }
    }
    throw Failure()
  }

  private mutating func group() throws(Failure) -> RegexNode {
    let outer = flags
    defer { flags = outer }
    let node: RegexNode
    if skip("?=") {
      node = .look(try alternatives(), isAhead: true, isNegative: false)
    } else if skip("?!") {
      node = .look(try alternatives(), isAhead: true, isNegative: true)
    } else if skip("?<=") {
      node = .look(try alternatives(), isAhead: false, isNegative: false)
    } else if skip("?<!") {
      node = .look(try alternatives(), isAhead: false, isNegative: true)
    } else if skip("?>") {
      node = .atomic(try alternatives())
    } else if skip("?<") {
      let name = try take(upTo: ">")
      groupCount += 1
      let number = groupCount
      guard !name.isEmpty, names.updateValue(number, forKey: name) == nil else { throw Failure() }
      node = .group(try alternatives(), number)
    } else if skip("?") {
      var changed = flags
      guard try take(flags: &changed) == true else { throw Failure() }
      flags = changed
      node = try alternatives()
    } else {
      groupCount += 1
      let number = groupCount
      node = .group(try alternatives(), number)
    }
    guard skip(")") else { throw Failure() }
    return node
  }

  // MARK: Escapes

  private mutating func escaped() throws(Failure) -> RegexNode {
    let scalar = try take()
    switch scalar {
    case "b": return .place(.wordBoundary)
    case "B": return .place(.noWordBoundary)
    case "A": return .place(.start)
    case "Z": return .place(.endOrLastLine)
    case "z": return .place(.end)
    case "R": return .lineBreak
    case "k":
      guard skip("<"), let number = names[try take(upTo: ">")] else { throw Failure() }
      return .backreference(number, ignoresCase: flags.ignoresCase)
    case "1"..."9":
      var number = scalar.decimalDigit ?? 0
      // As many digits as there are groups for.
      while let digit = next?.decimalDigit, number * 10 + digit <= groupCount {
        number = number * 10 + digit
        index += 1
      }
      guard number <= groupCount else { throw Failure() }
      return .backreference(number, ignoresCase: flags.ignoresCase)
    default: return .scalar(try escapedSet(scalar))
    }
  }

  /// What an escape stands for both within a class and outside.
  private mutating func escapedSet(_ scalar: Unicode.Scalar) throws(Failure) -> RegexSet {
    switch scalar {
    case "d": return .digits
    case "D": return .inverted(.digits)
    case "s": return .blanks
    case "S": return .inverted(.blanks)
    case "w": return .wordScalars
    case "W": return .inverted(.wordScalars)
    case "h": return .horizontalBlanks
    case "H": return .inverted(.horizontalBlanks)
    case "v": return .verticalBlanks
    case "V": return .inverted(.verticalBlanks)
    case "p", "P":
      let name = skip("{") ? try take(upTo: "}") : String(Character(try take()))
      guard let set = RegexProperty.set(name) else { throw Failure() }
      return scalar == "P" ? .inverted(set) : cased(set)
    default: return cased(.scalar(try escapedScalar(scalar)))
    }
  }

  private mutating func escapedScalar(_ scalar: Unicode.Scalar) throws(Failure) -> Unicode.Scalar {
    switch scalar {
    case "t": return "\t"
    case "n": return "\n"
    case "r": return "\r"
    case "f": return "\u{0C}"
    case "a": return "\u{07}"
    case "e": return "\u{1B}"
    case "0": return try digits(3, radix: 8, least: 1)
    case "u": return try digits(4, radix: 16, least: 4)
    case "x":
      guard skip("{") else { return try digits(2, radix: 16, least: 2) }
      guard let value = UInt32(try take(upTo: "}"), radix: 16), let result = Unicode.Scalar(value)
      else { throw Failure() }
      return result
    case "a"..."z", "A"..."Z": throw Failure()
    default: return scalar
    }
  }

  private mutating func digits(
    _ most: Int, radix: UInt32, least: Int
  ) throws(Failure) -> Unicode.Scalar {
    var value: UInt32 = 0
    var count = 0
    while count < most, let scalar = next, let digit = Character(scalar).hexDigitValue,
      digit < radix
    {
      value = value * radix + UInt32(digit)
      count += 1
      index += 1
    }
    guard count >= least, let scalar = Unicode.Scalar(value) else { throw Failure() }
    return scalar
  }

  // MARK: Classes

  /// A class whose bracket is open.
  private mutating func set() throws(Failure) -> RegexSet {
    depth += 1
    guard depth <= Self.mostDepth else { throw Failure() }
    defer { depth -= 1 }
    let isInverted = skip("^")
    var parts: [RegexSet] = []
    var current: [RegexSet] = []
    var isFirst = true
    while true {
      if flags.hasComments, skipComment() { continue }
      if skip("&&") {
        parts.append(.union(current))
        current = []
        continue
      }
      let scalar = try take()
      if scalar == "]", !isFirst { break }
      isFirst = false
      if scalar == "[" {
        current.append(try set())
        continue
      }
      current.append(try item(scalar))
    }
    parts.append(.union(current))
    let set = parts.count == 1 ? parts[0] : RegexSet.intersection(parts)
    return isInverted ? .inverted(set) : set
  }

  /// A scalar, a range or an escape of a class.
  private mutating func item(_ scalar: Unicode.Scalar) throws(Failure) -> RegexSet {
    var first = scalar
    if scalar == "\\" {
      let letter = try take()
      if letter == "Q" {
        var sets: [RegexSet] = []
        while !skip("\\E") { sets.append(cased(.scalar(try take()))) }
        return .union(sets)
      }
      if "dDsSwWhHvVpP".unicodeScalars.contains(letter) { return try escapedSet(letter) }
      first = try escapedScalar(letter)
    }
    guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]",
      scalars[index + 1] != "["
    else { return cased(.scalar(first)) }
    index += 1
    var last = try take()
    if last == "\\" { last = try escapedScalar(try take()) }
    guard first <= last else { throw Failure() }
    return cased(.ranges([first.value...last.value]))
  }
}

extension Unicode.Scalar {
  /// The value of a digit of ASCII.
  var decimalDigit: Int? { ("0"..."9").contains(self) ? Int(value - 48) : nil }
}
