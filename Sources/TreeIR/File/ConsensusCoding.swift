extension RecordWriter {
  mutating func write(_ consensus: Consensus) {
    write(consensus.method.rawValue)
    write(consensus.precision.rawValue)
    write(count: consensus.classes.count)
    for number in consensus.classes { write(number) }
    write(slots: consensus.candidates)
    write(count: consensus.segments.count)
    for segment in consensus.segments {
      write(slots: segment.shares)
      write(slots: segment.places)
      write(segment.predicate.map { UInt32($0) } ?? RecordReader.noSlot)
      write(segment.weight)
    }
    write(consensus.outputs)
  }
}

extension RecordReader {
  mutating func readConsensus() throws(ModelError) -> Consensus {
    let method = try readCase(Consensus.Method.self)
    let precision = try readCase(NumericProfile.Precision.self)
    var classes: [Double] = []
    for _ in 0..<(try readCount(ofElementsWidth: 8)) { classes.append(try readDouble()) }
    let candidates = try readSlots()
    var segments: [Consensus.Segment] = []
    for _ in 0..<(try readCount(ofElementsWidth: 20)) {
      segments.append(
        Consensus.Segment(
          shares: try readSlots(), places: try readSlots(), predicate: try readOptionalSlot(),
          weight: try readDouble()))
    }
    return Consensus(
      method, segments, classes: classes, candidates: candidates, precision: precision,
      outputs: try readRange())
  }
}
