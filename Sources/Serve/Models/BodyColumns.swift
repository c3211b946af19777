import TreeIR

/// Which columns of a body a library that finds them by name takes for which of the model's.
///
/// Such a library is CatBoost. It takes a column for one of categories where the model has one at
/// that position, and looks at every cell, also in columns that the model does not use or know:
/// those have places of their own, behind the model's columns, where what their cells are is
/// noted but no numbers are kept.
///
/// Source: `CheckModelAndDatasetCompatibility` of CatBoost.
struct BodyColumns: Sendable {
  /// Stands for a column whose cells are passed over.
  static let ignored = -1

  /// Columns of the model.
  let count: Int
  /// For each of them whether it holds categories.
  let isCategory: [Bool]
  /// For each of them whether the model looks at it.
  let isUsed: [Bool]
  /// How many the model looks at.
  let usedCount: Int
  /// Rows have so many columns at least: all of categories must be there.
  let minimumWidth: Int
  /// Whether columns that the model looks at have names, all of them different.
  private let hasNames: Bool

  init(_ model: TreeModel) {
    let columns = model.input.columns
    count = columns.count
    isCategory = columns.map { column in
      if case .hashedText = column.kind { true } else { false }
    }
    var isUsed = [Bool](repeating: false, count: count)
    for ensemble in model.ensembles {
      for split in 0..<ensemble.splits.count {
        let slot = Int(ensemble.splits.slots[split])
        if slot < count { isUsed[slot] = true }
      }
    }
    for operation in model.operations {
      for slot in operation.operands where slot < count { isUsed[slot] = true }
    }
    self.isUsed = isUsed
    usedCount = isUsed.count { $0 }
    minimumWidth = max(1, (isCategory.lastIndex(of: true) ?? -1) + 1)
    hasNames = model.input.hasNames
  }

  /// How many places there are, the model's columns and those behind them.
  var placeCount: Int { 2 * count + 1 }

  /// For each place whether what is there is categories.
  var holdsCategories: [Bool] { isCategory + [false] + isCategory }

  /// The place of a column of the body that is none of those the model looks at.
  func sparePlace(_ position: Int) -> Int {
    position < count && isCategory[position] ? count + 1 + position : count
  }

  /// Whether the columns of `names` are found by name: the model's have names, all that it looks
  /// at are among `names`, and those are all different.
  func areFoundByName(_ names: [[UInt8]], in model: ColumnNames) -> Bool {
    guard hasNames, names.count >= usedCount else { return false }
    var found = 0
    for name in names {
      if let column = model.column(called: name.span), isUsed[column] { found += 1 }
    }
    return found == usedCount && Set(names).count == names.count
  }

  /// Where the columns of `names`, which are found by name, go.
  ///
  /// - Parameter isStrict: Whether a column must be at a position of its kind, and cells of
  ///   columns that the model does not look at are looked at.
  /// - Returns: Nil where a column is at a position of another kind.
  func order(of names: [[UInt8]], in model: ColumnNames, isStrict: Bool) -> ColumnOrder? {
    var places: [Int] = []
    var isInOrder = isStrict || names.count <= count
    for position in 0..<max(count, names.count) {
      let spare = isStrict ? sparePlace(position) : Self.ignored
      let name = position < names.count ? names[position] : []
      if !isStrict, position < names.count, position < count,
        !model.isName(name.span, ofColumn: position)
      {
        isInOrder = false
      }
      guard position < names.count, let column = model.column(called: name.span), isUsed[column]
      else {
        if position < count, isUsed[position] { isInOrder = false }
        places.append(spare)
        continue
      }
      let isCategoryHere = position < count && isCategory[position]
      if isStrict, isCategoryHere != isCategory[column] { return nil }
      if position != column { isInOrder = false }
      places.append(column)
    }
    if isInOrder { return .model }
    let others = isStrict ? count : Self.ignored
    while places.count > count, places.last == others { places.removeLast() }
    return .mapped(
      ColumnPlaces(
        places: places, others: others,
        far: (count..<places.count).filter { (0..<count).contains(places[$0]) }))
  }

  /// Why the model cannot take columns called `names`; nil if it can.
  ///
  /// - Parameter hasRows: Without rows no name is compared with the model's.
  func problem(
    of names: [[UInt8]], in model: ColumnNames, isStrict: Bool, hasRows: Bool = true
  ) -> String? {
    if names.isEmpty { return "There are no columns." }
    var seen = Set<[UInt8]>(minimumCapacity: names.count)
    for name in names where !name.isEmpty && !seen.insert(name).inserted {
      return "Two columns are called '\(Self.shown(name))'."
    }
    if !hasRows { return nil }
    if areFoundByName(names, in: model) {
      return order(of: names, in: model, isStrict: isStrict) == nil
        ? "A column of categories stands where the model has one of numbers, or one of numbers "
          + "where it has categories."
        : nil
    }
    return problem(ofWidth: names.count, in: model) ?? problem(ofPlacesOf: names, in: model)
  }

  /// Why the model cannot take rows of `width` columns by position; nil if it can.
  func problem(ofWidth width: Int, in model: ColumnNames) -> String? {
    guard let column = isUsed.lastIndex(of: true), column >= width else { return nil }
    return "Column '\(Self.shown(model.bytes(ofColumn: column)))' is missing."
  }

  private func problem(ofPlacesOf names: [[UInt8]], in model: ColumnNames) -> String? {
    guard hasNames else { return nil }
    for (column, name) in names.prefix(count).enumerated()
    where isUsed[column] && !name.isEmpty && !model.isName(name.span, ofColumn: column) {
      return "Column \(column) is called '\(Self.shown(name))', where the model has "
        + "'\(Self.shown(model.bytes(ofColumn: column)))'."
    }
    return nil
  }

  private static func shown(_ name: [UInt8]) -> String {
    PythonValue.shown(String(decoding: name, as: UTF8.self))
  }
}

/// Where the columns of a body go.
struct ColumnPlaces: Sendable, Equatable {
  /// For each column, the first ones at least that the model has.
  let places: [Int]
  /// Where all that come behind go.
  let others: Int
  /// The positions of columns of the model behind as many as it has.
  let far: [Int]

  subscript(position: Int) -> Int { position < places.count ? places[position] : others }
}
