/// Looks for a regular expression in a text, going back where a way leads nowhere, as Java does.
struct RegexMatcher {
  /// Looking takes longer than anyone should wait for.
  struct Exhausted: Error {}

  private let text: [Unicode.Scalar]
  /// Where groups begin and end, as far as they have been found.
  private(set) var groups: [Range<Int>?]
  private var steps = 0
  private var depth = 0

  private static let mostSteps = 2_000_000
  /// Of calls within each other: stacks of threads are small.
  private static let mostDepth = 2000

  init(_ text: [Unicode.Scalar], groupCount: Int) {
    self.text = text
    groups = Array(repeating: nil, count: groupCount + 1)
  }

  /// What comes after a node.
  private indirect enum Rest {
    case done
    /// A match must end here.
    case end(at: Int)
    case node(RegexNode, Rest)
    case closeGroup(Int, start: Int, Rest)
    /// A loop that has been through `count` times, the last from `start`.
    case loop(RegexNode, from: Int, upTo: Int, isLazy: Bool, count: Int, start: Int, Rest)
  }

  /// Finds the first place from `start` on where the expression is; its range is that of group 0.
  mutating func find(_ node: RegexNode, from start: Int) throws(Exhausted) -> Bool {
    guard start <= text.count else { return false }
    for position in start...text.count {
      for group in groups.indices { groups[group] = nil }
      if let end = try match(node, position, .done) {
        groups[0] = position..<end
        return true
      }
    }
    return false
  }

  /// Where a match of the node and the rest ends.
  private mutating func match(
    _ node: RegexNode, _ position: Int, _ rest: Rest
  ) throws(Exhausted) -> Int? {
    steps += 1
    depth += 1
    defer { depth -= 1 }
    guard steps <= Self.mostSteps, depth <= Self.mostDepth else { throw Exhausted() }
    switch node {
    case .sequence(let nodes):
      var rest = rest
      for node in nodes.dropFirst().reversed() { rest = .node(node, rest) }
      guard let first = nodes.first else { return try go(on: rest, position) }
      return try match(first, position, rest)
    case .alternatives(let nodes):
      for node in nodes { if let end = try match(node, position, rest) { return end } }
      return nil
    case .scalar(let set):
      guard position < text.count, set.contains(text[position]) else { return nil }
      return try go(on: rest, position + 1)
    case .lineBreak:
      guard position < text.count else { return nil }
      if text[position] == "\r", position + 1 < text.count, text[position + 1] == "\n",
        let end = try go(on: rest, position + 2)
      {
        return end
      }
      guard RegexSet.verticalBlanks.contains(text[position]) else { return nil }
      return try go(on: rest, position + 1)
    case .place(let place): return holds(place, position) ? try go(on: rest, position) : nil
    case .group(let node, let number):
      let before = groups[number]
      if let end = try match(node, position, .closeGroup(number, start: position, rest)) {
        return end
      }
      groups[number] = before
      return nil
    case .loop(let node, let from, let upTo, let greed):
      if greed == .possessive {
        guard
          let end = try match(.loop(node, from: from, upTo: upTo, .greedy), position, .done)
        else { return nil }
        return try go(on: rest, end)
      }
      if case .scalar(let set) = node {
        return try matchRun(of: set, from, upTo, isLazy: greed == .lazy, position, rest)
      }
      return try go(
        on: .loop(
          node, from: from, upTo: upTo, isLazy: greed == .lazy, count: 0, start: -1, rest),
        position)
    case .look(let node, let isAhead, let isNegative):
      let before = groups
      var isThere = false
      if isAhead {
        isThere = try match(node, position, .done) != nil
      } else {
        for start in (0...position).reversed() where !isThere {
          isThere = try match(node, start, .end(at: position)) != nil
        }
      }
      if isNegative || !isThere { groups = before }
      return isThere != isNegative ? try go(on: rest, position) : nil
    case .atomic(let node):
      guard let end = try match(node, position, .done) else { return nil }
      return try go(on: rest, end)
    case .backreference(let number, let ignoresCase):
      guard let range = groups[number], range.count <= text.count - position else { return nil }
      for (offset, index) in range.enumerated() {
        let (left, right) = (text[index], text[position + offset])
        guard left == right || (ignoresCase && left.otherCases.contains(right)) else { return nil }
      }
      return try go(on: rest, position + range.count)
    }
  }

  private mutating func go(on rest: Rest, _ position: Int) throws(Exhausted) -> Int? {
    switch rest {
    case .done: return position
    case .end(let end): return position == end ? position : nil
    case .node(let node, let rest): return try match(node, position, rest)
    case .closeGroup(let number, let start, let rest):
      let before = groups[number]
      groups[number] = start..<position
      if let end = try go(on: rest, position) { return end }
      groups[number] = before
      return nil
    case .loop(let node, let from, let upTo, let isLazy, let count, let start, let rest):
      // A round that takes nothing would go on for ever.
      let mayGoOn = count < upTo && (position != start || count < from)
      let again = Rest.loop(
        node, from: from, upTo: upTo, isLazy: isLazy, count: count + 1, start: position, rest)
      if count < from { return try match(node, position, again) }
      if isLazy {
        if let end = try go(on: rest, position) { return end }
        return mayGoOn ? try match(node, position, again) : nil
      }
      if mayGoOn, let end = try match(node, position, again) { return end }
      return try go(on: rest, position)
    }
  }

  /// A loop over single scalars, without a call for each.
  private mutating func matchRun(
    of set: RegexSet, _ from: Int, _ upTo: Int, isLazy: Bool, _ position: Int, _ rest: Rest
  ) throws(Exhausted) -> Int? {
    let most = min(upTo, text.count - position)
    guard most >= from else { return nil }
    var count = 0
    let wanted = isLazy ? from : most
    while count < wanted, set.contains(text[position + count]) { count += 1 }
    steps += count
    guard count >= from else { return nil }
    if isLazy {
      while true {
        if let end = try go(on: rest, position + count) { return end }
        guard count < most, set.contains(text[position + count]) else { return nil }
        count += 1
        steps += 1
      }
    }
    while true {
      if let end = try go(on: rest, position + count) { return end }
      guard count > from else { return nil }
      count -= 1
      steps += 1
    }
  }

  private func holds(_ place: RegexNode.Place, _ position: Int) -> Bool {
    switch place {
    case .start: return position == 0
    case .end: return position == text.count
    case .startOfLine:
      if position == 0 { return true }
      guard position < text.count, text[position - 1].isLineTerminator else { return false }
      return !(text[position - 1] == "\r" && text[position] == "\n")
    case .endOfLine: return position == text.count || isTerminator(at: position)
    case .endOrLastLine:
      if position == text.count { return true }
      guard isTerminator(at: position) else { return false }
      return position == text.count - 1
        || (position == text.count - 2 && text[position] == "\r" && text[position + 1] == "\n")
    case .wordBoundary, .noWordBoundary:
      let before = position > 0 && text[position - 1].isInWord
      let after = position < text.count && text[position].isInWord
      return (before != after) == (place == .wordBoundary)
    }
  }

  /// Whether a line terminator begins here; the second half of two scalars is none.
  private func isTerminator(at position: Int) -> Bool {
    guard text[position].isLineTerminator else { return false }
    return !(text[position] == "\n" && position > 0 && text[position - 1] == "\r")
  }
}
