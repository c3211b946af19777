/// A regular expression of Java's syntax that is read once, or why it cannot be.
struct PreparedPattern: Sendable {
  private let node: RegexNode?
  private let groupCount: Int
  private let names: [String: Int]
  private let pattern: String

  /// - Parameter ignoresCase: Whether letters match in any case.
  init(_ pattern: String, ignoresCase: Bool = false) {
    self.pattern = pattern
    let parsed = try? RegexParser.parse(pattern, ignoresCase: ignoresCase)
    node = parsed?.node
    groupCount = parsed?.groupCount ?? 0
    names = parsed?.names ?? [:]
  }

  /// A pattern that takes a text as it stands.
  init(literal text: String, ignoresCase: Bool) {
    pattern = text
    node = .sequence(
      text.unicodeScalars.map { scalar in
        let set = RegexSet.scalar(scalar)
        return .scalar(ignoresCase ? .anyCase(set, isUnicode: true) : set)
      })
    groupCount = 0
    names = [:]
  }

  /// Whether the pattern is somewhere in a text.
  func isIn(_ text: String) throws(FieldRefusal) -> Bool {
    var matcher = RegexMatcher(Array(text.unicodeScalars), groupCount: groupCount)
    return try find(&matcher, from: 0)
  }

  /// All places where the pattern is, none within another, in a text of scalars.
  func places(in text: [Unicode.Scalar]) throws(FieldRefusal) -> [Range<Int>] {
    var places: [Range<Int>] = []
    try forEachMatch(in: text) { groups in
      if let place = groups[0] { places.append(place) }
    }
    return places
  }

  /// The text with all that matches replaced; `$1` and `${name}` stand for groups, and a backslash
  /// for the character behind it.
  func replacing(in text: String, with replacement: String) throws(FieldRefusal) -> String {
    let scalars = Array(text.unicodeScalars)
    let replacement = Array(replacement.unicodeScalars)
    var result = String.UnicodeScalarView()
    var end = 0
    try forEachMatch(in: scalars) { (groups) throws(FieldRefusal) in
      guard let place = groups[0] else { return }
      result.append(contentsOf: scalars[end..<place.lowerBound])
      try append(replacement, groups, scalars, to: &result)
      end = place.upperBound
    }
    result.append(contentsOf: scalars[end...])
    return String(result)
  }

  // MARK: Matches

  private func find(_ matcher: inout RegexMatcher, from start: Int) throws(FieldRefusal) -> Bool {
    guard let node else {
      throw FieldRefusal(.argument, "'\(pattern)' is not a regular expression that treec knows")
    }
    do throws(RegexMatcher.Exhausted) {
      return try matcher.find(node, from: start)
    } catch {
      throw FieldRefusal(
        .argument, "the regular expression '\(pattern)' takes too long for this text")
    }
  }

  private func forEachMatch(
    in text: [Unicode.Scalar], _ body: ([Range<Int>?]) throws(FieldRefusal) -> Void
  ) throws(FieldRefusal) {
    var matcher = RegexMatcher(text, groupCount: groupCount)
    var start = 0
    while start <= text.count, try find(&matcher, from: start), let place = matcher.groups[0] {
      try body(matcher.groups)
      // After an empty match the next one begins further on.
      start = place.isEmpty ? place.upperBound + 1 : place.upperBound
    }
  }

  private func append(
    _ replacement: [Unicode.Scalar], _ groups: [Range<Int>?], _ text: [Unicode.Scalar],
    to result: inout String.UnicodeScalarView
  ) throws(FieldRefusal) {
    var index = 0
    while index < replacement.count {
      let scalar = replacement[index]
      index += 1
      guard scalar == "\\" || scalar == "$" else {
        result.append(scalar)
        continue
      }
      guard index < replacement.count else { throw Self.malformed(replacement) }
      if scalar == "\\" {
        result.append(replacement[index])
        index += 1
      } else if let group = groups[try group(replacement, &index)] {
        result.append(contentsOf: text[group])
      }
    }
  }

  /// The number of the group that is named behind `$`.
  private func group(
    _ replacement: [Unicode.Scalar], _ index: inout Int
  ) throws(FieldRefusal) -> Int {
    if replacement[index] == "{" {
      var name = String.UnicodeScalarView()
      index += 1
      while index < replacement.count, replacement[index] != "}" {
        name.append(replacement[index])
        index += 1
      }
      guard index < replacement.count, let number = names[String(name)] else {
        throw Self.malformed(replacement)
      }
      index += 1
      return number
    }
    guard var number = replacement[index].decimalDigit, number <= groupCount else {
      throw Self.malformed(replacement)
    }
    index += 1
    // As many digits as there are groups for.
    while index < replacement.count, let digit = replacement[index].decimalDigit,
      number * 10 + digit <= groupCount
    {
      number = number * 10 + digit
      index += 1
    }
    return number
  }

  private static func malformed(_ replacement: [Unicode.Scalar]) -> FieldRefusal {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: replacement)
    return FieldRefusal(
      .argument, "function 'replace': '\(String(text))' refers to a group that is not there")
  }
}
