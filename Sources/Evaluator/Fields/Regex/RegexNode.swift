/// A regular expression of Java's syntax, as a tree.
indirect enum RegexNode: Sendable {
  enum Greed: Sendable {
    case greedy
    case lazy
    case possessive
  }

  enum Place: Sendable {
    case start
    case startOfLine
    case end
    /// The end, or before a line terminator that is there.
    case endOrLastLine
    case endOfLine
    case wordBoundary
    case noWordBoundary
  }

  case sequence([RegexNode])
  case alternatives([RegexNode])
  case scalar(RegexSet)
  /// A line terminator, which may be two scalars.
  case lineBreak
  case place(Place)
  /// The number is that of a group that can be referred to.
  case group(RegexNode, Int)
  case loop(RegexNode, from: Int, upTo: Int, Greed)
  /// What follows, or comes before, without taking it.
  case look(RegexNode, isAhead: Bool, isNegative: Bool)
  /// Takes what it takes first, and nothing else.
  case atomic(RegexNode)
  case backreference(Int, ignoresCase: Bool)
}

/// A set of scalars.
indirect enum RegexSet: Sendable {
  case ranges([ClosedRange<UInt32>])
  /// All but line terminators.
  case noLineTerminator
  case all
  case property(RegexProperty)
  case inverted(RegexSet)
  case union([RegexSet])
  case intersection([RegexSet])
  /// Scalars whose case does not count, of ASCII or of all.
  case anyCase(RegexSet, isUnicode: Bool)

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .ranges(let ranges): return ranges.contains { $0.contains(scalar.value) }
    case .noLineTerminator: return !scalar.isLineTerminator
    case .all: return true
    case .property(let property): return property.holds(for: scalar)
    case .inverted(let set): return !set.contains(scalar)
    case .union(let sets): return sets.contains { $0.contains(scalar) }
    case .intersection(let sets): return sets.allSatisfy { $0.contains(scalar) }
    case .anyCase(let set, let isUnicode):
      if set.contains(scalar) { return true }
      guard isUnicode || scalar.isASCII else { return false }
      return scalar.otherCases.contains { set.contains($0) }
    }
  }

  static func scalar(_ scalar: Unicode.Scalar) -> RegexSet {
    .ranges([scalar.value...scalar.value])
  }

  static let digits = RegexSet.ranges([0x30...0x39])
  static let blanks = RegexSet.ranges([0x09...0x0D, 0x20...0x20])
  static let wordScalars = RegexSet.ranges([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let horizontalBlanks = RegexSet.ranges([
    0x09...0x09, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x180E...0x180E, 0x2000...0x200A,
    0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
  ])
  static let verticalBlanks = RegexSet.ranges([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])
}

/// A property of scalars that a regular expression names.
enum RegexProperty: Sendable {
  case category(String)
  case alphabetic
  case lowercase
  case uppercase
  case whitespace

  /// The set that `\p{name}` is; nil where treec does not know it.
  static func set(_ name: String) -> RegexSet? {
    switch name {
    case "Lower": return .ranges([0x61...0x7A])
    case "Upper": return .ranges([0x41...0x5A])
    case "ASCII": return .ranges([0x00...0x7F])
    case "Alpha": return .ranges([0x41...0x5A, 0x61...0x7A])
    case "Digit": return .digits
    case "Alnum": return .ranges([0x30...0x39, 0x41...0x5A, 0x61...0x7A])
    case "Punct": return .ranges([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
    case "Graph": return .ranges([0x21...0x7E])
    case "Print": return .ranges([0x20...0x7E])
    case "Blank": return .ranges([0x09...0x09, 0x20...0x20])
    case "Cntrl": return .ranges([0x00...0x1F, 0x7F...0x7F])
    case "XDigit": return .ranges([0x30...0x39, 0x41...0x46, 0x61...0x66])
    case "Space": return .blanks
    case "IsAlphabetic": return .property(.alphabetic)
    case "IsLowercase": return .property(.lowercase)
    case "IsUppercase": return .property(.uppercase)
    case "IsWhite_Space": return .property(.whitespace)
    case "IsLetter": return .property(.category("L"))
    case "IsDigit": return .property(.category("Nd"))
    case "IsPunctuation": return .property(.category("P"))
    default: break
    }
    let category = name.hasPrefix("Is") ? String(name.dropFirst(2)) : name
    return categories.contains(category) ? .property(.category(category)) : nil
  }

  private static let categories: Set<String> = [
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
    "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C",
    "Cc", "Cf", "Co", "Cn",
  ]

  func holds(for scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return switch self {
    case .category(let name): properties.generalCategory.shortName.hasPrefix(name)
    case .alphabetic: properties.isAlphabetic
    case .lowercase: properties.isLowercase
    case .uppercase: properties.isUppercase
    case .whitespace: properties.isWhitespace
    }
  }
}

extension Unicode.GeneralCategory {
  /// Unicode's abbreviation.
  fileprivate var shortName: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }
}

extension Unicode.Scalar {
  var isLineTerminator: Bool {
    switch value {
    case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  /// Whether words consist of such scalars, for the places where they begin and end.
  var isInWord: Bool {
    if self == "_" { return true }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber:
      true
    default: false
    }
  }

  /// The scalar in upper and in lower case, where those are single scalars.
  var otherCases: [Unicode.Scalar] {
    let mappings = [properties.lowercaseMapping, properties.uppercaseMapping]
    return mappings.compactMap { mapping in
      mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
    }
  }
}
