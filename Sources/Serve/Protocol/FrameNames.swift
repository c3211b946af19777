/// What the columns of a frame are called, for a library that looks at it.
enum FrameNames: Sendable, Equatable {
  /// As the model's, in its order.
  case model
  /// 0, 1, 2 and so on: nobody has named them.
  case numbered
  /// These names, in this order.
  case list([[UInt8]])
  /// Names that no library takes, and why.
  case refused(String)
}

extension ServedModel {
  /// Why the model does not take a frame with such names; nil if it does.
  ///
  /// XGBoost takes no two columns of the same name and none with a bracket or `<` in it. A model
  /// whose columns have names wants all of them and no others, in its order. Without `isStrict`
  /// any order will do: the columns have been put in order by then.
  func problem(of frame: Frame, isStrict: Bool) -> String? {
    if let bodyColumns { return problem(of: frame, bodyColumns, isStrict: isStrict) }
    switch frame.names {
    case .model:
      return nil
    case .refused(let reason):
      return reason
    case .numbered:
      guard rules.needsNames else { return nil }
      return problem(of: (0..<frame.columnCount).map { Array("\($0)".utf8) }, isStrict: isStrict)
        .map { _ in Self.namesNeeded }
    case .list(let list):
      if let problem = Self.problem(of: list) { return problem }
      return rules.needsNames ? problem(of: list, isStrict: isStrict) : nil
    }
  }

  /// The same, where columns are found by name.
  private func problem(
    of frame: Frame, _ columns: BodyColumns, isStrict: Bool
  ) -> String? {
    let list: [[UInt8]]
    switch frame.names {
    case .model: return nil
    case .refused(let reason): return reason
    case .numbered: list = (0..<frame.columnCount).map { Array("\($0)".utf8) }
    case .list(let names): list = names
    }
    return columns.problem(
      of: list, in: names, isStrict: isStrict, hasRows: frame.rowCount > 0)
  }

  /// What a client is told whose rows have no names where the model's columns have.
  static let namesNeeded =
    "The model's columns have names, and the rows have none. Send dataframe_split with columns, "
    + "dataframe_records, or text/csv."

  /// What XGBoost has against names, whatever the model's are.
  private static func problem(of list: [[UInt8]]) -> String? {
    var seen = Set<[UInt8]>(minimumCapacity: list.count)
    for name in list {
      if !seen.insert(name).inserted { return "Two columns are called '\(shown(name))'." }
      if name.contains(where: isForbidden) {
        return "XGBoost takes no [, ] or < in the name of a column: '\(shown(name))'."
      }
    }
    return nil
  }

  private static func isForbidden(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "<")
  }

  /// How names, all different, are other than the model's.
  private func problem(of list: [[UInt8]], isStrict: Bool) -> String? {
    // XGBoost's C interface ends a name at its first NUL.
    if names.areNames(list.map { Array($0.prefix { $0 != 0 }) }) { return nil }
    if order(of: list, isStrict: false) != nil {
      return isStrict ? "The columns are the model's, but in another order." : nil
    }
    return "The columns are not the model's: \(difference(list))."
  }

  private func difference(_ list: [[UInt8]]) -> String {
    let given = Set(list)
    var parts: [String] = []
    if let column = columns.indices.first(where: { !given.contains(names.bytes(ofColumn: $0)) }) {
      parts.append("'\(Self.shown(names.bytes(ofColumn: column)))' is missing")
    }
    if let other = list.first(where: { names.column(called: $0.span) == nil }) {
      parts.append("'\(Self.shown(other))' is not known")
    }
    return parts.joined(separator: ", ")
  }

  private static func shown(_ name: [UInt8]) -> String {
    PythonValue.shown(String(decoding: name, as: UTF8.self))
  }
}
