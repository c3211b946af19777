extension PMMLPredicate {
  /// The predicate that an element is.
  ///
  /// - Throws: ``Fault`` if it is none, or lacks something.
  init(_ element: XMLElement) throws(Fault) {
    switch element.name {
    case "True": self = .always
    case "False": self = .never
    case "SimplePredicate":
      let name = try element.required("operator")
      guard let comparison = Comparison(rawValue: name) else {
        throw element.unknown("operator", name)
      }
      self = .simple(field: try element.required("field"), comparison, value: element["value"])
    case "SimpleSetPredicate":
      let name = try element.required("booleanOperator")
      guard name == "isIn" || name == "isNotIn" else {
        throw element.unknown("booleanOperator", name)
      }
      guard let array = element.child("Array") else {
        throw element.fault("the set has no Array")
      }
      self = .set(
        field: try element.required("field"), isIn: name == "isIn",
        items: try Self.items(of: array))
    case "CompoundPredicate":
      let name = try element.required("booleanOperator")
      guard let connective = Connective(rawValue: name) else {
        throw element.unknown("booleanOperator", name)
      }
      var parts: [PMMLPredicate] = []
      for child in element.children { parts.append(try PMMLPredicate(child)) }
      guard parts.count >= 2 else {
        throw element.fault("\(name) combines \(parts.count) predicates; it takes two or more")
      }
      self = .compound(connective, parts)
    default: throw element.fault("this is no predicate that treec knows", .unsupported)
    }
  }

  /// The items of an Array: separated by blanks; in quotation marks they may hold blanks, and
  /// quotation marks behind a backslash.
  static func items(of array: XMLElement) throws(Fault) -> [PMMLArrayItem] {
    var items: [PMMLArrayItem] = []
    var item = ""
    var isQuoted = false
    var isOpen = false
    var characters = array.text.unicodeScalars.makeIterator()
    var next = characters.next()
    while let scalar = next {
      next = characters.next()
      if isQuoted {
        if scalar == "\\", next == "\"" {
          item.unicodeScalars.append("\"")
          next = characters.next()
        } else if scalar == "\"" {
          items.append(PMMLArrayItem(text: item))
          (item, isQuoted) = ("", false)
        } else {
          item.unicodeScalars.append(scalar)
        }
      } else if scalar == "\"" {
        if isOpen { items.append(PMMLArrayItem(text: item)) }
        (item, isOpen, isQuoted) = ("", false, true)
      } else if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
        if isOpen { items.append(PMMLArrayItem(text: item)) }
        (item, isOpen) = ("", false)
      } else {
        item.unicodeScalars.append(scalar)
        isOpen = true
      }
    }
    if isOpen { items.append(PMMLArrayItem(text: item)) }
    if let count = array["n"], Int(count) != items.count {
      throw array.fault("the array has \(items.count) items, but n is \(count)")
    }
    return items
  }
}

extension XMLElement {
  /// The value of an attribute that must be there.
  func required(_ attribute: String) throws(Fault) -> String {
    guard let value = self[attribute] else {
      throw fault("the attribute '\(attribute)' is not there")
    }
    return value
  }

  func unknown(_ attribute: String, _ value: String) -> Fault {
    fault("\(attribute) '\(value.clipped)' is unknown", .unsupported)
  }

  /// A failure at the element.
  func fault(
    _ message: String, _ code: ImportError.Code = .invalid, feature: String? = nil,
    remedy: String = "Correct the file, or have it written anew"
  ) -> Fault {
    Fault(
      code, at: nil, key: "line \(line), \(name.clipped)", feature: feature, message, remedy: remedy
    )
  }
}
