import Testing

@Suite("PMML is scored as JPMML does", .timeLimit(.minutes(2)))
struct PMMLRulesTests {
  @Test("documents of one rule each", arguments: PMMLCase.subjects)
  func rules(subject: String) throws {
    let cases = try PMMLCase.all(subject)
    #expect(!cases.isEmpty)
    for pmml in cases {
      let check = PMMLAnswerCheck(ulps: PMMLDeviations.ulps[pmml.name] ?? 2)
      let outcome = try check.outcome(pmml)
      let known = PMMLDeviations.rows[pmml.name] ?? 0
      if outcome.count != known {
        Issue.record(
          "\(pmml.name): \(outcome.count) rows differ instead of \(known); \(outcome.first)")
      }
    }
  }

  @Test("every deviation that is listed has its case")
  func names() throws {
    let names = Set(try PMMLCase.subjects.flatMap { try PMMLCase.all($0).map(\.name) })
    let listed = Set(PMMLDeviations.rows.keys).union(PMMLDeviations.ulps.keys)
    #expect(listed.subtracting(names).isEmpty)
    #expect(names.count > 1800)
  }
}
