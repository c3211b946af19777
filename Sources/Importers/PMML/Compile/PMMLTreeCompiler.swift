import TreeIR

/// Turns a tree of PMML, whose nodes have any number of children with predicates of their own, into
/// a binary one that reaches the same results: also for missing values, and for rows that no child
/// wants.
///
/// A row is at a *position*: it has come to a node, or the children of a node from one on are still
/// to be tested. Where a test can be unknown and that leads elsewhere than both answers, the value
/// is first tested for being missing; where it leads to the same position as one of the answers, a
/// missing value is sent that way. What tests on the way have told is not asked again.
struct PMMLTreeCompiler {
  /// What a row finds at the end.
  enum Result: Hashable {
    /// The score of a node.
    case node(Int)
    /// No prediction.
    case missing
    /// The row is refused.
    case refused(String)
  }

  enum Strategy {
    case none
    case lastPrediction
    case nullPrediction
    case defaultChild
    /// Rows with an unknown test are refused.
    case refuse(String)
  }

  private enum Position: Hashable {
    case node(Int)
    /// The children of a node from one on, nil after the last.
    case children(of: Int, from: Int?)
    case result(Result)
  }

  private enum Step {
    case result(Result)
    /// The missing value goes left as the rule says.
    case split(Split, left: (Position, PMMLTreeFacts), right: (Position, PMMLTreeFacts))
    case setSplit(
      [Double], slot: Int, missing: MissingRule, left: (Position, PMMLTreeFacts),
      right: (Position, PMMLTreeFacts))
  }

  private let nodes: [PMMLNode]
  /// By node.
  private let tests: [PMMLNodeTest]
  private let strategy: Strategy
  private let returnsLast: Bool
  /// The position in the list of nodes of the first one here.
  private let first: Int
  private let limit: Int
  private let facts: PMMLTreeFacts

  /// - Parameters:
  ///   - nodes: Those of the tree, the root first.
  ///   - first: The root's position in the document; links count from the document's first node.
  ///   - tests: One a node.
  ///   - facts: What is known of all rows.
  init(
    _ nodes: [PMMLNode], first: Int, tests: [PMMLNodeTest], strategy: Strategy,
    returnsLast: Bool, limit: Int, facts: PMMLTreeFacts = PMMLTreeFacts()
  ) {
    (self.nodes, self.first, self.tests) = (nodes, first, tests)
    (self.strategy, self.returnsLast, self.limit) = (strategy, returnsLast, limit)
    self.facts = facts
  }

  /// The binary tree. `leaf` gives the values of a result, and `set` the number of a category set.
  ///
  /// - Throws: ``Fault`` where the tree would have too many splits.
  func compile(
    into draft: inout TreeDraft, leaf: (Result, inout LeafDraft) throws(Fault) -> Void,
    set: ([Double]) throws(Fault) -> Int
  ) throws(Fault) {
    draft.removeAll()
    var leafCount = 0
    // What is still to be made, and the link that leads there.
    var open: [(position: Position, facts: PMMLTreeFacts, parent: Int, isLeft: Bool)] = [
      (.node(first), facts, -1, false)
    ]
    // The root's own predicate is tested, too.
    open[0].position = .children(of: -1, from: first)
    while let next = open.popLast() {
      let link: Int32
      switch try step(next.position, next.facts) {
      case .result(let result):
        try leaf(result, &draft.leaves)
        link = ~Int32(leafCount)
        leafCount += 1
      case .split(let split, let left, let right):
        link = Int32(draft.splits.count)
        draft.splits.append(split)
        open.append((right.0, right.1, Int(link), false))
        open.append((left.0, left.1, Int(link), true))
      case .setSplit(let numbers, let slot, let missing, let left, let right):
        link = Int32(draft.splits.count)
        draft.splits.append(
          Split(
            slot: slot, condition: .inCategorySet, missing: missing,
            operand: .categorySet(try set(numbers))))
        open.append((right.0, right.1, Int(link), false))
        open.append((left.0, left.1, Int(link), true))
      }
      if link >= 0 {
        draft.left.append(0)
        draft.right.append(0)
      }
      if next.parent >= 0 {
        if next.isLeft { draft.left[next.parent] = link } else { draft.right[next.parent] = link }
      }
      guard draft.splits.count <= limit else {
        throw Fault(
          .limit, at: nil, key: "line \(nodes[0].line), Node",
          "the tree needs more than \(limit) binary splits", remedy: Remedy.raiseLimits)
      }
    }
  }

  // MARK: Positions

  private func node(_ number: Int) -> PMMLNode { nodes[number - first] }

  /// The position where a row is that needs no answer that is not known.
  private func settled(_ position: Position, _ facts: PMMLTreeFacts) -> Position {
    var position = position
    while true {
      switch position {
      case .result: return position
      case .node(let number):
        guard let child = node(number).firstChild else { return .result(.node(number)) }
        position = .children(of: number, from: child)
      case .children(let parent, nil):
        return .result(parent >= 0 && returnsLast ? .node(parent) : .missing)
      case .children(let parent, let child?):
        let nodeTest = tests[child - first]
        guard nodeTest.failures.allSatisfy({ facts.isChecked($0) }) else { return position }
        switch answer(nodeTest.test, facts) {
        case .yes: position = .node(child)
        case .no: position = .children(of: parent, from: node(child).nextSibling(parent))
        case .unknown: position = whereUnknown(parent, child)
        case .refused(let reason): return .result(.refused(reason))
        case .open: return position
        }
      }
    }
  }

  private enum Answer {
    case yes
    case no
    case unknown
    case refused(String)
    case open
  }

  private func answer(_ test: PMMLTest, _ facts: PMMLTreeFacts) -> Answer {
    switch test {
    case .always: return .yes
    case .never: return .no
    case .unknown: return .unknown
    case .refusal(let slot, let reason):
      guard let slot else { return .refused(reason) }
      return facts.isMissing(slot).map { $0 ? .unknown : .refused(reason) } ?? .open
    case .isMissing(let slot, let isNegated):
      return facts.isMissing(slot).map { $0 != isNegated ? .yes : .no } ?? .open
    case .compare(let slot, _, _), .isOneOf(let slot, _, _), .isTrue(let slot):
      if facts.isMissing(slot) == true { return .unknown }
      return facts.answer(test).map { $0 ? .yes : .no } ?? .open
    }
  }

  /// Where a row goes for which the predicate of a child is unknown.
  private func whereUnknown(_ parent: Int, _ child: Int) -> Position {
    guard parent >= 0 else { return .result(.missing) }
    switch strategy {
    case .none: return .children(of: parent, from: node(child).nextSibling(parent))
    case .lastPrediction: return .result(.node(parent))
    case .nullPrediction: return .result(.missing)
    case .refuse(let reason): return .result(.refused(reason))
    case .defaultChild:
      guard let id = node(parent).defaultChild else {
        return .result(.refused("a node has no defaultChild for a missing value"))
      }
      var child = node(parent).firstChild
      while let number = child {
        if node(number).id == id { return .node(number) }
        child = node(number).nextSibling
      }
      return .result(.refused("the defaultChild '\(id)' of a node is none of its children"))
    }
  }

  // MARK: Steps

  private func step(_ position: Position, _ facts: PMMLTreeFacts) throws(Fault) -> Step {
    let position = settled(position, facts)
    guard case .children(let parent, let child?) = position else {
      if case .result(let result) = position { return .result(result) }
      return .result(.missing)
    }
    let nodeTest = tests[child - first]
    if let failure = nodeTest.failures.first(where: { !facts.isChecked($0) }) {
      var checked = facts
      checked.setChecked(failure)
      return .split(
        Split(slot: failure, condition: .greater, missing: .right, operand: .threshold(0.5)),
        left: (.result(.refused("a derived field has no value for it")), facts),
        right: (position, checked))
    }
    switch nodeTest.test {
    case .always, .never, .unknown: return .result(.missing)
    case .refusal(let slot, _): return missingSplit(slot ?? 0, position, facts)
    case .isMissing(let slot, _): return missingSplit(slot, position, facts)
    case .compare(let slot, _, _), .isOneOf(let slot, _, _), .isTrue(let slot):
      return split(nodeTest.test, slot, position, parent, child, facts)
    }
  }

  /// Tests whether a value is missing, and nothing else.
  private func missingSplit(_ slot: Int, _ position: Position, _ facts: PMMLTreeFacts) -> Step {
    var (missing, present) = (facts, facts)
    missing.setMissing(slot, true)
    present.setMissing(slot, false)
    return .split(
      Split(
        slot: slot, condition: .lessOrEqual, missing: .right, operand: .threshold(.infinity)),
      left: (position, present), right: (position, missing))
  }

  private func split(
    _ test: PMMLTest, _ slot: Int, _ position: Position, _ parent: Int, _ child: Int,
    _ facts: PMMLTreeFacts
  ) -> Step {
    let next = Position.children(of: parent, from: node(child).nextSibling(parent))
    var (yes, no) = (facts, facts)
    if facts.isMissing(slot) == nil {
      yes.setMissing(slot, false)
      no.setMissing(slot, false)
    }
    yes.set(test, true)
    no.set(test, false)
    let yesPosition = settled(.node(child), yes)
    let noPosition = settled(next, no)
    if facts.isMissing(slot) == false {
      return step(test, slot, .right, (yesPosition, yes), (noPosition, no))
    }
    var missing = facts
    missing.setMissing(slot, true)
    let unknownPosition = settled(whereUnknown(parent, child), missing)
    // Rows with and without a value are together from there on.
    if unknownPosition == noPosition {
      no.forget(slot)
      return step(test, slot, .right, (yesPosition, yes), (noPosition, no))
    }
    if unknownPosition == yesPosition {
      yes.forget(slot)
      return step(test, slot, .left, (yesPosition, yes), (noPosition, no))
    }
    return missingSplit(slot, position, facts)
  }

  private func step(
    _ test: PMMLTest, _ slot: Int, _ missing: MissingRule,
    _ yes: (Position, PMMLTreeFacts), _ no: (Position, PMMLTreeFacts)
  ) -> Step {
    switch test {
    case .compare(_, let condition, let number):
      return .split(
        Split(slot: slot, condition: condition, missing: missing, operand: .threshold(number)),
        left: yes, right: no)
    case .isTrue:
      return .split(
        Split(slot: slot, condition: .greater, missing: missing, operand: .threshold(0.5)),
        left: yes, right: no)
    case .isOneOf(_, let numbers, let isNegated):
      let opposite: MissingRule = missing == .left ? .right : .left
      return isNegated
        ? .setSplit(numbers, slot: slot, missing: opposite, left: no, right: yes)
        : .setSplit(numbers, slot: slot, missing: missing, left: yes, right: no)
    case .always, .never, .unknown, .isMissing, .refusal: return .result(.missing)
    }
  }
}

extension PMMLNode {
  /// The next child of the same parent; the root has none, whatever follows it.
  fileprivate func nextSibling(_ parent: Int) -> Int? { parent < 0 ? nil : nextSibling }
}
