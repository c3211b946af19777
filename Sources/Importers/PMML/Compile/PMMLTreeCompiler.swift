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
    /// The score of a node, after so many answers that stood in for others.
    case node(Int, substitutes: Int)
    /// No prediction.
    case missing
    /// Several nodes, because a value is missing: what they come to is computed elsewhere.
    case several
    /// The row is refused.
    case refused
  }

  /// What is done where the predicate of a child is unknown.
  enum Strategy {
    case none
    case lastPrediction
    case nullPrediction
    case defaultChild
    /// The row goes to all children that it may belong to.
    case several
    /// Rows with an unknown test are refused.
    case refuse
  }

  private enum Place: Hashable {
    case node(Int)
    /// The children of a node from one on, nil after the last: `part` of the predicate of that one
    /// is asked next.
    case children(of: Int, from: Int?, part: Int)
    case result(Result)
  }

  private struct Position: Hashable {
    var place: Place
    /// How often an answer stood in for another that was unknown.
    var substitutes = 0

    init(_ place: Place, _ substitutes: Int) {
      (self.place, self.substitutes) = (place, substitutes)
    }

    static func result(_ result: Result) -> Position { Position(.result(result), 0) }
  }

  /// Which test is asked of a row.
  private struct TestPlace {
    /// Whose test it is, as a position in the lists of nodes and tests here.
    var child: Int
    /// The part of a surrogate predicate; nil where the whole predicate is asked.
    var part: Int?
  }

  /// What is asked of a row, and where it goes then.
  private struct Question {
    var asked: TestPlace
    var yes: Position
    var no: Position
    var unknown: Position
  }

  /// What an answer tells.
  private struct Lesson {
    /// Whether the value of a slot of which nothing was known is missing.
    var missing: (slot: Int, isMissing: Bool)?
    /// The answer to a test of a slot that is not missing.
    var answer: (place: TestPlace, holds: Bool)?
    /// A failure that has not happened.
    var checked: Int?
  }

  /// Where a row goes, and what is known of it then.
  private struct Way {
    var position: Position
    var lesson = Lesson()
  }

  /// A way that is still to be followed.
  private struct OpenWay {
    var way: Way
    /// What was known where it starts.
    var mark = 0
    /// The split that it leaves; -1 where it leads to the root.
    var parent = -1
    var isLeft = false
  }

  private enum Step {
    case result(Result)
    /// The missing value goes left as the rule says.
    case split(Split, left: Way, right: Way)
    case setSplit([Double], slot: Int, missing: MissingRule, left: Way, right: Way)
  }

  private let nodes: ArraySlice<PMMLNode>
  /// By node.
  private let tests: [PMMLNodeTest]
  private let strategy: Strategy
  private let returnsLast: Bool
  /// The position in the list of nodes of the first one here.
  private let first: Int
  private let limit: Int
  private let facts: PMMLTreeFacts
  /// Whether answers that stand in for others are counted.
  private let countsSubstitutes: Bool
  /// By node; empty where nobody asks.
  private let defaultChildren: [Int?]

  /// - Parameters:
  ///   - nodes: Those of the tree in the document's list, the root first.
  ///   - tests: One a node.
  ///   - facts: What is known of all rows.
  init(
    _ nodes: ArraySlice<PMMLNode>, tests: [PMMLNodeTest], strategy: Strategy,
    returnsLast: Bool, countsSubstitutes: Bool = false, limit: Int,
    facts: PMMLTreeFacts = PMMLTreeFacts()
  ) {
    (self.nodes, self.tests) = (nodes, tests)
    first = nodes.startIndex
    (self.strategy, self.returnsLast, self.limit) = (strategy, returnsLast, limit)
    (self.countsSubstitutes, self.facts) = (countsSubstitutes, facts)
    if case .defaultChild = strategy {
      defaultChildren = Self.defaultChildren(nodes)
    } else {
      defaultChildren = []
    }
  }

  /// By node, the child that it names for missing values, where it is one of its own.
  private static func defaultChildren(_ nodes: ArraySlice<PMMLNode>) -> [Int?] {
    var children = [Int?](repeating: nil, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      guard let id = node.defaultChild else { continue }
      var child = node.firstChild
      while let number = child {
        if nodes[number].id == id { children[place] = number }
        child = nodes[number].nextSibling
      }
    }
    return children
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
    var facts = self.facts
    // The root's own predicate is tested, too.
    var open = [OpenWay(way: Way(position: Position(.children(of: -1, from: first, part: 0), 0)))]
    while let next = open.popLast() {
      facts.forget(to: next.mark)
      learn(next.way.lesson, &facts)
      let mark = facts.mark
      let link: Int32
      var ways: (left: Way, right: Way)?
      // A tree that grows far beyond its nodes is asked some things twice, to grow no further.
      let isThrifty = draft.splits.count > 4 * nodes.count + 1024
      switch step(next.way.position, &facts, isThrifty: isThrifty) {
      case .result(let result):
        try leaf(result, &draft.leaves)
        link = ~Int32(leafCount)
        leafCount += 1
      case .split(let split, let left, let right):
        link = Int32(draft.splits.count)
        draft.splits.append(split)
        ways = (left, right)
      case .setSplit(let numbers, let slot, let missing, let left, let right):
        link = Int32(draft.splits.count)
        draft.splits.append(
          Split(
            slot: slot, condition: .inCategorySet, missing: missing,
            operand: .categorySet(try set(numbers))))
        ways = (left, right)
      }
      if let ways {
        draft.left.append(0)
        draft.right.append(0)
        open.append(OpenWay(way: ways.right, mark: mark, parent: Int(link), isLeft: false))
        open.append(OpenWay(way: ways.left, mark: mark, parent: Int(link), isLeft: true))
      }
      if next.parent >= 0 {
        if next.isLeft { draft.left[next.parent] = link } else { draft.right[next.parent] = link }
      }
      guard draft.splits.count <= limit else {
        throw Fault(
          .limit, at: nil, key: "line \(nodes[first].line), Node",
          "the tree needs more than \(limit) binary splits", remedy: Remedy.raiseLimits)
      }
    }
  }

  // MARK: Positions

  /// The next child of the same parent; the root has none, whatever follows it.
  private func nextSibling(of child: Int, _ parent: Int) -> Int? {
    parent < 0 ? nil : nodes[child].nextSibling
  }

  /// What is asked of a row at a position; nil at a result, which `position` then is.
  private func question(_ position: inout Position) -> Question? {
    while true {
      switch position.place {
      case .result: return nil
      case .node(let number):
        guard let child = nodes[number].firstChild else {
          position = .result(.node(number, substitutes: position.substitutes))
          return nil
        }
        position.place = .children(of: number, from: child, part: 0)
      case .children(let parent, nil, _):
        position = .result(
          parent >= 0 && returnsLast
            ? .node(parent, substitutes: position.substitutes) : .missing)
        return nil
      case .children(let parent, let child?, let part):
        return question(parent, child, part, position.substitutes)
      }
    }
  }

  private func question(
    _ parent: Int, _ child: Int, _ part: Int, _ substitutes: Int
  ) -> Question {
    let next = Place.children(of: parent, from: nextSibling(of: child, parent), part: 0)
    guard countsSubstitutes, !tests[child - first].parts.isEmpty else {
      return Question(
        asked: TestPlace(child: child - first),
        yes: Position(.node(child), substitutes), no: Position(next, substitutes),
        unknown: whereUnknown(parent, child, substitutes))
    }
    // The first part that is known decides; all but the first stand in for it.
    let count = substitutes + (part > 0 ? 1 : 0)
    return Question(
      asked: TestPlace(child: child - first, part: part),
      yes: Position(.node(child), count), no: Position(next, count),
      unknown: part + 1 < tests[child - first].parts.count
        ? Position(.children(of: parent, from: child, part: part + 1), substitutes)
        : whereUnknown(parent, child, substitutes))
  }

  private func test(_ place: TestPlace) -> PMMLTest {
    guard let part = place.part else { return tests[place.child].test }
    return tests[place.child].parts[part]
  }

  private func learn(_ lesson: Lesson, _ facts: inout PMMLTreeFacts) {
    if let (slot, isMissing) = lesson.missing { facts.learn(slot, isMissing: isMissing) }
    if let (place, holds) = lesson.answer { facts.learn(test(place), holds) }
    if let failure = lesson.checked { facts.learn(checked: failure) }
  }

  /// The slot that refuses the row when the question comes up, unless that has been seen to.
  private func openFailure(_ question: Question, _ facts: borrowing PMMLTreeFacts) -> Int? {
    for failure in tests[question.asked.child].failures where !facts.isChecked(failure) {
      return failure
    }
    return nil
  }

  /// The position where a row is that needs no answer that is not known.
  private func settled(_ position: Position, _ facts: PMMLTreeFacts) -> Position {
    var position = position
    while let question = question(&position) {
      guard openFailure(question, facts) == nil else { return position }
      switch answer(test(question.asked), facts) {
      case .yes: position = question.yes
      case .no: position = question.no
      case .unknown: position = question.unknown
      case .refused: return .result(.refused)
      case .open: return position
      }
    }
    return position
  }

  private enum Answer {
    case yes
    case no
    case unknown
    case refused
    case open
  }

  private func answer(_ test: PMMLTest, _ facts: PMMLTreeFacts) -> Answer {
    switch test {
    case .always: return .yes
    case .never: return .no
    case .unknown: return .unknown
    case .refusal(let slot, _):
      guard let slot else { return .refused }
      return facts.isMissing(slot).map { $0 ? .unknown : .refused } ?? .open
    case .isMissing(let slot, let isNegated):
      return facts.isMissing(slot).map { $0 != isNegated ? .yes : .no } ?? .open
    case .compare(let slot, _, _), .isOneOf(let slot, _, _), .isTrue(let slot):
      if facts.isMissing(slot) == true { return .unknown }
      return facts.answer(test).map { $0 ? .yes : .no } ?? .open
    }
  }

  /// Where a row goes for which the predicate of a child is unknown.
  private func whereUnknown(_ parent: Int, _ child: Int, _ substitutes: Int) -> Position {
    guard parent >= 0 else { return .result(.missing) }
    switch strategy {
    case .none:
      return Position(
        .children(of: parent, from: nextSibling(of: child, parent), part: 0), substitutes)
    case .lastPrediction: return .result(.node(parent, substitutes: substitutes))
    case .nullPrediction: return .result(.missing)
    case .several: return .result(.several)
    case .refuse: return .result(.refused)
    case .defaultChild:
      guard let child = defaultChildren[parent - first] else {
        // The node has none of its own.
        return .result(.refused)
      }
      return Position(.node(child), substitutes + (countsSubstitutes ? 1 : 0))
    }
  }

  // MARK: Steps

  private func step(
    _ position: Position, _ facts: inout PMMLTreeFacts, isThrifty: Bool
  ) -> Step {
    var position = settled(position, facts)
    guard let question = question(&position) else {
      if case .result(let result) = position.place { return .result(result) }
      return .result(.missing)
    }
    if let failure = openFailure(question, facts) {
      return .split(
        Split(slot: failure, condition: .greater, missing: .right, operand: .threshold(0.5)),
        left: Way(position: .result(.refused)),
        right: Way(position: position, lesson: Lesson(checked: failure)))
    }
    switch test(question.asked) {
    case .always, .never, .unknown: return .result(.missing)
    case .refusal(let slot, _): return missingSplit(slot ?? 0, position)
    case .isMissing(let slot, _): return missingSplit(slot, position)
    case .compare(let slot, _, _), .isOneOf(let slot, _, _), .isTrue(let slot):
      return split(question, slot, position, &facts, isThrifty: isThrifty)
    }
  }

  /// Tests whether a value is missing, and nothing else.
  private func missingSplit(_ slot: Int, _ position: Position) -> Step {
    .split(
      Split(
        slot: slot, condition: .lessOrEqual, missing: .right, operand: .threshold(.infinity)),
      left: Way(position: position, lesson: Lesson(missing: (slot, false))),
      right: Way(position: position, lesson: Lesson(missing: (slot, true))))
  }

  private func split(
    _ question: Question, _ slot: Int, _ position: Position, _ facts: inout PMMLTreeFacts,
    isThrifty: Bool
  ) -> Step {
    let test = test(question.asked)
    let isOpen = facts.isMissing(slot) == nil
    func way(_ position: Position, _ holds: Bool) -> Way {
      var lesson = Lesson(answer: (question.asked, holds))
      if isOpen { lesson.missing = (slot, false) }
      let mark = facts.mark
      defer { facts.forget(to: mark) }
      learn(lesson, &facts)
      return Way(position: settled(position, facts), lesson: lesson)
    }
    var yes = way(question.yes, true)
    var no = way(question.no, false)
    guard isOpen else { return step(test, slot, .right, yes, no) }
    if isThrifty, question.unknown == question.no {
      return step(
        test, slot, .right, yes, Way(position: settled(question.no, facts)))
    }
    let mark = facts.mark
    facts.learn(slot, isMissing: true)
    let unknown = settled(question.unknown, facts)
    facts.forget(to: mark)
    // Rows with and without a value are together from there on.
    if unknown == no.position {
      no.lesson = Lesson()
      return step(test, slot, .right, yes, no)
    }
    if unknown == yes.position {
      yes.lesson = Lesson()
      return step(test, slot, .left, yes, no)
    }
    return missingSplit(slot, position)
  }

  private func step(
    _ test: PMMLTest, _ slot: Int, _ missing: MissingRule, _ yes: Way, _ no: Way
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
