import KernelViews
import TestSupport
import Testing

@testable import Evaluator

@Suite struct SharedProgramTests {
  private static let base = 40

  /// Chains of multiplexers that use a temporary over and over, as a tree's program does.
  private static func program(operations: Int, temporaries: Int, _ seed: UInt64) -> MuxProgram {
    var random = SeededGenerator(seed: seed)
    var program = MuxProgram()
    var written: [UInt32] = []
    for _ in 0..<operations {
      let sources = written + (2..<UInt32(base))
      let operation = MuxOperation(
        predicate: UInt32.random(in: 2..<UInt32(base), using: &random),
        a: sources.randomElement(using: &random) ?? 0,
        b: sources.randomElement(using: &random) ?? 0,
        destination: UInt32(base + Int.random(in: 0..<temporaries, using: &random)))
      program.operations.append(operation)
      if !written.contains(operation.destination) { written.append(operation.destination) }
    }
    program.outputs = [MuxProgram.ones, 7] + written
    program.temporaryCount = temporaries
    return program
  }

  private static func planes(_ count: Int) -> [UInt64] {
    var random = SeededGenerator(seed: 99)
    return [0, .max] + (2..<count).map { _ in UInt64.random(in: 0...(.max), using: &random) }
  }

  private static func outputs(of program: MuxProgram) -> [UInt64] {
    var planes = planes(base + program.temporaryCount)
    for step in program.operations {
      let (a, b) = (planes[Int(step.a)], planes[Int(step.b)])
      planes[Int(step.destination)] = a ^ (planes[Int(step.predicate)] & (a ^ b))
    }
    return program.outputs.map { planes[Int($0)] }
  }

  @Test func `Every tree has its own results after the shared program`() {
    var shared = SharedProgram(temporaryBase: Self.base)
    var programs = [(19, 4), (0, 0), (1, 1), (60, 9), (7, 2)].enumerated().map { number, size in
      Self.program(operations: size.0, temporaries: size.1, UInt64(number))
    }
    let alone = programs.map(Self.outputs)
    for place in programs.indices { shared.add(&programs[place]) }
    let temporaryCount = shared.temporaryCount
    #expect(shared.treeCount == 5 && temporaryCount == 16)
    var operations: [PlaneOperation] = []
    shared.write(to: &operations)
    #expect(shared.treeCount == 0 && shared.temporaryCount == 0)
    #expect(operations.count == 88 && operations.count % ProgramView.operationMultiple == 0)

    var planes = Self.planes(Self.base)
    planes += [UInt64](repeating: 0, count: temporaryCount)
    for step in operations {
      let (a, b) = (planes[Int(step.onFalse)], planes[Int(step.onTrue)])
      planes[Int(step.destination)] = a ^ (planes[Int(step.predicate)] & (a ^ b))
    }
    for (program, alone) in zip(programs, alone) {
      #expect(program.outputs.map { planes[Int($0)] } == alone)
    }
  }

  @Test func `Operations of two trees take turns`() {
    var shared = SharedProgram(temporaryBase: Self.base)
    var long = Self.program(operations: 8, temporaries: 1, 1)
    var short = Self.program(operations: 4, temporaries: 1, 2)
    shared.add(&long)
    shared.add(&short)
    var operations: [PlaneOperation] = []
    shared.write(to: &operations)
    let ofShort = operations.prefix(12).indices.filter {
      operations[$0].destination == UInt16(Self.base + 1)
    }
    #expect(ofShort == [1, 4, 7, 10])
  }

  @Test func `Trees share a program as long as it is small`() {
    var shared = SharedProgram(temporaryBase: Self.base)
    var large = Self.program(operations: 0, temporaries: 1, 1)
    large.temporaryCount = 200
    #expect(shared.hasRoom(for: large))
    shared.add(&large)
    #expect(!shared.hasRoom(for: large))
    var small = Self.program(operations: 3, temporaries: 1, 1)
    for _ in 1..<16 {
      #expect(shared.hasRoom(for: small))
      shared.add(&small)
    }
    #expect(!shared.hasRoom(for: small))
  }

  @Test func `Trees without operations have no program`() {
    var shared = SharedProgram(temporaryBase: Self.base)
    var none = Self.program(operations: 0, temporaries: 0, 1)
    shared.add(&none)
    var operations: [PlaneOperation] = []
    shared.write(to: &operations)
    #expect(operations.isEmpty)
  }
}
