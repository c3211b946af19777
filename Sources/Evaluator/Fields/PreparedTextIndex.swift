import TreeIR

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A TextIndex with its regular expressions compiled: counts a term in a text.
struct PreparedTextIndex: Sendable {
  private let index: FieldExpression.TextIndex
  private let pattern: PreparedPattern
  private let normalizations: [PreparedNormalization]

  init(_ index: FieldExpression.TextIndex) {
    self.index = index
    pattern = PreparedPattern(index.pattern)
    normalizations = index.normalizations.map { PreparedNormalization($0) }
  }

  func callAsFunction(
    _ text: FieldValue, _ term: FieldValue
  ) throws(FieldRefusal) -> FieldValue {
    if text.isMissing || term.isMissing { return .missing }
    let words = try words(of: text.text())
    let wanted = try self.words(of: term.text())
    let count = hits(wanted, in: words)
    switch index.weights {
    case .termFrequency: return FieldValue(Int32(truncatingIfNeeded: count))
    case .binary: return FieldValue((count > 0 ? 1 : 0) as Int32)
    case .logarithmic: return FieldValue(log10(1 + Double(count)))
    }
  }

  /// The words of a text, after all replacements.
  private func words(of text: String) throws(FieldRefusal) -> [String] {
    var text = text
    for normalization in normalizations { text = try normalization(text) }
    let scalars = Array(text.unicodeScalars)
    let places = try pattern.places(in: scalars)
    var words: [String] = []
    if index.patternIsOfWords {
      for place in places { append(scalars[place], to: &words) }
      return words
    }
    var start = 0
    for place in places {
      append(scalars[start..<place.lowerBound].withoutPunctuation, to: &words)
      start = place.upperBound
    }
    append(scalars[start...].withoutPunctuation, to: &words)
    return words
  }

  private func append(_ word: ArraySlice<Unicode.Scalar>, to words: inout [String]) {
    guard !word.isEmpty else { return }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: index.isCaseSensitive ? word : ArraySlice(word.map(\.withoutCase)))
    words.append(String(text))
  }

  /// How often the wanted words follow each other.
  private func hits(_ wanted: [String], in words: [String]) -> Int {
    guard !wanted.isEmpty, words.count >= wanted.count else { return 0 }
    var count = 0
    var best = Int.max
    for start in 0...(words.count - wanted.count) {
      var distance = 0
      for (offset, word) in wanted.enumerated() where distance <= index.maxLevenshteinDistance {
        distance += self.distance(words[start + offset], word)
      }
      guard distance <= index.maxLevenshteinDistance else { continue }
      if index.countHits == .bestHits {
        // Only those that are nearest count.
        if distance < best { (best, count) = (distance, 0) }
        if distance > best { continue }
      }
      count += 1
    }
    return count
  }

  /// How many characters differ, more than allowed where they are too many.
  private func distance(_ left: String, _ right: String) -> Int {
    if left.utf8.elementsEqual(right.utf8) { return 0 }
    let limit = index.maxLevenshteinDistance
    let (left, right) = (Array(left.utf16), Array(right.utf16))
    guard abs(left.count - right.count) <= limit else { return limit + 1 }
    var row = Array(0...right.count)
    for (leftIndex, unit) in left.enumerated() {
      var diagonal = row[0]
      row[0] = leftIndex + 1
      for (rightIndex, other) in right.enumerated() {
        let cost = min(
          diagonal + (unit == other ? 0 : 1), row[rightIndex] + 1, row[rightIndex + 1] + 1)
        diagonal = row[rightIndex + 1]
        row[rightIndex + 1] = cost
      }
    }
    return row[right.count]
  }
}

/// Replacements in a text, one after another.
private struct PreparedNormalization: Sendable {
  private let rows: [(pattern: PreparedPattern, stem: String)]
  private let isRecursive: Bool
  /// Replacements that feed each other do not go on for ever.
  private static let mostRounds = 1000

  init(_ normalization: FieldExpression.TextIndex.Normalization) {
    let ignoresCase = !normalization.isCaseSensitive
    rows = normalization.rows.map { row in
      if row.isRegex { return (PreparedPattern(row.text, ignoresCase: ignoresCase), row.stem) }
      // The text stands for itself, and so does what replaces it.
      let stem = row.stem.unicodeScalars.reduce(into: "") { stem, scalar in
        if scalar == "\\" || scalar == "$" { stem.unicodeScalars.append("\\") }
        stem.unicodeScalars.append(scalar)
      }
      return (PreparedPattern(literal: row.text, ignoresCase: ignoresCase), stem)
    }
    isRecursive = normalization.isRecursive
  }

  func callAsFunction(_ text: String) throws(FieldRefusal) -> String {
    var text = text
    for _ in 0..<Self.mostRounds {
      let before = text
      for row in rows { text = try row.pattern.replacing(in: text, with: row.stem) }
      if !isRecursive || text.utf8.elementsEqual(before.utf8) { return text }
    }
    throw FieldRefusal(.model, "the replacements in the text do not come to an end")
  }
}

extension ArraySlice<Unicode.Scalar> {
  /// The word without the punctuation around it.
  fileprivate var withoutPunctuation: Self {
    guard let first = firstIndex(where: { !$0.isPunctuation }),
      let last = lastIndex(where: { !$0.isPunctuation })
    else { return [] }
    return self[first...last]
  }
}

extension Unicode.Scalar {
  /// What scalars that differ in case only have in common, as Java's `equalsIgnoreCase` has it.
  fileprivate var withoutCase: Unicode.Scalar {
    let upper = properties.uppercaseMapping.unicodeScalars
    let single = upper.count == 1 ? upper.first ?? self : self
    let lower = single.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower.first ?? single : single
  }

  /// Whether the scalar is one of Unicode's marks of punctuation.
  fileprivate var isPunctuation: Bool {
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }
}
