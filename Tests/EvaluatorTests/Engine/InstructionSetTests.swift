import Foundation
import Testing

@testable import Evaluator

@Suite struct InstructionSetTests {
  @Test func `Every processor has the baseline, and each set the ones below`() {
    let available = InstructionSet.available
    #expect(available.first == .baseline)
    #expect(available == available.sorted())
    #expect(Set(available).count == available.count)
    #expect(available == Array(InstructionSet.allCases.prefix(available.count)))
    #expect(InstructionSet.fastest == available.last)
  }

  @Test func `Names are those that TREEC_ISA takes`() {
    #expect(InstructionSet.allCases.map(\.rawValue) == ["sse2", "avx2", "avx512"])
    #expect(InstructionSet(rawValue: "AVX2") == nil)
    #expect(InstructionSet(rawValue: "") == nil)
  }

  @Test func `Sets are ordered by what they can do`() {
    #expect(InstructionSet.baseline < .avx2 && InstructionSet.avx2 < .avx512)
    #expect(!(InstructionSet.avx2 < .avx2))
  }

  @Test func `The environment chooses among those available`() {
    let value = ProcessInfo.processInfo.environment["TREEC_ISA"]
    #expect(InstructionSet.requestedName == (value == "" ? nil : value))
    let requested = value.flatMap(InstructionSet.init(rawValue:))
    if let requested, InstructionSet.available.contains(requested) {
      #expect(InstructionSet.current == requested)
    } else {
      #expect(InstructionSet.current == InstructionSet.fastest)
    }
  }
}
