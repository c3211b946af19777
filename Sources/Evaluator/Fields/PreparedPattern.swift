import TreeIR

/// A regular expression that is compiled once, or why it cannot be.
///
/// Texts are matched scalar by scalar, and the classes `\d`, `\s` and `\w` are those of ASCII, as in
/// Java.
struct PreparedPattern: @unchecked Sendable {
  // A `Regex` never changes, and what it caches inside is set atomically; it only lacks the
  // conformance.
  private let regex: Regex<AnyRegexOutput>?
  private let text: String

  /// - Parameter ignoresCase: Whether letters match in any case.
  init(_ text: String, ignoresCase: Bool = false) {
    self.text = text
    // Java's flag for letters beyond ASCII has no meaning where case counts.
    let plain = text.hasPrefix("(?u)") ? String(text.dropFirst(4)) : text
    regex = (try? Regex(plain)).map { regex in
      let regex =
        regex
        .matchingSemantics(.unicodeScalar)
        .wordBoundaryKind(.simple)
        .asciiOnlyDigits()
        .asciiOnlyWhitespace()
        .asciiOnlyWordCharacters()
      return ignoresCase ? regex.ignoresCase() : regex
    }
  }

  /// A pattern that takes a text as it stands.
  init(literal text: String, ignoresCase: Bool) {
    var escaped = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) {
        escaped.unicodeScalars.append("\\")
      }
      escaped.unicodeScalars.append(scalar)
    }
    self.init(escaped, ignoresCase: ignoresCase)
  }

  private func compiled() throws(FieldRefusal) -> Regex<AnyRegexOutput> {
    if let regex { return regex }
    throw FieldRefusal(.argument, "'\(text)' is not a regular expression that treec knows")
  }

  /// Whether the pattern is somewhere in a text.
  func isIn(_ text: String) throws(FieldRefusal) -> Bool {
    text.firstMatch(of: try compiled()) != nil
  }

  /// All places where the pattern is, none within another.
  func places(in text: String) throws(FieldRefusal) -> [Range<String.Index>] {
    text.ranges(of: try compiled())
  }

  /// The text with all that matches replaced; `$1` and `${name}` stand for groups, and a backslash
  /// for the character behind it.
  func replacing(in text: String, with replacement: String) throws(FieldRefusal) -> String {
    var result = String.UnicodeScalarView()
    var end = text.startIndex
    for match in text.matches(of: try compiled()) {
      result.append(contentsOf: text.unicodeScalars[end..<match.range.lowerBound])
      try append(replacement, match.output, to: &result)
      end = match.range.upperBound
    }
    result.append(contentsOf: text.unicodeScalars[end...])
    return String(result)
  }

  private func append(
    _ replacement: String, _ groups: AnyRegexOutput, to result: inout String.UnicodeScalarView
  ) throws(FieldRefusal) {
    func malformed() -> FieldRefusal {
      FieldRefusal(
        .argument, "function 'replace': '\(replacement)' refers to a group that is not there")
    }
    let scalars = Array(replacement.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      guard scalar == "\\" || scalar == "$" else {
        result.append(scalar)
        continue
      }
      guard index < scalars.count else { throw malformed() }
      if scalar == "\\" {
        result.append(scalars[index])
        index += 1
        continue
      }
      let group: Substring?
      if scalars[index] == "{" {
        guard let close = scalars[index...].firstIndex(of: "}") else { throw malformed() }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: scalars[(index + 1)..<close])
        guard let named = groups[String(name)] else { throw malformed() }
        group = named.substring
        index = close + 1
      } else {
        guard let first = Self.digit(scalars[index]) else { throw malformed() }
        var number = first
        index += 1
        // As many digits as there are groups for.
        while index < scalars.count, let next = Self.digit(scalars[index]),
          number * 10 + next < groups.count
        {
          number = number * 10 + next
          index += 1
        }
        guard number < groups.count else { throw malformed() }
        group = groups[number].substring
      }
      if let group { result.append(contentsOf: group.unicodeScalars) }
    }
  }

  private static func digit(_ scalar: Unicode.Scalar) -> Int? {
    ("0"..."9").contains(scalar) ? Int(scalar.value - 48) : nil
  }
}
