extension String {
  /// In upper case as Java has it in no particular language.
  var javaUppercased: String { uppercased() }

  /// In lower case as Java has it in no particular language: a sigma at the end of a word has a
  /// form of its own.
  var javaLowercased: String {
    let lowered = lowercased()
    guard unicodeScalars.contains(where: { $0 == Self.sigma }) else { return lowered }
    let scalars = Array(unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if scalar == Self.sigma {
        let isFinal =
          Self.meetsCased(scalars[..<index].reversed()) && !Self.meetsCased(scalars[(index + 1)...])
        result.append(isFinal ? "\u{3C2}" : "\u{3C3}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  private static let sigma: Unicode.Scalar = "\u{3A3}"

  /// Whether the first scalar that case does not ignore is one that has a case.
  private static func meetsCased(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
    for scalar in scalars where !scalar.properties.isCaseIgnorable {
      return scalar.properties.isCased
    }
    return false
  }
}
