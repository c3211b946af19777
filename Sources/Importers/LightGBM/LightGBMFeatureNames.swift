import TreeIR

/// Finds features by name. Names are the same where their bytes are, as LightGBM compares
/// them: Swift would take `é` in one and in two code points for the same name.
struct LightGBMFeatureNames {
  /// The names in the order of the columns.
  let names: [String]
  /// The first name that an earlier feature has too.
  let repeated: String?
  private let positions: [CategoryValue: Int]

  init(_ names: [String]) {
    var positions: [CategoryValue: Int] = [:]
    positions.reserveCapacity(names.count)
    var repeated: String?
    for (position, name) in names.enumerated() {
      if positions.updateValue(position, forKey: .string(name)) != nil && repeated == nil {
        repeated = name
      }
    }
    self.names = names
    self.repeated = repeated
    self.positions = positions
  }

  /// The column called `name`.
  func position(of name: String) -> Int? {
    positions[.string(name)]
  }

  /// The column that LightGBM made of one called `name`: it writes `_` for every blank.
  func position(ofTrained name: some Sequence<Unicode.Scalar>) -> Int? {
    var written = ""
    written.unicodeScalars.append(contentsOf: name.lazy.map { $0 == " " ? "_" : $0 })
    return position(of: written)
  }
}
